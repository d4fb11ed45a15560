using System.Globalization;
using System.Text.RegularExpressions;

namespace LibKqueueSharp.Samples.Tests;

[Platform("Linux")]
public sealed partial class ChildSupervisorTests
{
    [Test]
    public void KilledChildIsStartedAgain()
    {
        using Sample supervisor = new("ChildSupervisor", "sleep 1000", "sleep 1001");
        int first = Started(supervisor, "sleep 1000");
        int other = Started(supervisor, "sleep 1001");
        Sample.Send("KILL", first);
        supervisor.Take("sleep 1000: ended by signal 9, starts again in 0.1 s");
        int second = Started(supervisor, "sleep 1000");
        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(IsThere(other), Is.True, supervisor.ToString());

        supervisor.Send("TERM");
        supervisor.Take("all have ended");
        Assert.That(supervisor.WaitForExit(), Is.Zero, supervisor.ToString());
        Assert.That(IsThere(second) || IsThere(other), Is.False, supervisor.ToString());
    }

    [Test]
    public void PauseDoublesWhileItKeepsEndingSoon()
    {
        using Sample supervisor = new("ChildSupervisor", "sh -c 'exit 3'");
        foreach (string pause in new[] { "0.1", "0.2", "0.4", "0.8" })
            supervisor.Take($"sh -c 'exit 3': exited with 3, starts again in {pause} s");
        supervisor.Send("INT");
        Assert.That(supervisor.WaitForExit(), Is.Zero, supervisor.ToString());
    }

    [Test]
    public void ChildThatIgnoresTheSignalIsKilledInTheEnd()
    {
        using Sample supervisor = new("ChildSupervisor", "sh -c 'trap \"\" TERM; while :; do sleep 0.1; done'", "sleep 1000");
        int stubborn = Started(supervisor, "sh");
        int other = Started(supervisor, "sleep 1000");
        Assert.That(() => Ignores(stubborn, 15), Is.True.After(60).Seconds.PollEvery(20).MilliSeconds);
        supervisor.Send("TERM");
        supervisor.Take("sleep 1000: ended by signal 15");
        supervisor.Take(line => line.EndsWith("ended by signal 9", StringComparison.Ordinal));
        Assert.That(supervisor.WaitForExit(), Is.Zero, supervisor.ToString());
        Assert.That(IsThere(stubborn) || IsThere(other), Is.False, supervisor.ToString());
    }

    [Test]
    public void NothingToRunIsWrongUsage()
    {
        using Sample supervisor = new("ChildSupervisor");
        Assert.That(supervisor.WaitForExit(), Is.EqualTo(2));
    }

    private static int Started(Sample supervisor, string command)
    {
        string line = supervisor.Take(l => l.StartsWith(command, StringComparison.Ordinal) && l.Contains(": started", StringComparison.Ordinal));
        return int.Parse(LastNumber().Match(line).Value, CultureInfo.InvariantCulture);
    }

    private static bool IsThere(int process) => Directory.Exists($"/proc/{process}");

    private static bool Ignores(int process, int signal)
    {
        string line = File.ReadAllLines($"/proc/{process}/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal));
        ulong ignored = ulong.Parse(line.AsSpan("SigIgn:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (ignored >> (signal - 1) & 1) != 0;
    }

    [GeneratedRegex(@"\d+$")]
    private static partial Regex LastNumber();
}
