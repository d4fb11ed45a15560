using System.Diagnostics;
using System.Text.Json;

namespace LibKqueueSharp.Kq.Tests;

public sealed class WatchTests
{
    [Test]
    public void TimerLinesAreJsonAndNeverEarly()
    {
        KqResult result = KqProcess.Run("watch", "--json", "--timer", "10ms", "--count", "3");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        JsonElement[] lines = result.JsonLines;
        Assert.That(lines, Has.Length.EqualTo(3), result.ToString());

        long periods = 0;
        foreach (JsonElement line in lines)
        {
            periods += line.GetProperty("data").GetInt64();
            Assert.That(line.GetProperty("kind").GetString(), Is.EqualTo("event"), result.ToString());
            Assert.That(line.GetProperty("filter").GetString(), Is.EqualTo("EVFILT_TIMER"), result.ToString());
            Assert.That(line.GetProperty("name").GetString(), Is.EqualTo("timer 10ms"), result.ToString());
            Assert.That(line.GetProperty("flags").EnumerateArray().Select(f => f.GetString()), Is.EqualTo(new[] { "EV_CLEAR" }), result.ToString());
            Assert.That(line.GetProperty("elapsed").GetDouble(), Is.GreaterThanOrEqualTo(0.010 * periods), result.ToString());
            Assert.That(line.TryGetProperty("error", out _), Is.False, result.ToString());
        }
    }

    [Test]
    public void SeveralTimersKeepTheirNames()
    {
        KqResult result = KqProcess.Run("watch", "--json", "--timer", "20ms", "--timer", "30000us", "--for", "1s");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(
            result.JsonLines.Select(l => (l.GetProperty("name").GetString(), l.GetProperty("ident").GetInt32())).Distinct(),
            Is.EquivalentTo(new[] { ("timer 20ms", 1), ("timer 30000us", 2) }),
            result.ToString());
    }

    [Test]
    public void TextIsALineAnEvent()
    {
        KqResult result = KqProcess.Run("watch", "--timer", "10ms", "--count", "2");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Lines, Has.Length.EqualTo(3), result.ToString());
        Assert.That(result.Lines[1..], Has.All.Match(@"^ +\d+\.\d{3}  TIMER +timer 10ms +EV_CLEAR +\d+  period"), result.ToString());
    }

    [Test]
    public void StandardInputIsReadToItsEnd()
    {
        KqResult result = KqProcess.RunWithInput("hello", "watch", "--stdin", "--json");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.JsonLines.Sum(l => l.GetProperty("data").GetInt64()), Is.EqualTo(5), result.ToString());
        Assert.That(
            result.JsonLines[^1].GetProperty("flags").EnumerateArray().Select(f => f.GetString()), Has.Member("EV_EOF"), result.ToString());
    }

    [Test]
    public void DescriptorsAreNotRead()
    {
        KqResult result = KqProcess.RunWithInput("hello", "watch", "--read", "0", "--json", "--count", "1");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        JsonElement last = result.JsonLines[^1];
        Assert.That(last.GetProperty("name").GetString(), Is.EqualTo("descriptor 0"), result.ToString());
        Assert.That(last.GetProperty("data").GetInt64(), Is.EqualTo(5), result.ToString());
    }

    [Test]
    public void RefusedRegistrationIsNamedWithItsErrno()
    {
        KqResult result = KqProcess.Run("watch", "--read", "9999");
        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Error, Does.Contain("refused with EBADF: EVFILT_READ of descriptor 9999"), result.ToString());
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void DescriptorsOfTheRuntimeAreNotWatched()
    {
        KqResult result = KqProcess.Run("watch", "--read", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15");
        Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
        Assert.That(result.Error, Does.Match(@"descriptor \d+ is kq's own"), result.ToString());
    }

    [Test]
    public void RefusalLeavesTheOthersAlone()
    {
        KqResult result = KqProcess.Run("watch", "--json", "--write", "9999", "9998", "--timer", "10ms", "--count", "1");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(
            result.JsonLines.Select(l => (l.GetProperty("kind").GetString(), l.GetProperty("ident").GetInt32())),
            Is.EqualTo(new[] { ("refused", 9999), ("refused", 9998), ("event", 1) }),
            result.ToString());
        Assert.That(result.JsonLines[0].GetProperty("error").GetString(), Is.EqualTo("EBADF"), result.ToString());
    }

    [Test]
    public void EndsAfterItsTimeWithoutAnyEvent()
    {
        KqResult result = KqProcess.Run("watch", "--json", "--timer", "1000s", "--for", "50ms");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Lines, Is.Empty, result.ToString());
    }

    [Test]
    public void EndsAfterItsTimeAmongManyEvents()
    {
        KqResult result = KqProcess.Run("watch", "--json", "--timer", "1us", "--for", "200ms");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Lines, Is.Not.Empty, result.ToString());
    }

    [Test]
    public void EndsWhenNobodyReadsTheOutputAnyMore()
    {
        using Process process = KqProcess.Start("watch", "--timer", "10ms");
        Assert.That(process.StandardOutput.ReadLine(), Is.Not.Null);
        process.StandardOutput.Close();
        Assert.That(KqProcess.WaitForExit(process), Is.Zero);
    }

    [TestCase("INT")]
    [TestCase("TERM")]
    [Platform("Linux")]
    public void EndsWithZeroOnASignal(string signal)
    {
        using Process process = KqProcess.StartWithSignals(
            "--default-signal=INT,TERM", "watch", "--timer", "10ms", "--timer", "1000s");
        Assert.That(process.StandardOutput.ReadLine(), Is.Not.Null);
        Task<string> rest = process.StandardOutput.ReadToEndAsync();
        Send(signal, process);
        Assert.That(KqProcess.WaitForExit(process), Is.Zero, rest.Result);
    }

    [Test]
    [Platform("Linux")]
    public void IgnoresASignalThatWasIgnoredAtItsStart()
    {
        using Process process = KqProcess.StartWithSignals("--ignore-signal=INT", "watch", "--timer", "10ms");
        Assert.That(process.StandardOutput.ReadLine(), Is.Not.Null);
        Send("INT", process);
        for (int i = 0; i < 20; i++)
            Assert.That(process.StandardOutput.ReadLine(), Is.Not.Null, $"line {i} after SIGINT");
        Task<string> rest = process.StandardOutput.ReadToEndAsync();
        Send("TERM", process);
        Assert.That(KqProcess.WaitForExit(process), Is.Zero, rest.Result);
    }

    private static void Send(string signal, Process process)
    {
        using Process kill = Process.Start("kill", ["-s", signal, $"{process.Id}"]);
        kill.WaitForExit();
        Assert.That(kill.ExitCode, Is.Zero);
    }
}
