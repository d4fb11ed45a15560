using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Threads;

/// <summary>THR-001, THR-005, THR-006: what happens while a thread goes to sleep must wake it. A lost wake-up is a hang.</summary>
public sealed class LostWakeUpTests
{
    [TestCase(1, 20_000)]
    [TestCase(3, 20_000)]
    [TestCase(7, 10_000)]
    public void TriggerAgainstSleep(int waiters, int rounds)
    {
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        int taken = 0;
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.Clear));
        crew.StartWaiters(waiters, room: 1, _ => Interlocked.Increment(ref taken));

        for (int round = 1; round <= rounds; round++)
        {
            kq.Apply(Change.Trigger(1));
            crew.Until(() => Volatile.Read(ref taken) == round, $"round {round}");
        }

        Assert.That(taken, Is.EqualTo(rounds));
    }

    [TestCase(2, 2, 5_000)]
    [TestCase(4, 4, 2_000)]
    public void ManyTriggerersAgainstManySleepers(int triggerers, int waiters, int rounds)
    {
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        int[] taken = new int[triggerers];
        int done = 0;
        for (int i = 0; i < triggerers; i++)
            kq.Apply(Change.User((nuint)i, EventFlags.Add | EventFlags.Clear));
        crew.StartWaiters(waiters, room: 1, e => Interlocked.Increment(ref taken[e.Ident]));

        crew.Start(triggerers, i =>
        {
            for (int round = 1; round <= rounds; round++)
            {
                kq.Apply(Change.Trigger((nuint)i));
                crew.Until(() => Volatile.Read(ref taken[i]) == round, $"event {i}, round {round}");
            }

            Interlocked.Increment(ref done);
        });

        crew.Until(() => Volatile.Read(ref done) == triggerers, "all rounds");
        Assert.That(taken, Has.All.EqualTo(rounds));
    }

    [Test]
    public void ActivityOfSourcesAgainstSleep([Values(EventFlags.None, EventFlags.Clear, EventFlags.Dispatch)] EventFlags attribute, [Values(1, 3)] int waiters)
    {
        const int rounds = 5_000;
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add | attribute));
        int taking = 0;
        crew.StartWaiters(waiters, room: 2, _ =>
        {
            Interlocked.Increment(ref taking);
            kq.Poller.Drain(3);
            if (attribute == EventFlags.Dispatch)
                kq.Apply(Change.Read(3, EventFlags.Enable));
            Interlocked.Decrement(ref taking);
        });

        for (int round = 1; round <= rounds; round++)
        {
            kq.Poller.Write(3, 1);
            crew.Until(() => kq.Poller.Drained == round, $"round {round}");
        }

        // With EV_DISPATCH nobody else has the event until its taker has enabled it, and after the last byte there is none.
        crew.Until(() => Volatile.Read(ref taking) == 0, "the last enabling, before the queue is closed");
    }

    [Test]
    public void RegistrationOfWhatIsReadyAgainstSleep([Values(1, 3)] int waiters)
    {
        const int rounds = 5_000;
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        int taken = 0;
        kq.Poller.Open(3);
        kq.Poller.Write(3, 1);
        crew.StartWaiters(waiters, room: 1, _ => Interlocked.Increment(ref taken));

        for (int round = 1; round <= rounds; round++)
        {
            kq.Apply(Change.Read(3, EventFlags.Add | EventFlags.OneShot));
            crew.Until(() => Volatile.Read(ref taken) == round, $"round {round}");
        }
    }

    [Test]
    public void EnableOfWhatIsActiveAgainstSleep([Values(1, 3)] int waiters)
    {
        const int rounds = 5_000;
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        int taken = 0;
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.Dispatch), Change.Trigger(1));
        crew.StartWaiters(waiters, room: 1, _ => Interlocked.Increment(ref taken));

        for (int round = 1; round <= rounds; round++)
        {
            crew.Until(() => Volatile.Read(ref taken) == round, $"round {round}");
            kq.Apply(Change.User(1, EventFlags.Enable));
        }
    }

    [Test]
    public void TimerThatIsAddedAgainstSleep([Values(1, 3)] int waiters)
    {
        const int rounds = 1_000;
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        int taken = 0;
        kq.Apply(Change.Timer(99, EventFlags.Add, data: 3600, TimerNotes.Seconds));
        crew.StartWaiters(waiters, room: 1, _ => Interlocked.Increment(ref taken));

        for (int round = 1; round <= rounds; round++)
        {
            kq.Apply(Change.Timer(1, EventFlags.Add | EventFlags.OneShot, data: round % 300, TimerNotes.Microseconds));
            crew.Until(() => Volatile.Read(ref taken) == round, $"round {round}");
        }
    }
}
