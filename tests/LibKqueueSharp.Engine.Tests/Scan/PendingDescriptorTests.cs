using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Scan;

/// <summary>KQ-POLL-001, KQ-POLL-004: what the poller is told to show on the queue's descriptor.</summary>
public sealed class PendingDescriptorTests
{
    [Test]
    public void ShowsUserEventsWhileTheyAreQueued()
    {
        using TestQueue kq = Exported();
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.Clear));
        Assert.That(kq.Poller.IsPending, Is.False);

        kq.Apply(Change.Trigger(1));
        Assert.That(kq.Poller.IsPending, Is.True);
        kq.Poll();

        Assert.That(kq.Poller.IsPending, Is.False);
    }

    [Test]
    public void ShowsWhatWasQueuedBeforeTheDescriptorWasAskedFor()
    {
        using TestQueue kq = new();
        kq.Apply(Change.User(1, EventFlags.Add), Change.Trigger(1), Change.Timer(2, EventFlags.Add, data: 50));

        _ = kq.Queue.Descriptor;

        Assert.That(kq.Poller.IsPending, Is.True);
        Assert.That(kq.Poller.Alarm, Is.EqualTo(kq.Clock.Now + 50_000_000));
    }

    [Test]
    public void AlarmFollowsTheEarliestTimer()
    {
        using TestQueue kq = Exported();
        long start = kq.Clock.Now;
        Assert.That(kq.Poller.Alarm, Is.EqualTo(long.MaxValue));
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 50));
        Assert.That(kq.Poller.Alarm - start, Is.EqualTo(50_000_000));
        kq.Apply(Change.Timer(2, EventFlags.Add | EventFlags.OneShot, data: 20));
        Assert.That(kq.Poller.Alarm - start, Is.EqualTo(20_000_000));
        Expect.Idents(kq.Wait(), 2);
        Assert.That(kq.Poller.Alarm - start, Is.EqualTo(50_000_000));
        Expect.Idents(kq.Wait(), 1);
        Assert.That(kq.Poller.Alarm - start, Is.EqualTo(100_000_000));
        kq.Apply(Change.Timer(1, EventFlags.Delete));

        Assert.That(kq.Poller.Alarm, Is.EqualTo(long.MaxValue));
    }

    [Test]
    public void LeavesLevelSourcesToTheKernel_UnlessAnotherQueueWatches()
    {
        using TestQueue kq = Exported();
        kq.Poller.Open(3);
        kq.Poller.Write(3, 1);
        kq.Apply(Change.Read(3, EventFlags.Add));
        Assert.That(kq.Poller.IsPending, Is.False);

        kq.Queue.Watch(begin: true);
        Assert.That(kq.Poller.IsPending, Is.True);
        kq.Queue.Watch(begin: false);

        Assert.That(kq.Poller.IsPending, Is.False);
    }

    [Test]
    public void ShowsEdgesThatTheKernelHasForgotten()
    {
        using TestQueue kq = Exported();
        kq.Poller.Open(3, 4);
        kq.Apply(Change.Read(3, EventFlags.Add | EventFlags.Clear), Change.Read(4, EventFlags.Add | EventFlags.Clear));
        kq.Poller.Write(3, 1);
        kq.Poller.Write(4, 1);
        Expect.Idents(kq.Poll(1), 3);
        Assert.That(kq.Poller.IsPending, Is.True);

        Expect.Idents(kq.Poll(1), 4);
        Assert.That(kq.Poller.IsPending, Is.False);
    }

    [Test]
    public void ClosedQueueHasNoDescriptor()
    {
        TestQueue kq = new();
        kq.Dispose();

        Assert.That(() => kq.Queue.Descriptor, Throws.TypeOf<KqueueException>().With.Property("Error").EqualTo(Errno.EBADF));
    }

    [Test]
    public void CountOfQueuedEventsTakesNone()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add | EventFlags.Clear), Change.User(1, EventFlags.Add), Change.Timer(2, EventFlags.Add, data: 10));
        Assert.That(kq.Queue.CountQueued(out long before), Is.Zero);
        kq.Poller.Write(3, 1);
        kq.Apply(Change.Trigger(1));
        kq.Clock.AdvanceMilliseconds(10);

        Assert.That(kq.Queue.CountQueued(out long after), Is.EqualTo(3));
        Assert.That(after - before, Is.EqualTo(3));
        Expect.IdentsInAnyOrder(kq.Poll(), 1, 2, 3);
        Assert.That(kq.Queue.CountQueued(out long later), Is.EqualTo(1), "the user event is level-triggered");
        Assert.That(later, Is.EqualTo(after), "putting it back is no activity");
    }

    private static TestQueue Exported()
    {
        TestQueue kq = new();
        _ = kq.Queue.Descriptor;
        return kq;
    }
}
