using static LibKqueueSharp.Conformance.Tests.Recording;

namespace LibKqueueSharp.Conformance.Tests;

public sealed class SameInstantRuleTests
{
    private const string Made = "\"ret\":0";
    private static readonly string s_read = Event("s.a", "READ", "0", "EV_EOF");
    private static readonly string s_write = Event("s.a", "WRITE", "8192", "EV_EOF");

    [Test]
    public void TwoEventsOfOneCloseMayComeInEitherOrder() => new Recording()
        .Line("socketpair s", Made)
        .Line("close s.b", Made)
        .Line("kevent k max=8 timeout=0", Events(s_read, s_write), Events(s_write, s_read))
        .MustBeEqual();

    [Test]
    public void LevelTriggeredPairKeepsTheOrderItCameIn() => new Recording()
        .Line("socketpair s", Made)
        .Line("close s.b", Made)
        .Line("kevent k max=8 timeout=0", Events(s_read, s_write), Events(s_write, s_read))
        .Line("kevent k max=8 timeout=0", Events(s_read, s_write), Events(s_write, s_read))
        .MustBeEqual();

    [Test]
    public void LevelTriggeredPairThatChangesItsOrderDiffers() => new Recording()
        .Line("socketpair s", Made)
        .Line("close s.b", Made)
        .Line("kevent k max=8 timeout=0", Events(s_read, s_write))
        .Line("kevent k max=8 timeout=0", Events(s_read, s_write), Events(s_write, s_read))
        .MustDiffer("s.a EVFILT_WRITE comes before s.a EVFILT_READ");

    [Test]
    public void EventsOfTwoWritesInTheOtherOrderDiffer() => new Recording()
        .Line("pipe p", Made)
        .Line("pipe q", Made)
        .Line("write q.w 1", "\"ret\":1")
        .Line("write p.w 1", "\"ret\":1")
        .Line("kevent k max=8 timeout=0", Events(Event("q.r", "READ", "1"), Event("p.r", "READ", "1")), Events(Event("p.r", "READ", "1"), Event("q.r", "READ", "1")))
        .MustDiffer("p.r EVFILT_READ comes before q.r EVFILT_READ");

    [Test]
    public void EventsThatWereRegisteredReadyInTheOtherOrderDiffer() => new Recording()
        .Line("socketpair s", Made)
        .Line("close s.b", Made)
        .Line("add k read s.a EV_ADD", "\"rc\":0")
        .Line("add k write s.a EV_ADD", "\"rc\":0")
        .Line("kevent k max=8 timeout=0", Events(Event("1", "USER", "0")))
        .Line("kevent k max=8 timeout=0", Events(s_read, s_write), Events(s_write, s_read))
        .MustDiffer("s.a EVFILT_WRITE comes before s.a EVFILT_READ");

    [Test]
    public void TwoDirectoriesOfOneRenameMayComeInEitherOrder() => new Recording()
        .Line("open d /t/d rdonly", Made)
        .Line("open e /t/e rdonly", Made)
        .Line("kevent k max=8 timeout=0", "\"rc\":0,\"events\":[]")
        .Line("rename /t/d/x /t/e/x", Made)
        .Line(
            "kevent k max=8 timeout=0",
            Events(Event("d", "VNODE", "0", "EV_CLEAR", "NOTE_WRITE"), Event("e", "VNODE", "0", "EV_CLEAR", "NOTE_WRITE")),
            Events(Event("e", "VNODE", "0", "EV_CLEAR", "NOTE_WRITE"), Event("d", "VNODE", "0", "EV_CLEAR", "NOTE_WRITE")))
        .MustBeEqual();

    [Test]
    public void NewEventBeforeOneThatWaitsAlreadyDiffers() => new Recording()
        .Line("socketpair s", Made)
        .Line("kevent k max=8 timeout=0", Events(Event("s.a", "WRITE", "8192")))
        .Line("close s.b", Made)
        .Line("kevent k max=8 timeout=0", Events(s_write, s_read), Events(s_read, s_write))
        .MustDiffer("s.a EVFILT_READ comes before s.a EVFILT_WRITE");
}
