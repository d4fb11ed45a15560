using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Threads;

/// <summary>KQ-CLOSE-001 to KQ-CLOSE-004, as docs/decisions/0003 has them: closing wakes all waiters with EBADF.</summary>
public sealed class DisposeTests
{
    [Test]
    public void AllWaitersReturnWithEbadf([Values(1, 2, 8)] int waiters, [Values] bool withSource, [Values] bool withTimer)
    {
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        kq.Poller.Open(3);
        if (withSource)
            kq.Apply(Change.Read(3, EventFlags.Add));
        if (withTimer)
            kq.Apply(Change.Timer(1, EventFlags.Add, data: 3600, TimerNotes.Seconds));
        (int Result, Errno Error)[] answers = new (int, Errno)[waiters];
        crew.Start(waiters, i =>
        {
            KeventTimeout timeout = i % 2 == 0 ? KeventTimeout.Infinite : KeventTimeout.FromTimespec(3600, 0);
            answers[i].Result = kq.Queue.Kevent([], new KEvent[1], timeout, null, out answers[i].Error);
        });
        crew.UntilSleeping(waiters);

        kq.Dispose();
        crew.Join();

        Assert.That(answers, Has.All.EqualTo((-1, Errno.EBADF)));
        Assert.That((kq.Poller.Disposals, kq.Poller.CaughtByDispose), Is.EqualTo((1, 0)));
    }

    [Test]
    public void LaterCallsFailWithEbadf()
    {
        TestQueue kq = new();
        kq.Apply(Change.User(1, EventFlags.Add), Change.Trigger(1), Change.Timer(1, EventFlags.Add, data: 1));
        WaitCancellation cancellation = new();
        kq.Dispose();
        kq.Dispose();

        KEvent[] events = new KEvent[2];
        foreach (KEvent[] changes in new KEvent[][] { [], [Change.User(2, EventFlags.Add | EventFlags.Receipt)] })
        {
            foreach (int room in new[] { 0, 2 })
            {
                int result = kq.Queue.Kevent(changes, events.AsSpan(0, room), KeventTimeout.Zero, null, out Errno error);
                Assert.That((result, error), Is.EqualTo((-1, Errno.EBADF)));
            }
        }

        Assert.That(events, Has.All.EqualTo(default(KEvent)));
        Assert.That(() => kq.Queue.Interrupt(cancellation), Throws.Nothing);
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
        Assert.That(kq.Poller.Disposals, Is.EqualTo(1));
    }

    [Test]
    public void RegistrationsAreDetached()
    {
        TestQueue kq = new();
        kq.Poller.Open(3, 4);
        kq.Apply(Change.Read(3, EventFlags.Add), Change.Read(4, EventFlags.Add | EventFlags.Disable), Change.Timer(1, EventFlags.Add, data: 1));

        kq.Dispose();

        Assert.That(kq.Poller.HasInterest, Is.False);
        Assert.That(kq.Queue.Timers.Count, Is.Zero);
    }

    /// <summary>A call is refused as a whole, or not at all: EBADF of the queue is no error of a change.</summary>
    [Test]
    public void CallThatRacesWithDisposeFailsAsAWhole()
    {
        for (int round = 0; round < 100; round++)
        {
            using TestQueue kq = TestQueue.Threaded();
            using Crew crew = new(kq);
            int calls = 0;
            crew.Start(3, i =>
            {
                KEvent change = Change.User((nuint)i, EventFlags.Add | EventFlags.Receipt);
                KEvent[] events = new KEvent[1];
                while (kq.Queue.Kevent([change], events, KeventTimeout.Infinite, null, out Errno error) is var result && result != -1)
                {
                    if (result != 1 || events[0] != (change with { FFlags = 0 }).Record(Errno.None))
                        throw new InvalidOperationException($"{result} {error} {events[0]}");
                    Interlocked.Increment(ref calls);
                }
            });
            crew.Until(() => Volatile.Read(ref calls) > 20, "some calls");

            kq.Dispose();
            crew.Join();

            Assert.That((kq.Poller.Disposals, kq.Poller.CaughtByDispose), Is.EqualTo((1, 0)), $"round {round}");
        }
    }

    [Test]
    public void ManyThreadsDisposeWhileOthersUseTheQueue()
    {
        for (int round = 0; round < 100; round++)
        {
            using TestQueue kq = TestQueue.Threaded();
            using Crew crew = new(kq);
            int calls = 0;
            kq.Poller.Open(3);
            kq.Poller.Write(3, 1);
            kq.Apply(Change.User(1, EventFlags.Add), Change.Read(3, EventFlags.Add));
            crew.Start(2, i =>
            {
                KEvent[] events = new KEvent[2];
                while (kq.Queue.Kevent([Change.Trigger(1)], events, KeventTimeout.Infinite, null, out _) != -1)
                    Interlocked.Increment(ref calls);
            });
            crew.Start(() =>
            {
                while (kq.Queue.KnoteCount != 0)
                    kq.Queue.CountQueued(out _);
            });
            crew.Until(() => Volatile.Read(ref calls) > 20, "some calls");

            crew.Start(2, _ => kq.Dispose());
            crew.Join();

            Assert.That((kq.Poller.Disposals, kq.Poller.CaughtByDispose), Is.EqualTo((1, 0)), $"round {round}");
        }
    }
}
