using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Threads;

/// <summary>THR-007 to THR-009, CORE-DEL-006: changes from many threads while others wait.</summary>
public sealed class RegistrationRaceTests
{
    /// <summary>A call that begins after EV_DELETE has returned must not return an event of what was deleted.</summary>
    [Test]
    public void NoEventAfterDeleteHasReturned([Values(1, 3)] int waiters, [Values(EventFlags.None, EventFlags.Clear, EventFlags.OneShot)] EventFlags attribute)
    {
        const int rounds = 10_000;
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        int deleted = 0;
        int finished = 0;
        crew.Start(waiters, _ =>
        {
            KEvent[] events = new KEvent[2];
            while (true)
            {
                int floor = Volatile.Read(ref deleted);
                int count = kq.Queue.Kevent([], events, KeventTimeout.Infinite, null, out Errno error);
                if (count < 0)
                    return;
                foreach (KEvent e in events.AsSpan(0, count))
                {
                    if (e.UData <= floor)
                        throw new InvalidOperationException($"{e} after its deletion; {floor} was the last deleted");
                }
            }
        });

        for (int round = 1; round <= rounds; round++)
        {
            kq.Apply(Change.User(1, EventFlags.Add | attribute), Change.Trigger(1, udata: round));
            Thread.SpinWait(round % 64);
            Errno error = kq.Try(Change.User(1, EventFlags.Delete));
            Assert.That(error, Is.EqualTo(Errno.None).Or.EqualTo(Errno.ENOENT));
            Volatile.Write(ref deleted, round);
            finished = round;
        }

        Assert.That(finished, Is.EqualTo(rounds));
        kq.Dispose();
        crew.Join();
    }

    [Test]
    public void ThreadsWithIdentsOfTheirOwn()
    {
        const int threads = 4;
        const int rounds = 5_000;
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        crew.Start(threads, i =>
        {
            for (int round = 0; round < rounds; round++)
            {
                nuint ident = (nuint)(i + threads * (round % 100));
                if (kq.Try(Change.User(ident, EventFlags.Add | EventFlags.Disable)) != Errno.None
                    || kq.Try(Change.Timer(ident, EventFlags.Add | EventFlags.Disable, data: 1)) != Errno.None
                    || kq.Try(Change.Trigger(ident)) != Errno.None
                    || kq.Try(Change.User(ident, EventFlags.Delete)) != Errno.None
                    || kq.Try(Change.Timer(ident, EventFlags.Delete)) != Errno.None)
                    throw new InvalidOperationException($"round {round} of thread {i}");
            }
        });

        crew.Join();

        Assert.That(kq.Queue.KnoteCount, Is.Zero);
        Assert.That(kq.Queue.Timers.Count, Is.Zero);
        Assert.That(kq.Poll(), Is.Empty);
    }

    [Test]
    public void ThreadsThatFightForOneIdent()
    {
        const int threads = 3;
        const int rounds = 5_000;
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        int adds = 0;
        int deletes = 0;
        int finished = 0;
        crew.StartWaiters(1, room: 4, e => Assert.That(e.IsRecord, Is.False, e.ToString()));
        crew.Start(threads, i =>
        {
            for (int round = 0; round < rounds; round++)
            {
                KEvent add = i % 2 == 0 ? Change.User(1, EventFlags.Add) : Change.Timer(1, EventFlags.Add, data: 1, TimerNotes.Microseconds);
                Interlocked.Add(ref adds, kq.Try(add) == Errno.None ? 1 : 0);
                Interlocked.Add(ref deletes, kq.Try(add with { Flags = EventFlags.Delete }) == Errno.None ? 1 : 0);
            }

            Interlocked.Increment(ref finished);
        });

        crew.Until(() => Volatile.Read(ref finished) == threads, "all rounds");
        kq.Try(Change.User(1, EventFlags.Delete));
        kq.Try(Change.Timer(1, EventFlags.Delete));

        Assert.That(kq.Queue.KnoteCount, Is.Zero);
        Assert.That(adds, Is.EqualTo(threads * rounds));
        Assert.That(deletes, Is.InRange(rounds, adds));
    }

    [Test]
    public void RegistrationOutlivesItsThread()
    {
        using TestQueue kq = TestQueue.Threaded();
        Thread thread = new(() => kq.Apply(Change.User(1, EventFlags.Add), Change.Trigger(1, udata: 5)));
        thread.Start();
        thread.Join();

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, udata: 5) }));
    }
}
