using System.Diagnostics;
using LibKqueueSharp.Kq.Demo;

namespace LibKqueueSharp.Kq.Tests;

public sealed class DemoTests
{
    private static readonly TimeSpan s_shortPatience = TimeSpan.FromMilliseconds(50);

    [Test]
    public void EndsWithZeroAndShowsEachServedFilter()
    {
        long start = Stopwatch.GetTimestamp();
        KqResult result = KqProcess.Run("demo");
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(elapsed, Is.LessThan(TimeSpan.FromSeconds(30)), result.ToString());
        Assert.That(result.LastLine, Does.Match(@"^All as it must be: \d+ parts, \d+ events"), result.ToString());
        foreach (string filter in new[] { "READ", "WRITE", "TIMER", "USER", "EXCEPT", "EMPTY", "VNODE", "PROC", "PROCDESC", "SIGNAL" })
            Assert.That(result.Output, Does.Match($@"(?m)^ +\d+\.\d{{3}}  {filter} "), result.ToString());
        Assert.That(
            result.Output,
            Does.Match(@"(?m)^ +\d+\.\d{3}  FS ").Or.Contain("left out: EVFILT_FS is served, but mounting takes rights that this process lacks"),
            result.ToString());
        Assert.That(result.Output, Does.Not.Contain('\u001b'), "plain text, because it goes to a pipe");
    }

    [Test]
    public void MissingEventIsNamedAndEndsWithOne()
    {
        (int code, string text) = Play(Kqueue.DefaultBackend, new OneEventAct("silent", triggers: false));
        Assert.That(code, Is.EqualTo(1), text);
        Assert.That(text, Does.Contain("silent: no User event of the bell (it rings) within 0.1 s; nothing came"), text);
    }

    [Test]
    public void WrongEventIsShownAndNamed()
    {
        (int code, string text) = Play(Kqueue.DefaultBackend, new OneEventAct("wrong number", triggers: true, data: 8));
        Assert.That(code, Is.EqualTo(1), text);
        Assert.That(text, Does.Match(@"wrong number: no User event of the bell .* the last event was the bell \{.*data=8"), text);
    }

    [Test]
    public void EventThatMustNotComeIsAFailure()
    {
        (int code, string text) = Play(Kqueue.DefaultBackend, new OneEventAct("loud", triggers: true, mustBeSilent: true));
        Assert.That(code, Is.EqualTo(1), text);
        Assert.That(text, Does.Contain("an event came that must not: the bell"), text);
    }

    [Test]
    public void PartsAfterAFailureArePlayed()
    {
        (int code, string text) = Play(
            Kqueue.DefaultBackend, new OneEventAct("silent", triggers: false), new OneEventAct("loud", triggers: true));
        Assert.That(code, Is.EqualTo(1), text);
        Assert.That(text, Does.Contain("1 of 2 parts").And.Match("USER +the bell .* it rings"), text);
    }

    [Test]
    public void PartThatTheSystemRefusesIsLeftOutWithTheReason()
    {
        (int code, string text) = Play(Kqueue.DefaultBackend, new RefusedAct(), new OneEventAct("loud", triggers: true));
        Assert.That(code, Is.Zero, text);
        Assert.That(text, Does.Contain("left out: nobody may do this"), text);
        Assert.That(text, Does.Contain("1 parts, 1 events").And.Contain("1 left out"), text);
    }

    [Test]
    public void PartWithoutItsFilterIsLeftOutWithTheReason()
    {
        (int code, string text) = Play(new PartialBackend(EventFilter.Timer), new OneEventAct("loud", triggers: true));
        Assert.That(code, Is.Zero, text);
        Assert.That(text, Does.Contain("the partial backend does not serve EVFILT_USER"), text);
        Assert.That(text, Does.Contain("0 parts, 0 events").And.Contain("1 left out"), text);
    }

    private static (int Code, string Text) Play(KqueueBackend backend, params Act[] acts)
    {
        using StringWriter text = new();
        int code = new DemoRun(Terminal.Open(text, true, null), s_shortPatience).Play(backend, acts);
        return (code, text.ToString());
    }

    private sealed class OneEventAct(string title, bool triggers, long data = 7, bool mustBeSilent = false) : Act
    {
        public override string Title => title;

        public override IReadOnlyList<EventFilter> Filters => [EventFilter.User];

        public override void Play(Stage stage)
        {
            nint bell = stage.Name("the bell");
            stage.Queue.AddUserEvent(1, udata: bell);
            if (triggers)
                stage.Queue.Trigger(1, data: data);
            if (mustBeSilent)
                stage.ExpectNothing(TimeSpan.Zero, "silence");
            else
                stage.Expect(EventFilter.User, bell, "it rings", e => e.Data == 7);
        }
    }

    private sealed class RefusedAct : Act
    {
        public override string Title => "refused";

        public override IReadOnlyList<EventFilter> Filters => [EventFilter.User];

        public override void Play(Stage stage) => throw new LeftOutException("nobody may do this");
    }
}
