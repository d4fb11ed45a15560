using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Scan;

/// <summary>CALL-INTR-001, CALL-INTR-003: EINTR only when nothing was collected, and after all changes.</summary>
public sealed class InterruptedBySignalTests
{
    [Test]
    public void WaitEndsWithEintr_AndTheChangesStand()
    {
        using TestQueue kq = new();
        kq.Poller.After(10, kq.Poller.Signal);
        long before = kq.Clock.Now;

        int result = kq.Queue.Kevent(
            [Change.User(1, EventFlags.Add), Change.User(2, EventFlags.Add)], new KEvent[4], KeventTimeout.Infinite, null, out Errno error);

        Assert.That((result, error), Is.EqualTo((-1, Errno.EINTR)));
        Assert.That(kq.Clock.Now - before, Is.EqualTo(10_000_000));
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(2));
    }

    [Test]
    public void EventThatIsThereBesideTheSignalIsReturned()
    {
        using TestQueue kq = new();
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 20));
        kq.Poller.After(10, () =>
        {
            kq.Poller.Signal();
            kq.Clock.AdvanceMilliseconds(15);
        });

        Assert.That(kq.Wait(), Is.EqualTo(new[] { Change.Timer(1, EventFlags.Clear, data: 1) }));
    }

    [Test]
    public void SignalDuringAPollIsNotNoticed()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add));
        kq.Poller.Signal();

        Assert.That(kq.Poll(), Is.Empty);
    }

    [Test]
    public void QueueWorksOnAfterEintr()
    {
        using TestQueue kq = new();
        kq.Apply(Change.User(1, EventFlags.Add), Change.Timer(2, EventFlags.Add, data: 100));
        kq.Poller.Signal();
        Assert.That(kq.Queue.Kevent([], new KEvent[1], KeventTimeout.Infinite, null, out Errno error), Is.EqualTo(-1), error.ToString());

        kq.Poller.After(5, () => kq.Apply(Change.Trigger(1)));

        Expect.Idents(kq.Wait(), 1);
    }
}
