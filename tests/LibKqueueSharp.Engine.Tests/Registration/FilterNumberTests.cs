using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Registration;

/// <summary>CALL-ERR-011 to CALL-ERR-013, AIO-006, LIO-003, SENDFILE-001: numbers that name no filter, or none that is served.</summary>
public sealed class FilterNumberTests
{
    [TestCase(EventFlags.Add)]
    [TestCase(EventFlags.Delete | EventFlags.Receipt)]
    [TestCase(EventFlags.Enable | EventFlags.Disable)]
    public void FreeBsdSkipsFilterZeroWithoutARecord(EventFlags flags)
    {
        using TestQueue kq = new(Dialects.FreeBsd);
        kq.Apply(Change.User(1, EventFlags.Add), Change.Trigger(1));

        KEvent[] events = kq.Call([new KEvent(7, 0, flags)], 4, KeventTimeout.Infinite);

        Assert.That(events, Is.EqualTo(new[] { Change.User(1) }));
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(1));
    }

    [Test]
    public void NetBsdTakesFilterZeroForRead()
    {
        using TestQueue kq = new(Dialects.NetBsd);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 4);

        KEvent[] events = kq.Call([new KEvent(3, 0, EventFlags.Add)], 4, KeventTimeout.Zero);

        Assert.That(events, Is.EqualTo(new[] { Change.Read(3, EventFlags.Add, data: 4) }));
        Assert.That(kq.Try(new KEvent(99, 0, EventFlags.Add)), Is.EqualTo(Errno.EBADF));
    }

    [TestCase(Dialects.OpenBsd)]
    [TestCase(Dialects.MacOs)]
    public void OthersRefuseFilterZero(string dialect)
    {
        using TestQueue kq = new(dialect);

        Assert.That(kq.Try(new KEvent(3, 0, EventFlags.Add)), Is.EqualTo(Errno.EINVAL));
    }

    [Test]
    public void NumbersWithoutAFilterAreRefused(
        [Values(Dialects.FreeBsd, Dialects.NetBsd, Dialects.OpenBsd, Dialects.MacOs)] string dialect,
        [Values(-17, -100, 1, 3, short.MinValue, short.MaxValue)] short number,
        [Values(EventFlags.Add, EventFlags.Delete)] EventFlags flags)
    {
        using TestQueue kq = new(dialect);

        Assert.That(kq.Try(new KEvent(3, (EventFilter)number, flags)), Is.EqualTo(Errno.EINVAL));
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    [TestCase(EventFilter.Vnode, Errno.ENOTSUP)]
    [TestCase(EventFilter.Except, Errno.ENOTSUP)]
    [TestCase(EventFilter.Aio, Errno.EPERM)]
    [TestCase(EventFilter.Lio, Errno.EPERM)]
    [TestCase(EventFilter.SendFile, Errno.ENXIO)]
    public void KnownFilterThatIsNotServedSaysSo(EventFilter filter, Errno expected)
    {
        using TestQueue kq = new();

        Assert.That(kq.Try(new KEvent(3, filter, EventFlags.Add)), Is.EqualTo(expected));
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }
}
