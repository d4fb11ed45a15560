using System.Diagnostics;
using System.Text.Json;

namespace LibKqueueSharp.Kq.Tests;

[Platform("Linux")]
public sealed class WatchSignalTests
{
    [TestCase("USR1", "SIGUSR1", 10)]
    [TestCase("SIGUSR1", "SIGUSR1", 10)]
    [TestCase("usr1", "SIGUSR1", 10)]
    [TestCase("10", "SIGUSR1", 10)]
    [TestCase("RTMIN+3", "SIGRTMIN+3", 37)]
    [TestCase("SIGRTMAX-1", "SIGRTMIN+29", 63)]
    [TestCase("64", "SIGRTMIN+30", 64)]
    public void NamesAndNumbersAreUnderstood(string text, string name, int number)
    {
        Assert.That(SignalNames.TryParse(text, out int parsed), Is.True);
        Assert.That(parsed, Is.EqualTo(number));
        Assert.That(SignalNames.Of(number), Is.EqualTo(name));
    }

    [TestCase("")]
    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("FROB")]
    [TestCase("INT,TERM")]
    [TestCase("RTMIN+31")]
    [TestCase("RTMIN-1")]
    [TestCase("RTMAX+1")]
    [TestCase("RTMIN+")]
    public void OtherWordsAreNoSignals(string text) => Assert.That(SignalNames.TryParse(text, out _), Is.False);

    [TestCase(0, "exited with 0")]
    [TestCase(3 << 8, "exited with 3")]
    [TestCase(255 << 8, "exited with 255")]
    [TestCase(9, "ended by SIGKILL")]
    [TestCase(11 | 128, "ended by SIGSEGV, with a core file")]
    [TestCase(37, "ended by SIGRTMIN+3")]
    public void WaitStatusIsToldInWords(int status, string words) => Assert.That(WaitStatus.Describe(status), Is.EqualTo(words));

    [Test]
    public void SignalsAreShownAndHaveNoOtherEffect()
    {
        using WatchSession watch = new("--signal", "USR1", "SIGHUP", "--signal", "RTMIN+2");
        foreach (string name in new[] { "SIGUSR1", "SIGHUP", "SIGRTMIN+2" })
        {
            watch.Send(name[3..]);
            JsonElement line = watch.Take(line => WatchSession.IsOf(line, name));
            Assert.That(line.GetProperty("filter").GetString(), Is.EqualTo("EVFILT_SIGNAL"), line.ToString());
            Assert.That(line.GetProperty("data").GetInt64(), Is.EqualTo(1), line.ToString());
        }

        Assert.That(watch.End(), Is.Empty);
    }

    [Test]
    public void WatchedInterruptIsShownAndTerminateEnds()
    {
        using WatchSession watch = new("--signal", "INT");
        watch.Send("INT");
        watch.Take(line => WatchSession.IsOf(line, "SIGINT"));
        watch.Send("INT");
        watch.Take(line => WatchSession.IsOf(line, "SIGINT"));
        Assert.That(watch.End(), Does.Contain("SIGINT is watched; SIGTERM or SIGQUIT ends this"));
    }

    [Test]
    public void QuitEndsWhenInterruptAndTerminateAreWatched()
    {
        using WatchSession watch = new("--signal", "INT", "TERM");
        watch.Send("TERM");
        watch.Take(line => WatchSession.IsOf(line, "SIGTERM"));
        Assert.That(watch.End("QUIT"), Does.Contain("SIGINT and SIGTERM are watched; SIGQUIT ends this"));
    }

    [Test]
    public void InterruptThatWasIgnoredAtTheStartIsCounted()
    {
        using Process process = KqProcess.StartWithSignals("--ignore-signal=INT", "watch", "--signal", "INT", "--timer", "10ms", "--for", "60s");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string line = "";
        while (!line.Contains("timer 10ms", StringComparison.Ordinal))
            line = process.StandardOutput.ReadLine() ?? throw new AssertionException($"it ended: {errors.Result}");
        using (Process kill = Process.Start("kill", ["-s", "INT", $"{process.Id}"]))
            kill.WaitForExit();
        while (!line.Contains("SIGINT", StringComparison.Ordinal))
            line = process.StandardOutput.ReadLine() ?? throw new AssertionException($"it ended: {errors.Result}");
        process.StandardOutput.Close();
        Assert.That(KqProcess.WaitForExit(process), Is.Zero, errors.Result);
        Assert.That(line, Does.Contain("SIGNAL"));
    }

    [Test]
    public void SignalsThatCannotBeWatchedAreRefused()
    {
        KqResult result = KqProcess.Run("watch", "--signal", "KILL", "SEGV", "99");
        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(
            result.Error,
            Does.Contain("EINVAL: EVFILT_SIGNAL of SIGKILL").And.Contain("ENOTSUP: EVFILT_SIGNAL of SIGSEGV").And.Contain("EINVAL: EVFILT_SIGNAL of signal 99"),
            result.ToString());
    }
}
