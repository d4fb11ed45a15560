using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>Dispose while threads wait, change, trigger and ask for the descriptor.</summary>
internal sealed class DisposeRaceTests : LinuxFixture
{
    [Test]
    public void DisposeWakesAllWaitersWithBadDescriptor([Values(1, 2, 12)] int threads, [Values] bool withDescriptors, [Values] bool exported)
    {
        for (int round = 0; round < 20; round++)
        {
            using Pair pipe = Pair.Pipe();
            TestQueue q = new();
            if (withDescriptors)
                q.AddRead(pipe.A);
            if (exported)
                Assert.That(q.Number, Is.Positive);
            (int, Errno)[] results = new (int, Errno)[threads];
            TestThread[] waiters = TestThread.Start(threads, i =>
            {
                Errno error;
                do
                    results[i].Item1 = q.Queue.Kevent([], new KEvent[1], KeventTimeout.Infinite, null, out error);
                while (error == Errno.EINTR);
                results[i].Item2 = error;
            });
            foreach (TestThread waiter in waiters)
                waiter.AwaitSleep();
            q.Dispose();
            TestThread.JoinAll(waiters);
            Assert.That(results, Is.All.EqualTo((-1, Errno.EBADF)));
            Assert.That(q.Try(new KEvent(1, EventFilter.User, EventFlags.Add)), Is.EqualTo(Errno.EBADF));
            q.Dispose();
        }
    }

    [Test]
    public void DisposeAmongChangesAndWaitsLeavesNoDescriptor()
    {
        Pair[] pairs = [NewPipe(), NewPair(PairKind.UnixStream), NewPair(PairKind.Tcp)];
        Fd file = Keep(Temp.File("f", 1));
        for (int round = 0; round < 150; round++)
        {
            SortedDictionary<int, string> before = Census.Take();
            TestQueue q = new();
            using Barrier start = new(7);
            TestThread[] threads = TestThread.Start(6, i =>
            {
                start.SignalAndWait();
                KEvent[] events = new KEvent[4];
                for (int n = 0; ; n++)
                {
                    KEvent change = (i, n % 4) switch
                    {
                        (0, _) => new KEvent((nuint)n, EventFilter.User, EventFlags.Add | EventFlags.OneShot),
                        (1, _) => new KEvent((nuint)(int)pairs[n % 3].A, EventFilter.Read, EventFlags.Add | EventFlags.Clear),
                        (2, _) => new KEvent((nuint)(int)pairs[n % 3].A, EventFilter.Write, EventFlags.Add),
                        (3, 0) => new KEvent((nuint)(int)file, EventFilter.Read, EventFlags.Add),
                        (3, 1) => new KEvent((nuint)(int)file, EventFilter.Read, EventFlags.Delete),
                        (3, _) => new KEvent((nuint)(int)pairs[n % 3].A, EventFilter.Read, EventFlags.Delete),
                        (4, _) => new KEvent((nuint)n, EventFilter.Timer, EventFlags.Add, data: 1),
                        _ => default,
                    };
                    ReadOnlySpan<KEvent> changes = i == 5 ? [] : [change];
                    KeventTimeout timeout = i % 2 == 0 ? KeventTimeout.Zero : KeventTimeout.FromTimeSpan(TimeSpan.FromSeconds(10));
                    q.Queue.Kevent(changes, events.AsSpan(0, i == 0 ? 1 : 4), timeout, null, out Errno error);
                    if (error == Errno.EBADF)
                        return;
                }
            });
            start.SignalAndWait();
            if (round % 3 == 0)
                Assert.That(q.Number, Is.Positive);
            Thread.Sleep(round % 5);
            q.Dispose();
            TestThread.JoinAll(threads);
            KeyValuePair<int, string>[] left = [];
            Eventually.Holds(() => (left = [.. Census.Take().Without(before)]).Length == 0, () => $"the closing of {string.Join(", ", left)}");
        }
    }

    [Test]
    public void DisposeAgainstTheHandingOutOfTheDescriptor()
    {
        for (int round = 0; round < 300; round++)
        {
            TestQueue q = new();
            using Barrier start = new(2);
            using TestThread asker = new(() =>
            {
                start.SignalAndWait();
                try
                {
                    _ = q.Queue.Descriptor;
                }
                catch (KqueueException e)
                {
                    Assert.That(e.Error, Is.EqualTo(Errno.EBADF));
                }
            });
            start.SignalAndWait();
            q.Dispose();
            asker.Join();
        }
    }

    [Test]
    public void DisposeOfAnInnerQueueAgainstItsOuterQueue()
    {
        TestQueue outer = NewQueue();
        bool over = false;
        using TestThread watcher = new(() =>
        {
            while (!Volatile.Read(ref over))
                outer.Collect(4, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(1)));
        });
        HashSet<int> numbers = [];
        for (int round = 0; round < 500; round++)
        {
            TestQueue inner = new();
            inner.Add(1, EventFilter.User);
            numbers.Add(inner.Number);
            outer.AddRead(inner.Number);
            inner.Trigger(1);
            inner.Dispose();
        }

        Volatile.Write(ref over, true);
        watcher.Join();
        Assert.That(outer.Queue.KnoteCount, Is.LessThanOrEqualTo(numbers.Count), "no more than one for each number");
        outer.ExpectNothing();
    }

    [Test]
    public void PeerAndQueueCloseTogether()
    {
        for (int round = 0; round < 300; round++)
        {
            Pair pipe = Pair.Pipe();
            TestQueue q = new();
            q.AddRead(pipe.A);
            using Barrier start = new(3);
            TestThread[] threads =
            [
                new(() =>
                {
                    start.SignalAndWait();
                    q.Queue.Kevent([], new KEvent[2], KeventTimeout.FromTimeSpan(Eventually.Limit), null, out _);
                }),
                new(() =>
                {
                    start.SignalAndWait();
                    pipe.B.Dispose();
                }),
                new(() =>
                {
                    start.SignalAndWait();
                    q.Dispose();
                }),
            ];
            TestThread.JoinAll(threads);
            pipe.Dispose();
        }
    }
}
