using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests.Aio;

/// <summary>What the events of operations carry, how long they come, and what kevent may do to them (AIO-001 to AIO-010).</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class AioEventTests(bool usesIoUring) : AioFixture(usesIoUring)
{
    [Test]
    public void EventCarriesIdentErrorAndUdata()
    {
        TestQueue q = NewQueue();
        byte[] buffer = new byte[50];
        BackendAio aio = Submit(q, Read(NumberedFile(100), buffer, 25, udata: 7));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio, udata: 7)));
        ExpectResult(aio, 50);
        Assert.That(buffer, Is.EqualTo(Numbers(50, from: 25)));
    }

    [Test]
    public void EventComesUntilTheResultIsTaken()
    {
        TestQueue q = NewQueue();
        BackendAio aio = Submit(q, Read(NumberedFile(10), new byte[10]));
        for (int i = 0; i < 3; i++)
            Assert.That(q.WaitOne(), Is.EqualTo(Done(aio)));
        Assert.That(q.Queue.KnoteCount, Is.EqualTo(1));
        ExpectResult(aio, 10);
        Assert.That(q.Queue.KnoteCount, Is.Zero, "AIO-004");
        q.ExpectNothing();
    }

    [Test]
    public void ResultTakenBeforeTheEventTakesTheEvent()
    {
        TestQueue q = NewQueue();
        BackendAio aio = Submit(q, Read(NumberedFile(10), new byte[10]));
        AwaitEnd(aio);
        ExpectResult(aio, 10);
        q.ExpectSilence();
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void ClearGivesOneEvent()
    {
        TestQueue q = NewQueue();
        BackendAio aio = Submit(q, Read(NumberedFile(10), new byte[10], flags: EventFlags.Clear));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio, flags: EventFlags.Clear)));
        q.ExpectSilence();
        ExpectResult(aio, 10);
    }

    [Test]
    public void OneShotRemovesTheRegistrationAndKeepsTheResult()
    {
        TestQueue q = NewQueue();
        BackendAio aio = Submit(q, Read(NumberedFile(10), new byte[10], flags: EventFlags.OneShot));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio, flags: EventFlags.OneShot)));
        Assert.That(q.Queue.KnoteCount, Is.Zero);
        ExpectResult(aio, 10);
    }

    [Test]
    public void DispatchDisablesAndEnableGivesItAgain()
    {
        TestQueue q = NewQueue();
        BackendAio aio = Submit(q, Read(NumberedFile(10), new byte[10], flags: EventFlags.Dispatch));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio, flags: EventFlags.Dispatch)));
        q.ExpectSilence();
        q.Apply(new KEvent(aio.Ident, EventFilter.Aio, EventFlags.Enable));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio, flags: EventFlags.Dispatch)));
        aio.Abandon();
    }

    [Test]
    public void OtherFlagsAreRefused(
        [Values(EventFlags.Add, EventFlags.Delete, EventFlags.Enable, EventFlags.Disable, EventFlags.Receipt, EventFlags.ForceOneShot, EventFlags.Eof)]
        EventFlags flags)
    {
        TestQueue q = NewQueue();
        Assert.That(TrySubmit(q, Read(NumberedFile(10), new byte[10], flags: flags)), Is.EqualTo(Errno.EINVAL));
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void NothingBeforeTheEnd()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        byte[] buffer = new byte[8];
        BackendAio aio = Submit(q, Read(pipe.A, buffer));
        q.ExpectSilence("AIO-003");
        Assert.That(aio.Error, Is.EqualTo(Errno.EINPROGRESS));
        Assert.That((aio.Return(out Errno error), error), Is.EqualTo((-1L, Errno.EINVAL)), "aio_return before the end");
        pipe.B.Write(5);
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio)));
        ExpectResult(aio, 5);
    }

    [Test]
    public void DeleteTakesTheEventAndNotTheOperation()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        BackendAio aio = Submit(q, Read(pipe.A, new byte[8]));
        q.Apply(new KEvent(aio.Ident, EventFilter.Aio, EventFlags.Delete));
        Assert.That(q.Try(new KEvent(aio.Ident, EventFilter.Aio, EventFlags.Delete)), Is.EqualTo(Errno.ENOENT));
        pipe.B.Write(3);
        AwaitEnd(aio);
        q.ExpectSilence("AIO-008");
        ExpectResult(aio, 3);
    }

    [Test]
    public void AddIsRefused([Values("freebsd", "netbsd", "openbsd", "macos")] string dialect)
    {
        TestQueue q = NewQueue(Dialect.Find(dialect));
        Errno expected = dialect switch { "freebsd" => Errno.EPERM, "macos" => Errno.ENOTSUP, _ => Errno.EINVAL };
        Assert.That(q.TryAdd(64, EventFilter.Aio), Is.EqualTo(expected), "AIO-006");
        Assert.That(q.TryAdd(64, EventFilter.Lio), Is.EqualTo(Errno.EPERM), "LIO-003");
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void ChangeOfARegistrationIsAnybodys()
    {
        TestQueue q = NewQueue();
        BackendAio aio = Submit(q, Read(NumberedFile(10), new byte[10], udata: 1));
        q.Apply(new KEvent(aio.Ident, EventFilter.Aio, EventFlags.Add, udata: 2));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio, udata: 2)));
        q.Apply(new KEvent(aio.Ident, EventFilter.Aio, EventFlags.Disable, udata: 2));
        q.ExpectSilence();
        q.Apply(new KEvent(aio.Ident, EventFilter.Aio, EventFlags.Enable, udata: 2));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio, udata: 2)));
        ExpectResult(aio, 10);
    }

    [Test]
    public void NewestMacOsGivesOneEvent()
    {
        TestQueue q = NewQueue(Dialect.MacOs);
        BackendAio aio = Submit(q, Read(NumberedFile(10), new byte[10], udata: 7));
        KEvent e = q.WaitOne();
        Assert.That((e.Ident, e.Filter, e.Data, e.UData), Is.EqualTo((aio.Ident, EventFilter.Aio, 0L, (nint)7)));
        Assert.That(e.Flags & (EventFlags.Clear | EventFlags.OneShot | EventFlags.Eof), Is.EqualTo(EventFlags.Clear | EventFlags.OneShot | EventFlags.Eof));
        Assert.That(q.Queue.KnoteCount, Is.Zero);
        ExpectResult(aio, 10);
    }

    [Test]
    public void SilentOperationHasNoEvent()
    {
        TestQueue q = NewQueue();
        BackendAio aio = Submit(q, Read(NumberedFile(10), new byte[10]) with { IsSilent = true });
        AwaitEnd(aio);
        q.ExpectSilence();
        ExpectResult(aio, 10);
    }

    [Test]
    public void DescriptorOfTheQueueIsReadableAtTheEnd()
    {
        TestQueue q = NewQueue();
        TestQueue outer = NewQueue();
        Pair pipe = NewPipe();
        outer.AddRead(q.Number);
        BackendAio aio = Submit(q, Read(pipe.A, new byte[8]));
        outer.ExpectSilence();
        pipe.B.Write(1);
        Assert.That(outer.WaitOne().Ident, Is.EqualTo((nuint)q.Number));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio)));
        ExpectResult(aio, 1);
        outer.Settle();
    }
}
