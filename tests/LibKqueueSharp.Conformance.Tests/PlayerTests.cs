using System.Runtime.Versioning;

namespace LibKqueueSharp.Conformance.Tests;

[Platform(Exclude = "Win"), UnsupportedOSPlatform("windows")]
public sealed class PlayerTests
{
    private static readonly ScenarioSuite s_suite = ScenarioSuite.Load();

    [TestCase("user_basic")]
    [TestCase("user_clear")]
    public void BackendThatAnswersLikeTheTracePasses(string name)
    {
        ScenarioResult result = Run(name, TraceSystem.FreeBsd13, new FakeBackend());
        Assert.That(result.Outcome, Is.EqualTo(ScenarioOutcome.Passed), result.ToString());
    }

    [Test]
    public void BackendThatForgetsToClearFailsOnTheLine()
    {
        ScenarioResult result = Run("user_clear", TraceSystem.FreeBsd13, new FakeBackend(forgetsToClear: true));
        Assert.That(result.Outcome, Is.EqualTo(ScenarioOutcome.Failed), result.ToString());
        Assert.That(result.Differences[0].Line, Is.EqualTo(6), result.ToString());
        Assert.That(result.ToString(), Does.Contain("kevent k max=8 timeout=0").And.Contain("1 EVFILT_USER is too much"));
    }

    [Test]
    public void ScenarioThatTheSystemDidNotPlayIsSkippedWithTheReason()
    {
        ScenarioResult result = Run("user_clear", TraceSystem.OpenBsd51, new FakeBackend());
        Assert.That(result.Outcome, Is.EqualTo(ScenarioOutcome.Skipped));
        Assert.That(result.Remarks, Is.EqualTo((string[])["openbsd51 was not recorded playing it"]));
    }

    [Test]
    public void ExceptionOfABackendIsItsAnswer()
    {
        Playback playback = Play("kq k\npipe p\nadd k read p.r EV_ADD", new FakeBackend());
        Assert.That(playback.Lines[2].Answer.ToString(), Is.EqualTo("-1 NotSupportedException: user events only"));
    }

    [Test]
    public void NameThatIsNoQueueIsBadDescriptor()
    {
        Playback playback = Play("pipe p\nadd p.r user 1 EV_ADD\nadd 999 user 1 EV_ADD\nkevent p.r max=1\nkq k\nclose k\nkevent k max=1", new FakeBackend());
        Assert.That(
            playback.Lines.Select(l => l.Answer.ToString()),
            Is.EqualTo((string[])["0", "-1 EBADF", "-1 EBADF", "-1 EBADF", "0", "0", "-1 EBADF"]));
    }

    [Test]
    public void UnknownNamesAreSkippedWithTheReason()
    {
        Playback playback = Play("kq k\nadd k user 1 EV_WHATEVER\nadd k user 1 EV_ADD fflags=NOTE_WRITE\nadd k nothing 1 EV_ADD\nadd k user x EV_ADD", new FakeBackend());
        Assert.That(
            playback.Lines.Skip(1).Select(l => l.Answer.Skip),
            Is.EqualTo((string[])["there is no flag 'EV_WHATEVER'", "the filter has no 'NOTE_WRITE'", "there is no filter 'nothing'", "'x' stands for nothing"]));
    }

    [Test]
    public void ChangesPutAsideGoWithTheNextCallOnly()
    {
        Playback playback = Play(
            "kq k\nqueue k user 1 EV_ADD\nqueue k user 1 0 fflags=NOTE_TRIGGER udata=5\nkevent k max=8 timeout=0\nqueue k user 1 EV_DELETE\nkevent k max=8 timeout=0\nkevent k max=8 timeout=0",
            new FakeBackend());
        Assert.That(
            playback.Lines.Select(l => l.Answer.ToString()),
            Is.EqualTo((string[])["0", "1 put aside", "2 put aside", "1 [{1 EVFILT_USER flags=0 fflags=0 data=0 udata=5}]", "1 put aside", "0 []", "0 []"]));
    }

    [Test]
    public void AllQueuesAreClosedAtTheEnd()
    {
        FakeBackend backend = new();
        _ = Play("kq k\nkq j\nkq k", backend);
        Assert.That(backend.OpenQueues, Is.Zero);
    }

    [Test]
    public void AbsoluteDataIsWallTimeInMilliseconds()
    {
        long before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Playback playback = Play("kq k\nadd k user 1 EV_ADD data=abs+1000\nadd k user 1 0 fflags=NOTE_TRIGGER data=abs+1000\nkevent k max=1 timeout=0", new FakeBackend());
        long data = long.Parse(playback.Lines[3].Answer.Events!.Single().Data);
        Assert.That(data, Is.InRange(before + 1000, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 1000));
    }

    private static Playback Play(string script, KqueueBackend backend) =>
        new ScenarioPlayer(backend, Dialect.FreeBsd, () => new PosixHost()).Play(Scenario.Parse("script", script));

    private static ScenarioResult Run(string name, TraceSystem system, KqueueBackend backend) =>
        s_suite.Run(s_suite.Find(name)!, system, backend, () => new PosixHost());
}
