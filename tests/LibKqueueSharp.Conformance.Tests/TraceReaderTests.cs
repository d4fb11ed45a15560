namespace LibKqueueSharp.Conformance.Tests;

public sealed class TraceReaderTests
{
    private const string Header = """{"backend":"Some BSD"}""" + "\n";

    [Test]
    public void EachKindOfAnswerIsRead()
    {
        Trace trace = Trace.Parse("t", Header + """
            {"line":1,"cmd":"read p.r 1","ret":-1,"errno":"EWOULDBLOCK"}
            {"line":2,"cmd":"add k read p.r EV_ADD","rc":0}
            {"line":4,"cmd":"queue k read p.r EV_ADD","pending":2}
            {"line":5,"cmd":"kevent k max=8 timeout=0","rc":0,"events":[]}
            {"line":6,"cmd":"add k x p.r EV_ADD","skip":"no such name"}
            """);
        Assert.That(trace.RecordedOn, Is.EqualTo("Some BSD"));
        Assert.That(
            trace.Entries.Select(e => $"{e.Line} {e.Answer}"),
            Is.EqualTo((string[])["1 -1 EAGAIN", "2 0", "4 2 put aside", "5 0 []", "6 skipped: no such name"]));
        Assert.That(trace.Find(3), Is.Null);
    }

    [Test]
    public void EventsCarryNumbersAndNames()
    {
        Trace trace = Trace.Parse("t", Header
            + """{"line":1,"cmd":"kevent k max=8","rc":2,"events":[{"ident":999,"filter":"EVFILT_READ","flags":["EV_ERROR"],"fflags":[],"data":"EBADF","udata":1},"""
            + """{"ident":"s.a","filter":"EVFILT_READ","flags":["EV_EOF","EV_CLEAR"],"fflags":"so_error:ECONNRESET","data":-3,"udata":0}]}""");
        IReadOnlyList<EventAnswer> events = trace.Entries[0].Answer.Events!;
        Assert.That(events[0].ToString(), Is.EqualTo("{999 EVFILT_READ flags=EV_ERROR fflags=0 data=EBADF udata=1}"));
        Assert.That(events[1].ToString(), Is.EqualTo("{s.a EVFILT_READ flags=EV_CLEAR|EV_EOF fflags=so_error:ECONNRESET data=-3 udata=0}"));
    }

    [TestCase("")]
    [TestCase("""{"line":1}""")]
    [TestCase(Header + """{"line":1,"cmd":"kq k"}""")]
    [TestCase(Header + """{"line":1,"cmd":"kevent k max=8","rc":1,"events":[]}""")]
    [TestCase(Header + "{")]
    public void DamagedTraceIsRefused(string text) =>
        Assert.That(() => Trace.Parse("damaged", text), Throws.TypeOf<ScenarioFormatException>().With.Message.Contains("damaged"));

    [Test]
    public void DialectHasItsSystem()
    {
        Assert.That(TraceSystem.DefaultFor(Dialect.FreeBsd), Is.EqualTo(TraceSystem.FreeBsd13));
        Assert.That(TraceSystem.DefaultFor(Dialect.NetBsd), Is.EqualTo(TraceSystem.NetBsd));
        Assert.That(TraceSystem.DefaultFor(Dialect.OpenBsd), Is.EqualTo(TraceSystem.OpenBsd51));
        Assert.That(TraceSystem.DefaultFor(Dialect.MacOs), Is.Null);
    }
}
