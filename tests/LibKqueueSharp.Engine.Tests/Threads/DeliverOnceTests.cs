using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Threads;

/// <summary>THR-002, THR-004, CORE-ONE-007, CORE-DSP-006: among many waiters, each activation is delivered to exactly one.</summary>
public sealed class DeliverOnceTests
{
    private const int Events = 5_000;

    [Test]
    public void UserEvents(
        [Values(EventFlags.Clear, EventFlags.OneShot, EventFlags.Dispatch, EventFlags.Dispatch | EventFlags.Clear)] EventFlags attributes,
        [Values(2, 6)] int waiters,
        [Values(1, 3)] int room)
    {
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        int[] taken = new int[Events];
        int total = 0;
        crew.StartWaiters(waiters, room, e =>
        {
            Interlocked.Increment(ref taken[e.Ident]);
            Interlocked.Increment(ref total);
        });

        KEvent[] changes = new KEvent[2];
        for (int i = 0; i < Events; i++)
        {
            changes[0] = Change.User((nuint)i, EventFlags.Add | attributes);
            changes[1] = Change.Trigger((nuint)i);
            kq.Apply(changes);
        }

        crew.Until(() => Volatile.Read(ref total) >= Events, "all events");
        crew.UntilSleeping(waiters);
        kq.Dispose();
        crew.Join();

        Assert.That(taken, Has.All.EqualTo(1));
    }

    [Test]
    public void EveryActivationOfADispatchedEvent([Values(2, 6)] int waiters)
    {
        const int rounds = 5_000;
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        int taken = 0;
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.Dispatch | EventFlags.Clear));
        crew.StartWaiters(waiters, room: 4, _ => Interlocked.Increment(ref taken));

        for (int round = 1; round <= rounds; round++)
        {
            kq.Apply(Change.Trigger(1, EventFlags.Enable));
            crew.Until(() => Volatile.Read(ref taken) == round, $"round {round}");
        }

        crew.UntilSleeping(waiters);
        Assert.That(taken, Is.EqualTo(rounds));
    }

    [Test]
    public void AsManyEventsAsWaiters([Values(2, 8)] int count)
    {
        for (int round = 0; round < 200; round++)
        {
            using TestQueue kq = TestQueue.Threaded();
            using Crew crew = new(kq);
            int[] taken = new int[count];
            for (int i = 0; i < count; i++)
                kq.Apply(Change.User((nuint)i, EventFlags.Add | EventFlags.Clear));
            crew.Start(count, number =>
            {
                KEvent[] events = new KEvent[1];
                if (kq.Queue.Kevent([], events, KeventTimeout.Infinite, null, out _) == 1)
                    Interlocked.Increment(ref taken[events[0].Ident]);
            });
            crew.UntilSleeping(count);

            kq.Apply([.. Enumerable.Range(0, count).Select(i => Change.Trigger((nuint)i))]);
            crew.Join();

            Assert.That(taken, Has.All.EqualTo(1), $"round {round}");
        }
    }

    [Test]
    public void ExpirationsOfTimersAreCountedOnce([Values(2, 6)] int waiters)
    {
        const int count = 2_000;
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        int[] taken = new int[count];
        int total = 0;
        crew.StartWaiters(waiters, room: 2, e =>
        {
            Interlocked.Add(ref taken[e.Ident], (int)e.Data);
            Interlocked.Increment(ref total);
        });

        for (int i = 0; i < count; i++)
            kq.Apply(Change.Timer((nuint)i, EventFlags.Add | EventFlags.OneShot, data: i % 1000, TimerNotes.Microseconds));

        crew.Until(() => Volatile.Read(ref total) >= count, "all timers");
        crew.UntilSleeping(waiters);
        Assert.That(taken, Has.All.EqualTo(1));
    }
}
