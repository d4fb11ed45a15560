using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>Some seconds of everything at once, with an account of every byte, trigger and expiration.</summary>
internal sealed class StressTests : LinuxFixture
{
    private static readonly EventFlags[] s_modes = [EventFlags.Clear, EventFlags.Dispatch, EventFlags.OneShot];

    [Test]
    public void EveryByteArrives([Values(2, 4, 16)] int threads)
    {
        // Writers send, servers read what the queue reports, one thread registers and deletes descriptors beside, one keeps closing
        // numbers. All bytes that were written must have been read by a server at the end.
        const int channels = 24;
        PairKind[] kinds = [PairKind.Pipe, PairKind.UnixStream, PairKind.Tcp];
        Channel[] all = [.. Enumerable.Range(0, channels).Select(i => new Channel(NewPair(kinds[i % 3]), s_modes[i / 3 % 3]))];
        Dictionary<nuint, Channel> byNumber = all.ToDictionary(c => (nuint)(int)c.Pair.A);
        TestQueue q = NewQueue();
        foreach (Channel channel in all)
            q.AddRead(channel.Pair.A, channel.Mode);
        q.Add(1, EventFilter.User, EventFlags.Clear);
        q.Add(1, EventFilter.Timer, data: 1);
        bool writing = true;
        bool serving = true;
        long unexpected = 0;
        TestThread[] servers = TestThread.Start(Math.Max(1, threads / 2), _ =>
        {
            while (Volatile.Read(ref serving))
            {
                foreach (KEvent e in q.Collect(8, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(20))))
                {
                    if (e.Filter != EventFilter.Read)
                        continue;
                    if (byNumber.TryGetValue(e.Ident, out Channel? channel))
                        channel.Serve(q);
                    else
                        Interlocked.Increment(ref unexpected);
                }
            }
        });
        TestThread[] writers = TestThread.Start(Math.Max(1, threads / 2 - 1), i =>
        {
            Random random = new(i);
            while (Volatile.Read(ref writing))
            {
                all[random.Next(channels)].Send(random.Next(1, 600));
                if (random.Next(16) == 0)
                    q.Trigger(1);
            }
        });
        using TestThread churner = new(() =>
        {
            Random random = new(77);
            while (Volatile.Read(ref writing))
            {
                using Pair pair = Pair.Create(kinds[random.Next(3)]);
                using TestQueue other = new();
                other.AddRead(pair.A, EventFlags.Clear);
                pair.B.Write(1);
                other.WaitOne();
                if (random.Next(2) == 0)
                    other.Delete(pair.A, EventFilter.Read);
            }
        });
        Thread.Sleep(Rounds.Of(quick: 800, thorough: 2500));
        Volatile.Write(ref writing, false);
        TestThread.JoinAll(writers);
        churner.Join();
        Eventually.Holds(
            () => all.All(c => c.Received == c.Sent),
            () => string.Join(", ", all.Where(c => c.Received != c.Sent).Select(c => $"{c.Pair.A} {c.Mode}: {c.Received} of {c.Sent} bytes")));
        Volatile.Write(ref serving, false);
        TestThread.JoinAll(servers);
        Assert.That(unexpected, Is.Zero, "events of numbers that were never registered here");
        Assert.That(all.Sum(c => c.Sent), Is.GreaterThan(100_000), "the test did some work");
    }

    [Test]
    public void TimersAndDescriptorsTogetherLoseNoExpiration()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        q.AddRead(pipe.A, EventFlags.Clear);
        const int timers = 50;
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        for (int i = 0; i < timers; i++)
            q.Add(i, EventFilter.Timer, data: 1 + i % 10);
        long[] expirations = new long[timers];
        bool over = false;
        TestThread[] threads = TestThread.Start(4, i =>
        {
            while (!Volatile.Read(ref over))
            {
                if (i == 0)
                    pipe.B.TryWrite([1]);
                foreach (KEvent e in q.Collect(4, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(5))))
                {
                    if (e.Filter == EventFilter.Timer)
                        Interlocked.Add(ref expirations[(int)e.Ident], e.Data);
                    else
                        pipe.A.Drain();
                }
            }
        });
        Thread.Sleep(1500);
        Volatile.Write(ref over, true);
        TestThread.JoinAll(threads);
        foreach (KEvent e in q.Poll())
        {
            if (e.Filter == EventFilter.Timer)
                expirations[(int)e.Ident] += e.Data;
        }

        double elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        for (int i = 0; i < timers; i++)
        {
            double most = elapsed / (1 + i % 10);
            Assert.That(expirations[i], Is.InRange(1500 / (1 + i % 10) - 1, most + 1), $"timer {i} of {elapsed} ms");
        }
    }

    private sealed class Channel(Pair pair, EventFlags mode)
    {
        private readonly Lock _writer = new();
        private long _sent;
        private long _received;

        internal Pair Pair { get; } = pair;

        internal EventFlags Mode { get; } = mode;

        internal long Sent => Volatile.Read(ref _sent);

        internal long Received => Volatile.Read(ref _received);

        internal void Send(int bytes)
        {
            lock (_writer)
                _sent += Math.Max(0, Pair.B.TryWrite(new byte[bytes]));
        }

        internal void Serve(TestQueue q)
        {
            Interlocked.Add(ref _received, Pair.A.Drain());
            if (Mode == EventFlags.Dispatch)
                q.Enable(Pair.A, EventFilter.Read);
            else if (Mode == EventFlags.OneShot)
                q.AddRead(Pair.A, EventFlags.OneShot);
        }
    }
}
