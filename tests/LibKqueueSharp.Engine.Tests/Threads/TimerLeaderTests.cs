using System.Diagnostics;
using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Threads;

/// <summary>One sleeper, the leader, sleeps until the earliest timer. When it leaves, another must take its place.</summary>
public sealed class TimerLeaderTests
{
    private const int Milliseconds = 120;

    public enum Parting
    {
        Timeout,
        Event,
        Interrupt,
        Signal,
    }

    [Test]
    public void TimerFiresThoughTheLeaderHasLeft([Values] Parting parting, [Values(1, 3)] int others)
    {
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        WaitCancellation token = new();
        bool left = false;
        long fired = 0;
        long start = Stopwatch.GetTimestamp();
        kq.Apply(
            Change.Timer(1, EventFlags.Add | EventFlags.OneShot, data: Milliseconds), Change.User(2, EventFlags.Add | EventFlags.OneShot));
        crew.Start(() =>
        {
            KEvent[] events = new KEvent[1];
            KeventTimeout timeout = parting == Parting.Timeout ? TestQueue.Milliseconds(20) : KeventTimeout.Infinite;
            kq.Queue.Kevent([], events, timeout, token, out _);
            Take(events[0]);
            Volatile.Write(ref left, true);
        });
        crew.Until(() => kq.Poller.Sleeping == 1 || Volatile.Read(ref left), "the leader's sleep");
        Part(kq, parting, token);
        crew.Until(() => Volatile.Read(ref left), "the leader");

        crew.StartWaiters(others, room: 1, Take);
        crew.Until(() => Volatile.Read(ref fired) != 0, "the timer");

        Assert.That(Stopwatch.GetElapsedTime(start, fired).TotalMilliseconds, Is.GreaterThanOrEqualTo(Milliseconds));

        // On a busy machine the leader is still there when the timer fires.
        void Take(KEvent e)
        {
            if (e.Ident == 1)
                Volatile.Write(ref fired, Stopwatch.GetTimestamp());
        }
    }

    [Test]
    public void SleeperTakesOverFromALeaderThatLeaves([Values] Parting parting, [Values(1, 3)] int others)
    {
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        WaitCancellation token = new();
        int fired = 0;
        bool left = false;
        kq.Apply(
            Change.Timer(1, EventFlags.Add | EventFlags.OneShot, data: Milliseconds), Change.User(2, EventFlags.Add | EventFlags.OneShot));
        crew.Start(() =>
        {
            KEvent[] events = new KEvent[1];
            KeventTimeout timeout = parting == Parting.Timeout ? TestQueue.Milliseconds(20) : KeventTimeout.Infinite;
            kq.Queue.Kevent([], events, timeout, token, out _);
            Take(events[0]);
            Volatile.Write(ref left, true);
        });
        crew.Until(() => kq.Poller.Sleeping == 1 || Volatile.Read(ref left), "the leader's sleep");
        crew.Start(others, _ =>
        {
            KEvent[] events = new KEvent[1];
            while (kq.Queue.Kevent([], events, KeventTimeout.Infinite, null, out Errno error) == 1 || error == Errno.EINTR)
            {
                if (error == Errno.None)
                    Take(events[0]);
            }
        });
        crew.Until(() => kq.Poller.Sleeping == 1 + others || Volatile.Read(ref left), "the sleepers");
        Part(kq, parting, token);

        crew.Until(() => Volatile.Read(ref fired) == 1, "the timer");

        void Take(KEvent e)
        {
            if (e.Ident == 1)
                Interlocked.Increment(ref fired);
        }
    }

    [Test]
    public void EarlierTimerThatComesLaterFiresFirst([Values(1, 4)] int waiters)
    {
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        nuint first = 0;
        kq.Apply(Change.Timer(1, EventFlags.Add | EventFlags.OneShot, data: 3600, TimerNotes.Seconds));
        crew.StartWaiters(waiters, room: 1, e => Volatile.Write(ref first, e.Ident));
        crew.UntilSleeping(waiters);

        kq.Apply(Change.Timer(2, EventFlags.Add | EventFlags.OneShot, data: 600, TimerNotes.Seconds));
        kq.Apply(Change.Timer(3, EventFlags.Add | EventFlags.OneShot, data: 20));

        crew.Until(() => Volatile.Read(ref first) == 3, "the third timer");
    }

    [Test]
    public void LeaderOfADeletedTimerServesTheNext([Values(1, 4)] int waiters)
    {
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        nuint first = 0;
        kq.Apply(
            Change.Timer(1, EventFlags.Add | EventFlags.OneShot, data: 20), Change.Timer(2, EventFlags.Add | EventFlags.OneShot, data: 60));
        crew.StartWaiters(waiters, room: 1, e => Volatile.Write(ref first, e.Ident));
        crew.UntilSleeping(waiters);

        // On a busy machine the first has fired before it is deleted.
        Errno deleted = kq.Try(Change.Timer(1, EventFlags.Delete));

        crew.Until(() => Volatile.Read(ref first) != 0, "a timer");
        nuint[] expected = deleted == Errno.None ? [2] : [1, 2];
        Assert.That(expected, Has.Member(Volatile.Read(ref first)), $"EV_DELETE: {deleted}");
    }

    [Test]
    public void TimerWakesOneThreadAndNotAll()
    {
        const int waiters = 8;
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        int fired = 0;
        kq.Apply(Change.Timer(1, EventFlags.Add | EventFlags.OneShot, data: 100));
        crew.StartWaiters(waiters, room: 1, _ => Interlocked.Increment(ref fired));
        crew.UntilSleeping(waiters);
        int sleeps = kq.Poller.Sleeps;

        crew.Until(() => Volatile.Read(ref fired) == 1, "the timer");
        crew.UntilSleeping(waiters);

        Assert.That(kq.Poller.Sleeps - sleeps, Is.LessThan(waiters));
    }

    [Test]
    public void PeriodicTimerOutlivesManyLeaders()
    {
        using TestQueue kq = TestQueue.Threaded();
        using Crew crew = new(kq);
        int expirations = 0;
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 2), Change.User(2, EventFlags.Add | EventFlags.Clear));
        crew.Start(4, i =>
        {
            KEvent[] events = new KEvent[1];
            KeventTimeout timeout = i % 2 == 0 ? KeventTimeout.Infinite : TestQueue.Milliseconds(1);
            while (kq.Queue.Kevent([], events, timeout, null, out _) is var count and >= 0)
            {
                if (count == 1 && events[0].Filter == EventFilter.Timer)
                    Interlocked.Add(ref expirations, (int)events[0].Data);
            }
        });

        crew.Until(
            () =>
            {
                kq.Apply(Change.Trigger(2));
                return Volatile.Read(ref expirations) >= 200;
            },
            "200 expirations");
    }

    private static void Part(TestQueue kq, Parting parting, WaitCancellation token)
    {
        switch (parting)
        {
            case Parting.Event:
                kq.Apply(Change.Trigger(2));
                break;
            case Parting.Interrupt:
                kq.Queue.Interrupt(token);
                break;
            case Parting.Signal:
                kq.Poller.Signal();
                break;
        }
    }
}
