using System.Collections.Concurrent;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>Many threads wait on one queue: who gets what, and how often (THR-001 to THR-004, ORD-002, ORD-004).</summary>
internal sealed class WaiterRaceTests : LinuxFixture
{
    private static readonly PairKind[] s_kinds = [PairKind.Pipe, PairKind.UnixStream, PairKind.Tcp];

    [TestCaseSource(nameof(s_kinds))]
    public void ClearEventGoesToExactlyOneThread(PairKind kind) =>
        EachActivationOnce(kind, EventFlags.Clear, threads: 6, (q, pair) => pair.A.Drain());

    [TestCaseSource(nameof(s_kinds))]
    public void DispatchEventGoesToExactlyOneThread(PairKind kind) =>
        EachActivationOnce(kind, EventFlags.Dispatch, threads: 6, (q, pair) =>
        {
            pair.A.Drain();
            q.Enable(pair.A, EventFilter.Read);
        });

    [TestCaseSource(nameof(s_kinds))]
    public void OneShotEventGoesToExactlyOneThread(PairKind kind) =>
        EachActivationOnce(kind, EventFlags.OneShot, threads: 6, (q, pair) =>
        {
            pair.A.Drain();
            q.AddRead(pair.A, EventFlags.OneShot);
        });

    [TestCaseSource(nameof(s_kinds))]
    public void BurstOfOneShotsIsDeliveredOnceEach(PairKind kind)
    {
        // THR-004: N sources, N threads, one slot each.
        const int count = 8;
        for (int round = 0; round < 50; round++)
        {
            using TestQueue q = new();
            Pair[] pairs = [.. Enumerable.Range(0, count).Select(_ => Pair.Create(kind))];
            foreach (Pair pair in pairs)
                q.AddRead(pair.A, EventFlags.OneShot);
            ConcurrentBag<nuint> found = [];
            TestThread[] threads = TestThread.Start(count, _ => found.Add(q.Wait(1)[0].Ident));
            foreach (Pair pair in pairs)
                pair.B.Write(1);
            TestThread.JoinAll(threads);
            Assert.That(found, Is.EquivalentTo(pairs.Select(p => (nuint)(int)p.A)));
            q.ExpectNothing();
            foreach (Pair pair in pairs)
                pair.Dispose();
        }
    }

    [TestCaseSource(nameof(s_kinds))]
    public void LevelSourcesTakeTurnsWhenSlotsAreFew(PairKind kind)
    {
        // ORD-002: with fewer slots than ready sources each gets its turn.
        const int count = 7;
        Pair[] pairs = [.. Enumerable.Range(0, count).Select(_ => NewPair(kind))];
        TestQueue q = NewQueue();
        foreach (Pair pair in pairs)
        {
            q.AddRead(pair.A);
            pair.B.Write(1);
            Eventually.Holds(() => pair.A.Readable() == 1, "the byte");
        }

        foreach (int slots in new[] { 1, 2, 3 })
        {
            List<nuint> served = [];
            while (served.Count < count * 6)
                served.AddRange(q.Poll(slots).Select(e => e.Ident));
            for (int at = 0; at + count <= served.Count; at += count)
            {
                Assert.That(
                    served.Skip(at).Take(count), Is.EquivalentTo(pairs.Select(p => (nuint)(int)p.A)), $"{slots} slots: {string.Join(' ', served)}");
            }
        }
    }

    [Test]
    public void LevelSourcesTakeTurnsAmongThreads()
    {
        const int count = 5;
        Pair[] pairs = [.. Enumerable.Range(0, count).Select(_ => NewPipe())];
        TestQueue q = NewQueue();
        foreach (Pair pair in pairs)
        {
            q.AddRead(pair.A);
            pair.B.Write(1);
        }

        ConcurrentDictionary<nuint, int> served = new();
        TestThread.JoinAll(TestThread.Start(4, _ =>
        {
            for (int i = 0; i < 500; i++)
                served.AddOrUpdate(q.Wait(1)[0].Ident, 1, (_, n) => n + 1);
        }));
        Assert.That(served.Values.Sum(), Is.EqualTo(2000));
        Assert.That(served.Values, Is.All.EqualTo(2000 / count), "round robin under one lock");
    }

    [Test]
    public void UserEventsGoToExactlyOneThreadEach()
    {
        const int threads = 8;
        const int triggers = 20_000;
        TestQueue q = NewQueue();
        for (int i = 0; i < 16; i++)
            q.Add(i, EventFilter.User, EventFlags.Clear);
        int[] pending = new int[16];
        long delivered = 0;
        bool over = false;
        TestThread[] waiters = TestThread.Start(threads, _ =>
        {
            while (!Volatile.Read(ref over))
            {
                foreach (KEvent e in q.Collect(2, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(50))))
                {
                    Assert.That(Interlocked.Exchange(ref pending[(int)e.Ident], 0), Is.EqualTo(1), $"delivered without a trigger: {e}");
                    Interlocked.Increment(ref delivered);
                }
            }
        });
        for (int i = 0; i < triggers; i++)
        {
            int ident = i % 16;
            Eventually.Holds(() => Volatile.Read(ref pending[ident]) == 0, () => $"delivery of trigger {i}");
            Volatile.Write(ref pending[ident], 1);
            q.Trigger(ident);
        }

        Eventually.Holds(() => Volatile.Read(ref delivered) == triggers, () => $"{triggers} deliveries, had {delivered}");
        Volatile.Write(ref over, true);
        TestThread.JoinAll(waiters);
    }

    [Test]
    public void FloodDoesNotExtendAScanWithoutEnd()
    {
        // ORD-004.
        Pair[] pairs = [.. Enumerable.Range(0, 4).Select(_ => NewPipe())];
        TestQueue q = NewQueue();
        foreach (Pair pair in pairs)
            q.AddRead(pair.A, EventFlags.Clear);
        bool over = false;
        TestThread[] producers = TestThread.Start(2, i =>
        {
            while (!Volatile.Read(ref over))
            {
                pairs[i].B.TryWrite([1]);
                pairs[i + 2].B.TryWrite([1]);
            }
        });
        for (int i = 0; i < 2000; i++)
        {
            KEvent[] events = q.Poll();
            Assert.That(events.Select(e => e.Ident), Is.Unique, string.Join(' ', events));
            foreach (Pair pair in pairs)
                pair.A.TryRead(new byte[64]);
        }

        Volatile.Write(ref over, true);
        TestThread.JoinAll(producers);
    }

    [Test]
    public void InterruptReachesTheRightSleeper()
    {
        const int count = 8;
        TestQueue q = NewQueue();
        q.AddRead(NewPipe().A);
        WaitCancellation[] cancellations = [.. Enumerable.Range(0, count).Select(_ => new WaitCancellation())];
        int[] results = [.. Enumerable.Repeat(-2, count)];
        TestThread[] sleepers = TestThread.Start(count, i =>
        {
            Errno error;
            do
                results[i] = q.Queue.Kevent([], new KEvent[1], KeventTimeout.Infinite, cancellations[i], out error);
            while (error == Errno.EINTR);
        });
        foreach (TestThread sleeper in sleepers)
            sleeper.AwaitSleep();

        // The first to fall asleep is the last that epoll wakes.
        foreach (int i in new[] { 0, 5, 1, 7, 3, 2, 6, 4 })
        {
            q.Queue.Interrupt(cancellations[i]);
            sleepers[i].Join();
            Assert.That(results[i], Is.Zero);
        }
    }

    /// <summary>
    /// Writes one byte at a time and waits for its delivery: every thread that gets an event must find it announced, and no second one may get it.
    /// </summary>
    private void EachActivationOnce(PairKind kind, EventFlags flags, int threads, Action<TestQueue, Pair> serve)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pair.A, flags);
        const int rounds = 1500;
        int announced = 0;
        int delivered = 0;
        bool over = false;
        string? wrong = null;
        TestThread[] waiters = TestThread.Start(threads, _ =>
        {
            while (!Volatile.Read(ref over))
            {
                foreach (KEvent e in q.Collect(4, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(50))))
                {
                    if (e.Ident != (nuint)(int)pair.A || e.Data != 1 || Interlocked.Exchange(ref announced, 0) != 1)
                        Volatile.Write(ref wrong, $"{e}: delivered twice, or with the wrong content");
                    serve(q, pair);
                    Interlocked.Increment(ref delivered);
                }
            }
        });
        for (int i = 0; i < rounds; i++)
        {
            Volatile.Write(ref announced, 1);
            pair.B.Write(1);
            Eventually.Holds(() => Volatile.Read(ref delivered) == i + 1 || wrong is not null, () => $"delivery {i + 1}, had {delivered}");
            if (wrong is not null)
                break;
        }

        Volatile.Write(ref over, true);
        TestThread.JoinAll(waiters);
        Assert.That(wrong, Is.Null);
        Assert.That(delivered, Is.EqualTo(rounds));
    }
}
