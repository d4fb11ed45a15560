using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Threads;

/// <summary>
/// A wake-up, or an edge, that was on its way to a sleeper is taken by a call that polls. The sleepers are frozen meanwhile, so that
/// the poll always wins the race. Whoever takes it and leaves must pass it on.
/// </summary>
public sealed class StolenWakeUpTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromHours(1);

    [Test]
    public void ByAPollThatLeavesAnEvent([Values(1, 3)] int sleepers)
    {
        using TestQueue kq = Prepared();
        using Crew crew = new(kq);
        int taken = 0;
        Freeze(kq, crew, sleepers, _ => Interlocked.Increment(ref taken));

        kq.Apply(Change.Trigger(1), Change.Trigger(2));
        Expect.Idents(kq.Poll(room: 1), 1);
        kq.Poller.Thaw();

        crew.Until(() => Volatile.Read(ref taken) == 1, "the second event");
    }

    [Test]
    public void ByAPollThatTakesMoreEdgesThanItReturns()
    {
        using TestQueue kq = Prepared();
        using Crew crew = new(kq);
        int taken = 0;
        kq.Apply(Change.Read(4, EventFlags.Add | EventFlags.Clear));
        Freeze(kq, crew, sleepers: 1, _ => Interlocked.Increment(ref taken));

        kq.Poller.Write(3, 1);
        kq.Poller.Write(4, 1);
        Expect.Idents(kq.Poll(room: 1), 3);
        kq.Poller.Thaw();

        crew.Until(() => Volatile.Read(ref taken) == 1, "the second edge");
    }

    [Test]
    public void ByALookFromAnotherQueue()
    {
        using TestQueue kq = Prepared();
        using Crew crew = new(kq);
        int taken = 0;
        Freeze(kq, crew, sleepers: 1, _ => Interlocked.Increment(ref taken));

        kq.Apply(Change.Trigger(1));
        kq.Poller.Write(3, 1);
        Assert.That(kq.Queue.CountQueued(out _), Is.EqualTo(2));
        kq.Poller.Thaw();

        crew.Until(() => Volatile.Read(ref taken) == 2, "both events");
    }

    [Test]
    public void OfATimerThatWasAddedByAPoll()
    {
        using TestQueue kq = Prepared();
        using Crew crew = new(kq);
        int taken = 0;
        Freeze(kq, crew, sleepers: 2, _ => Interlocked.Increment(ref taken));

        kq.Apply(Change.Timer(1, EventFlags.Add | EventFlags.OneShot, data: 20));
        Assert.That(kq.Poll(), Is.Empty);
        kq.Poller.Thaw();

        crew.Until(() => Volatile.Read(ref taken) == 1, "the timer");
    }

    [Test]
    public void OfAnInterruptByAPoll([Values(0, 2)] int otherSleepers)
    {
        using TestQueue kq = Prepared();
        using Crew crew = new(kq);
        WaitCancellation token = new();
        int result = -7;
        crew.Start(() => result = kq.Queue.Kevent([], new KEvent[1], KeventTimeout.FromTimeSpan(s_long), token, out _));
        crew.UntilSleeping(1);
        Freeze(kq, crew, otherSleepers, _ => { });

        kq.Queue.Interrupt(token);
        Assert.That(kq.Poll(), Is.Empty);
        kq.Poller.Thaw();

        crew.Until(() => Volatile.Read(ref result) == 0, "the interrupted wait");
    }

    [Test]
    public void ByAWaiterThatASignalInterrupts()
    {
        using TestQueue kq = Prepared();
        using Crew crew = new(kq);
        int taken = 0;
        crew.Start(2, _ =>
        {
            KEvent[] events = new KEvent[1];
            while (kq.Queue.Kevent([], events, KeventTimeout.Infinite, null, out Errno error) == 1 || error == Errno.EINTR)
                Interlocked.Add(ref taken, error == Errno.None ? 1 : 0);
        });

        for (int round = 1; round <= 500; round++)
        {
            crew.UntilSleeping(2);
            kq.Poller.Signal();
            kq.Apply(Change.Trigger(1));
            crew.Until(() => Volatile.Read(ref taken) == round, $"event {round}");
        }
    }

    /// <summary>Two user events and an edge-triggered source, so that polls ask the kernel.</summary>
    private static TestQueue Prepared()
    {
        TestQueue kq = TestQueue.Threaded();
        kq.Poller.Open(3, 4);
        kq.Apply(
            Change.User(1, EventFlags.Add | EventFlags.Clear),
            Change.User(2, EventFlags.Add | EventFlags.Clear),
            Change.Read(3, EventFlags.Add | EventFlags.Clear));
        return kq;
    }

    private static void Freeze(TestQueue kq, Crew crew, int sleepers, Action<KEvent> taken)
    {
        int before = kq.Poller.Sleeping;
        crew.StartWaiters(sleepers, room: 1, taken);
        crew.UntilSleeping(before + sleepers);
        kq.Poller.Freeze();
    }
}
