using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>Queues that watch queues (NEST-001 to NEST-008).</summary>
internal sealed class NestedQueueTests : LinuxFixture
{
    [Test]
    public void DataIsTheNumberOfQueuedEvents()
    {
        (TestQueue outer, TestQueue inner) = NewNest();
        outer.ExpectSilence();
        for (int i = 1; i <= 3; i++)
        {
            inner.Add(i, EventFilter.User, EventFlags.Clear);
            inner.Trigger(i);
            Assert.That(outer.WaitOne(), Is.EqualTo(Ev.Read(inner.Number, i, udata: 9)), "NEST-001");
            Assert.That(outer.WaitOne().Data, Is.EqualTo(i), "level");
        }

        Assert.That(inner.Poll(2), Has.Length.EqualTo(2));
        Assert.That(outer.WaitOne().Data, Is.EqualTo(1));
        Assert.That(inner.Poll(), Has.Length.EqualTo(1));
        outer.ExpectSilence("NEST-004");
        WakeUps.AreFew(outer);
    }

    [Test]
    public void DataCountsDescriptorsTimersAndUserEvents()
    {
        (TestQueue outer, TestQueue inner) = NewNest();
        Pair pipe = NewPipe();
        Fd file = Keep(Temp.File("f", 3));
        inner.AddRead(pipe.A);
        inner.AddRead(file);
        inner.Add(1, EventFilter.User);
        inner.Add(1, EventFilter.Timer, EventFlags.OneShot, data: 1);
        pipe.B.Write(1);
        inner.Trigger(1);
        outer.Settle(Ev.Read(inner.Number, 4, udata: 9));
        Assert.That(inner.Wait(), Has.Length.EqualTo(4));
    }

    [Test]
    public void DataCountsMoreDescriptorsThanOneHarvestHolds()
    {
        (TestQueue outer, TestQueue inner) = NewNest();
        const int count = 700;
        for (int i = 0; i < count; i++)
            inner.AddRead(Keep(Fd.Opened(Posix.EventFd(1, Posix.NonBlockCloseOnExec))));
        Assert.That(outer.WaitOne(), Is.EqualTo(Ev.Read(inner.Number, count, udata: 9)));
    }

    [Test]
    public void ClearFiresForActivityOnly()
    {
        // The scenario nested_kqueue_clear.
        TestQueue outer = NewQueue();
        TestQueue inner = NewQueue();
        Pair p = NewPipe();
        Pair r = NewPipe();
        inner.AddRead(p.A, EventFlags.Clear);
        inner.AddRead(r.A, EventFlags.Clear);
        outer.AddRead(inner.Number, EventFlags.Clear);
        p.B.Write(5);
        Assert.That(outer.WaitOne(), Is.EqualTo(Ev.Read(inner.Number, 1, EventFlags.Clear)));
        outer.ExpectSilence();
        r.B.Write(1);
        Assert.That(outer.WaitOne(), Is.EqualTo(Ev.Read(inner.Number, 2, EventFlags.Clear)));
        Assert.That(inner.Poll(), Has.Length.EqualTo(2));
        outer.ExpectSilence("collecting is no activity");
        p.B.Write(1);
        Assert.That(outer.WaitOne(), Is.EqualTo(Ev.Read(inner.Number, 1, EventFlags.Clear)));
        Assert.That(inner.Poll(), Is.EqualTo(new[] { Ev.Read(p.A, 6, EventFlags.Clear) }));
        outer.ExpectSilence();
    }

    [Test]
    public void ActivityWhileSomethingIsQueuedWakesASleeperOfTheOuterQueue()
    {
        TestQueue inner = NewQueue();
        TestQueue outer = NewQueue();
        inner.Add(1, EventFilter.User, EventFlags.Clear);
        inner.Add(2, EventFilter.User, EventFlags.Clear);
        outer.AddRead(inner.Number, EventFlags.Clear);
        inner.Trigger(1);
        Assert.That(outer.WaitOne(), Is.EqualTo(Ev.Read(inner.Number, 1, EventFlags.Clear)));
        KEvent e = default;
        using TestThread waiter = new(() => e = outer.WaitOne());
        waiter.AwaitSleep();
        inner.Trigger(2);
        waiter.Join();
        Assert.That(e, Is.EqualTo(Ev.Read(inner.Number, 2, EventFlags.Clear)), "CORE-CLR-002");
    }

    [Test]
    public void AddAgainTellsWhatIsQueued()
    {
        TestQueue inner = NewQueue();
        TestQueue outer = NewQueue();
        inner.Add(1, EventFilter.User, EventFlags.Clear);
        outer.AddRead(inner.Number, EventFlags.Clear);
        inner.Trigger(1);
        Assert.That(outer.WaitOne(), Is.EqualTo(Ev.Read(inner.Number, 1, EventFlags.Clear)));
        outer.ExpectNothing();
        outer.AddRead(inner.Number, EventFlags.Clear, udata: 3);
        Assert.That(outer.Poll(), Is.EqualTo(new[] { Ev.Read(inner.Number, 1, EventFlags.Clear, udata: 3) }));
        outer.ExpectNothing();
    }

    [Test]
    public void ThreeLevelsPassEventsOn()
    {
        TestQueue[] queues = [NewQueue(), NewQueue(), NewQueue()];
        Pair pipe = NewPipe();
        for (int i = 0; i < 2; i++)
            queues[i].AddRead(queues[i + 1].Number);
        queues[2].AddRead(pipe.A);
        queues[2].Add(1, EventFilter.User, EventFlags.Clear);
        for (int round = 0; round < 3; round++)
        {
            queues[0].ExpectSilence();
            pipe.B.Write(1);
            Assert.That(queues[0].WaitOne(), Is.EqualTo(Ev.Read(queues[1].Number, 1)));
            Assert.That(queues[1].WaitOne(), Is.EqualTo(Ev.Read(queues[2].Number, 1)));
            Assert.That(queues[2].WaitOne(), Is.EqualTo(Ev.Read(pipe.A, 1)));
            pipe.A.Read(1);
            Assert.That(queues[2].Poll(), Is.Empty);
            Assert.That(queues[1].Poll(), Is.Empty, "its length is stale until it is scanned (trace nested_kqueue)");
            queues[0].ExpectSilence("NEST-004 through the levels");
            queues[2].Trigger(1);
            Assert.That(queues[0].WaitOne(), Is.EqualTo(Ev.Read(queues[1].Number, 1)));
            Assert.That(queues[2].WaitOne().Filter, Is.EqualTo(EventFilter.User));
            Assert.That(queues[1].Poll(), Is.Empty);
        }
    }

    [Test]
    public void WatchingItselfIsRefused()
    {
        TestQueue q = NewQueue();
        Assert.That(q.TryAdd(q.Number, EventFilter.Read), Is.EqualTo(Errno.EINVAL), "NEST-003");
        Assert.That(q.Queue.KnoteCount, Is.Zero);
        q.Add(1, EventFilter.User);
        q.Trigger(1);
        Assert.That(q.Poll(), Has.Length.EqualTo(1));
    }

    [Test]
    public void CirclesAreRefused()
    {
        TestQueue[] queues = [NewQueue(), NewQueue(), NewQueue()];
        queues[0].AddRead(queues[1].Number);
        queues[1].AddRead(queues[2].Number);
        Assert.That(queues[2].TryAdd(queues[0].Number, EventFilter.Read), Is.EqualTo(Errno.EINVAL));
        Assert.That(queues[1].TryAdd(queues[0].Number, EventFilter.Read), Is.EqualTo(Errno.EINVAL));
        queues[2].Add(1, EventFilter.User);
        queues[2].Trigger(1);
        Assert.That(queues[0].WaitOne().Data, Is.EqualTo(1), "a refused circle leaves nothing behind");
    }

    [Test]
    public void CirclesMadeByTwoThreadsAtOnceDoNotDeadlock()
    {
        for (int round = 0; round < 200; round++)
        {
            using TestQueue a = new();
            using TestQueue b = new();
            int numberOfA = a.Number;
            int numberOfB = b.Number;
            using Barrier start = new(2);
            Errno[] errors = new Errno[2];
            TestThread.JoinAll(TestThread.Start(2, i =>
            {
                start.SignalAndWait();
                errors[i] = i == 0 ? a.TryAdd(numberOfB, EventFilter.Read) : b.TryAdd(numberOfA, EventFilter.Read);
            }));
            Assert.That(errors, Is.EquivalentTo(new[] { Errno.None, Errno.EINVAL }));
        }
    }

    [Test]
    public void OtherFiltersOnAQueueAreRefused([Values("freebsd", "netbsd", "openbsd", "macos")] string name)
    {
        Dialect dialect = Dialect.Find(name)!;
        TestQueue q = NewQueue(dialect);
        int inner = NewQueue(dialect).Number;
        Assert.That(q.TryAdd(inner, EventFilter.Write), Is.EqualTo(dialect.QueueWrite), "NEST-002");
        Assert.That(q.TryAdd(inner, EventFilter.Except), Is.EqualTo(Errno.EINVAL));
        Assert.That(q.TryAdd(inner, EventFilter.Empty), Is.EqualTo(Errno.EINVAL));
    }

    [Test]
    public void ClosedInnerQueueIsForgotten([Values(EventFlags.None, EventFlags.Clear)] EventFlags clear)
    {
        TestQueue outer = NewQueue();
        TestQueue inner = NewQueue();
        inner.Add(1, EventFilter.User);
        int number = inner.Number;
        outer.AddRead(number, clear);
        inner.Trigger(1);
        Assert.That(outer.WaitOne().Data, Is.EqualTo(1));
        inner.Dispose();
        outer.ExpectSilence("NEST-008");
        WakeUps.AreFew(outer);
        Assert.That(outer.TryDelete(number, EventFilter.Read), Is.EqualTo(Errno.EBADF));
        Assert.That(outer.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void NumberOfAClosedInnerQueueServesTheNextOne()
    {
        TestQueue outer = NewQueue();
        for (int i = 0; i < 100; i++)
        {
            using TestQueue inner = new();
            outer.AddRead(inner.Number, udata: i);
            inner.Add(1, EventFilter.User);
            outer.ExpectNothing();
            inner.Trigger(1);
            Assert.That(outer.Poll(), Is.EqualTo(new[] { Ev.Read(inner.Number, 1, udata: i) }));
        }
    }

    [Test]
    public void InnerTimerWakesAWaiterOfTheOuter()
    {
        (TestQueue outer, TestQueue inner) = NewNest();
        KEvent e = default;
        using TestThread waiter = new(() => e = outer.WaitOne());
        waiter.AwaitSleep();
        inner.Add(1, EventFilter.Timer, EventFlags.OneShot, data: 5);
        waiter.Join();
        Assert.That(e, Is.EqualTo(Ev.Read(inner.Number, 1, udata: 9)));
        Assert.That(inner.WaitOne().Filter, Is.EqualTo(EventFilter.Timer));
        outer.ExpectSilence();
    }

    [Test]
    public void OneInnerQueueServesTwoOuterOnes()
    {
        TestQueue inner = NewQueue();
        TestQueue[] outer = [NewQueue(), NewQueue()];
        inner.Add(1, EventFilter.User);
        foreach (TestQueue q in outer)
            q.AddRead(inner.Number);
        inner.Trigger(1);
        foreach (TestQueue q in outer)
            Assert.That(q.WaitOne().Data, Is.EqualTo(1));
        outer[0].Delete(inner.Number, EventFilter.Read);
        Assert.That(outer[1].WaitOne().Data, Is.EqualTo(1), "still watched by the other");
    }

    [Test]
    public void CountingFromOutsideTakesNoEventFromAnInnerWaiter()
    {
        // The outer queue's look may take an edge, or the wake-up, that a thread asleep on the inner queue was to get.
        TestQueue inner = NewQueue();
        TestQueue outer = NewQueue();
        Pair pipe = NewPipe();
        inner.AddRead(pipe.A, EventFlags.Clear);
        inner.Add(1, EventFilter.User, EventFlags.Clear);
        outer.AddRead(inner.Number);
        int rounds = Rounds.Of(quick: 500, thorough: 2000);
        int taken = 0;
        bool over = false;
        using TestThread waiter = new(() =>
        {
            for (int i = 0; i < rounds; i++)
            {
                inner.Wait(1);
                Volatile.Write(ref taken, i + 1);
            }
        });
        using TestThread watcher = new(() =>
        {
            while (!Volatile.Read(ref over))
                outer.Poll();
        });
        for (int i = 0; i < rounds; i++)
        {
            if (i % 2 == 0)
                pipe.B.Write(1);
            else
                inner.Trigger(1);
            Eventually.Holds(() => Volatile.Read(ref taken) == i + 1, () => $"event {i} of the inner queue");
        }

        Volatile.Write(ref over, true);
        waiter.Join();
        watcher.Join();
    }

    [Test]
    public void DisabledInnerRegistrationsDoNotSpinTheOuterQueue()
    {
        (TestQueue outer, TestQueue inner) = NewNest();
        Pair pipe = NewPipe();
        inner.AddRead(pipe.A);
        inner.Disable(pipe.A, EventFilter.Read);

        // Disabled from the start: what expires before it is disabled stays in the count that the outer queue is told, until a scan meets it.
        inner.Add(1, EventFilter.Timer, EventFlags.Disable, data: 1);
        pipe.B.Write(1);
        outer.ExpectSilence();
        WakeUps.AreFew(outer);
    }

    private (TestQueue Outer, TestQueue Inner) NewNest()
    {
        TestQueue inner = NewQueue();
        TestQueue outer = NewQueue();
        outer.AddRead(inner.Number, udata: 9);
        return (outer, inner);
    }
}
