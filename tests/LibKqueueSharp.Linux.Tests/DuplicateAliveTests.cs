using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>
/// A watched number is closed while a duplicate of its file lives: epoll keeps the registration, and nothing can take it back. Its events may
/// neither be delivered nor keep a waiter busy, and getting rid of them may not harm what is registered beside.
/// </summary>
internal sealed class DuplicateAliveTests : LinuxFixture
{
    /// <summary>The number that is closed and used again: nothing else gets as far.</summary>
    private const int Slot = 900;

    [Test]
    public void OldFileNeitherDeliversNorSpins(
        [Values(PairKind.Pipe, PairKind.UnixStream, PairKind.Tcp)] PairKind kind,
        [Values(EventFlags.None, EventFlags.Clear, EventFlags.Disable, EventFlags.Dispatch)] EventFlags flags,
        [Values] bool activeBefore)
    {
        TestQueue q = NewQueue();
        Orphan orphan = NewOrphan(kind);
        q.AddRead(Slot, flags);
        if (activeBefore)
            orphan.Write();
        if (activeBefore && (flags & EventFlags.Disable) == 0)
            Assert.That(q.WaitOne().Ident, Is.EqualTo((nuint)Slot));
        orphan.CloseWatched();
        orphan.Write();
        q.ExpectSilence("the number was closed");
        WakeUps.AreFew(q);
    }

    [Test]
    public void OldFileOfADeletedRegistrationDoesNotKeepTheQueueReadable([Values(PairKind.Pipe, PairKind.UnixStream, PairKind.Tcp)] PairKind kind)
    {
        TestQueue q = NewQueue();
        int fd = q.Number;
        Orphan orphan = NewOrphan(kind);
        q.AddRead(Slot);
        orphan.CloseWatched();
        Assert.That(q.TryDelete(Slot, EventFilter.Read), Is.EqualTo(Errno.EBADF));
        orphan.Write();
        q.ExpectNothing("an event of the old file, which may have been on its way");
        q.ExpectNothing("a second one, which cannot");
        Assert.That(Readiness.IsReadable(Readiness.Way.Poll, fd), Is.False, "nothing is registered");
    }

    [Test]
    public void OldFileUnderAReusedNumberNeitherDeliversNorSpins(
        [Values(PairKind.Pipe, PairKind.UnixStream, PairKind.Tcp)] PairKind kind,
        [Values(EventFlags.None, EventFlags.Clear, EventFlags.Disable, EventFlags.Dispatch)] EventFlags flags,
        [Values] bool registeredAgain)
    {
        TestQueue q = NewQueue();
        Orphan orphan = NewOrphan(kind);
        q.AddRead(Slot, flags, udata: 1);
        orphan.CloseWatched();
        Orphan next = NewOrphan(kind);
        if (registeredAgain)
            q.AddRead(Slot, udata: 2);
        orphan.Write();
        q.ExpectSilence("the new file has nothing to read");
        WakeUps.AreFew(q);
        next.Write();
        if (registeredAgain)
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(Slot, 1, udata: 2)));
        else
            q.ExpectSilence("the new file was not registered");
    }

    [Test]
    public void RoomOfAnOldFileIsNotThatOfTheNumber(
        [Values(PairKind.Pipe, PairKind.UnixStream, PairKind.Tcp)] PairKind kind,
        [Values(EventFlags.None, EventFlags.Clear, EventFlags.Dispatch)] EventFlags flags)
    {
        TestQueue q = NewQueue();
        Pair pair = NewPair(kind);
        Pair next = NewPair(kind);
        Assert.That(Syscall.dup2(pair.B, Slot), Is.EqualTo(Slot));
        q.Add(Slot, EventFilter.Write, flags);
        Assert.That(Syscall.dup2(next.B, Slot), Is.EqualTo(Slot));
        try
        {
            q.ExpectSilence("the new file was not registered");
        }
        finally
        {
            Syscall.close(Slot);
        }
    }

    [Test]
    public void ManyOldFilesDoNotSpin([Values(5, 9, 40)] int count)
    {
        // Each is reported by every call of epoll_wait until the queue has got rid of all of them.
        TestQueue q = NewQueue();
        Orphan[] orphans = new Orphan[count];
        for (int i = 0; i < count; i++)
        {
            orphans[i] = NewOrphan(PairKind.Pipe);
            q.AddRead(Slot);
            orphans[i].CloseWatched();
        }

        foreach (Orphan orphan in orphans)
            orphan.Write();
        q.ExpectSilence();
        WakeUps.AreFew(q);
    }

    [Test]
    public void WritersOfAnOldFileDoNotSpin()
    {
        TestQueue q = NewQueue();
        Pair pair = NewPair(PairKind.UnixStream);
        Fd duplicate = Keep(pair.A.Duplicate());
        q.AddWrite(pair.A);
        Assert.That(q.WaitOne().Filter, Is.EqualTo(EventFilter.Write));
        pair.A.Dispose();
        q.ExpectSilence($"{duplicate} is writable all the time");
        WakeUps.AreFew(q);
    }

    [Test]
    public void RegistrationsBesideAnOldFileLiveOn()
    {
        TestQueue q = NewQueue();
        Pair level = NewPipe();
        Pair both = NewPair(PairKind.UnixStream);
        Fd file = Keep(Temp.File("f", 0));
        TestQueue inner = NewQueue();
        q.AddRead(level.A);
        q.AddRead(both.A, EventFlags.Clear);
        q.AddWrite(both.A, EventFlags.Clear);
        q.AddRead(file, EventFlags.Clear);
        q.AddRead(inner.Number);
        q.Add(1, EventFilter.User, EventFlags.Clear);
        inner.Add(2, EventFilter.User);
        Assert.That(q.WaitOne().Filter, Is.EqualTo(EventFilter.Write));
        Assert.That(GetRidOfAnOrphan(q).Where(e => e.Filter != EventFilter.Write), Is.Empty);
        level.B.Write(1);
        both.B.Write(2);
        Temp.Append("f", 3);
        inner.Trigger(2);
        q.Trigger(1);
        Assert.That(
            q.Poll(),
            Is.EquivalentTo(new[]
            {
                Ev.Read(level.A, 1), Ev.Read(both.A, 2, EventFlags.Clear), Ev.Read(file, 3, EventFlags.Clear),
                Ev.Read(inner.Number, 1), new KEvent(1, EventFilter.User, EventFlags.Clear),
            }));
    }

    [Test]
    public void ClosedNumberIsNotBroughtBackByTheRebuild()
    {
        // A number that was closed and used again without EV_ADD must not be registered anew when the set is rebuilt.
        TestQueue q = NewQueue();
        Pair old = Pair.Pipe();
        Fd watched = old.A.MoveTo(Slot + 1);
        q.AddRead(watched, udata: 1);
        watched.Dispose();
        old.Dispose();
        Pair next = NewPipe();
        using Fd reused = next.A.MoveTo(Slot + 1);
        GetRidOfAnOrphan(q);
        next.B.Write(1);
        q.ExpectSilence("the number was never registered for this pipe");
    }

    [Test]
    public void SleepersGoOnAfterTheRebuild()
    {
        TestQueue q = NewQueue();
        Pair[] pipes = [NewPipe(), NewPipe(), NewPipe(), NewPipe()];
        foreach (Pair pipe in pipes)
            q.AddRead(pipe.A, EventFlags.OneShot);
        int delivered = 0;
        TestThread[] sleepers = TestThread.Start(pipes.Length, _ => Interlocked.Add(ref delivered, q.Wait(1).Length));
        foreach (TestThread sleeper in sleepers)
            sleeper.AwaitSleep();
        using Orphan orphan = new(PairKind.Pipe);
        q.AddRead(Slot);
        orphan.CloseWatched();
        orphan.Write();
        Thread.Sleep(20);
        foreach (Pair pipe in pipes)
            pipe.B.Write(1);
        TestThread.JoinAll(sleepers);
        Assert.That(delivered, Is.EqualTo(pipes.Length));
    }

    [Test]
    public void DescriptorOfTheQueueStaysReadableAfterTheRebuild([Values] Readiness.Way way)
    {
        TestQueue q = NewQueue();
        int fd = q.Number;
        q.Add(1, EventFilter.User, EventFlags.Clear);
        GetRidOfAnOrphan(q);
        Assert.That(Readiness.IsReadable(way, fd), Is.False, "nothing is pending, and the orphan is gone");
        q.Trigger(1);
        Assert.That(Readiness.IsReadable(way, fd), Is.True);
        Assert.That(q.Poll(), Has.Length.EqualTo(1));
        Assert.That(Readiness.IsReadable(way, fd), Is.False);
    }

    [Test]
    public unsafe void EventLoopThatWatchesTheDescriptorOfTheQueueSeesItAfterTheRebuild()
    {
        // An event loop that has the queue's descriptor in an epoll set of its own.
        TestQueue q = NewQueue();
        q.Add(1, EventFilter.User, EventFlags.Clear);
        Fd loop = Keep(Fd.Opened(Posix.EpollCreate(Tmds.Linux.LibC.EPOLL_CLOEXEC)));
        Tmds.Linux.epoll_event e = new() { events = (int)Posix.EPOLLIN };
        Assert.That(Posix.EpollControl(loop, Posix.EPOLL_CTL_ADD, q.Number, &e), Is.Zero);
        q.Trigger(1);
        Assert.That(Posix.EpollWait(loop, &e, 1, 0), Is.EqualTo(1));
        Assert.That(q.Poll(), Has.Length.EqualTo(1));
        GetRidOfAnOrphan(q);
        Assert.That(Posix.EpollWait(loop, &e, 1, 0), Is.Zero);
        q.Trigger(1);
        Assert.That(Posix.EpollWait(loop, &e, 1, 0), Is.EqualTo(1));
        Assert.That(q.Poll(), Has.Length.EqualTo(1));
        Assert.That(Posix.EpollWait(loop, &e, 1, 0), Is.Zero);
        Pair pipe = NewPipe();
        q.AddRead(pipe.A);
        pipe.B.Write(1);
        Assert.That(Posix.EpollWait(loop, &e, 1, 0), Is.EqualTo(1), "a descriptor that was registered after the rebuild");
    }

    [Test]
    public void QueueThatWatchesAQueueSeesItAfterTheRebuild([Values(EventFlags.None, EventFlags.Clear)] EventFlags flags)
    {
        TestQueue outer = NewQueue();
        TestQueue inner = NewQueue();
        inner.Add(1, EventFilter.User, EventFlags.Clear);
        outer.AddRead(inner.Number, flags);
        inner.Trigger(1);
        Assert.That(outer.WaitOne().Data, Is.EqualTo(1));
        Assert.That(inner.Poll(), Has.Length.EqualTo(1));
        GetRidOfAnOrphan(inner);
        outer.ExpectSilence();
        inner.Trigger(1);
        Assert.That(outer.WaitOne().Data, Is.EqualTo(1));
        Assert.That(inner.Poll(), Has.Length.EqualTo(1));
        outer.ExpectSilence();
        Assert.That(outer.TryDelete(inner.Number, EventFilter.Read), Is.EqualTo(Errno.None));
        inner.Trigger(1);
        outer.ExpectSilence();
    }

    [Test]
    public void SleeperInAQueueThatWatchesAQueueIsWokenAfterTheRebuild()
    {
        TestQueue outer = NewQueue();
        TestQueue inner = NewQueue();
        inner.Add(1, EventFilter.User, EventFlags.Clear);
        outer.AddRead(inner.Number);
        long data = 0;
        using TestThread sleeper = new(() => data = outer.WaitOne().Data);
        sleeper.AwaitSleep();
        GetRidOfAnOrphan(inner);
        inner.Trigger(1);
        sleeper.Join();
        Assert.That(data, Is.EqualTo(1));
    }

    [Test]
    public void RebuildRacesWithTheQueueThatWatches()
    {
        // The inner queue makes itself new sets while the outer one registers it, deletes it and waits for it. Its event stays: the thread that
        // polls the inner queue would take an edge before the outer one sees it.
        const int Rounds = 150;
        TestQueue outer = NewQueue();
        TestQueue inner = NewQueue();
        int number = inner.Number;
        inner.Add(1, EventFilter.User);
        using TestThread rebuilding = new(() =>
        {
            for (int i = 0; i < 20; i++)
                GetRidOfAnOrphan(inner);
        });
        for (int i = 0; i < Rounds; i++)
        {
            outer.AddRead(number, (i & 1) == 0 ? EventFlags.None : EventFlags.Clear, udata: i);
            inner.Trigger(1);
            KEvent[] events = outer.Wait();
            Assert.That(events.Single().UData, Is.EqualTo((nint)i), string.Join(' ', events));
            Assert.That(outer.TryDelete(number, EventFilter.Read), Is.EqualTo(Errno.None), $"round {i}");
        }

        rebuilding.Join();
    }

    [Test]
    public void CircleIsStillRefusedAfterTheRebuild([Values] bool outerHasSeenIt)
    {
        TestQueue outer = NewQueue();
        TestQueue inner = NewQueue();
        outer.AddRead(inner.Number);
        inner.Add(1, EventFilter.User, EventFlags.Clear);
        GetRidOfAnOrphan(inner);
        if (outerHasSeenIt)
            outer.ExpectSilence();
        Assert.That(inner.TryAdd(outer.Number, EventFilter.Read), Is.EqualTo(Errno.EINVAL));
        inner.Trigger(1);
        Assert.That(outer.WaitOne().Ident, Is.EqualTo((nuint)inner.Number), "the outer queue still sees the inner one");
    }

    [Test]
    public void PollAfterTheRebuildMissesNothing()
    {
        TestQueue outer = NewQueue();
        TestQueue inner = NewQueue();
        inner.Add(1, EventFilter.User, EventFlags.Clear);
        outer.AddRead(inner.Number);
        GetRidOfAnOrphan(inner);
        inner.Trigger(1);
        Assert.That(outer.Poll(), Is.EqualTo(new[] { Ev.Read(inner.Number, 1) }), "the first look after the rebuild");
    }

    [Test]
    public void PollAfterTheRebuildMissesNothingTwoLevelsBelow()
    {
        TestQueue[] queues = [NewQueue(), NewQueue(), NewQueue()];
        queues[2].Add(1, EventFilter.User, EventFlags.Clear);
        queues[1].AddRead(queues[2].Number);
        queues[0].AddRead(queues[1].Number);
        GetRidOfAnOrphan(queues[2]);
        queues[2].Trigger(1);
        Assert.That(queues[0].Poll(), Is.EqualTo(new[] { Ev.Read(queues[1].Number, 1) }), "the first look after the rebuild");
    }

    /// <summary>Until it has looked again, epoll does not know that the outer queue watches the inner one, and lets the chain grow too long.</summary>
    [Test]
    public void ChainThatGrewDuringTheRebuildStillDelivers()
    {
        TestQueue[] queues = [NewQueue(), NewQueue(), NewQueue(), NewQueue(), NewQueue()];
        queues[4].Add(1, EventFilter.User, EventFlags.Clear);
        queues[3].AddRead(queues[4].Number);
        queues[2].AddRead(queues[3].Number);
        queues[0].AddRead(queues[1].Number);
        Assert.That(queues[0].Number, Is.Positive, "the set that shows the queue is one more");
        GetRidOfAnOrphan(queues[1]);
        queues[1].AddRead(queues[2].Number);
        queues[0].ExpectSilence("nothing has happened");
        WakeUps.AreFew(queues[0]);
        queues[4].Trigger(1);
        Assert.That(queues[0].WaitOne(), Is.EqualTo(Ev.Read(queues[1].Number, 1)));
        Assert.That(queues[0].WaitOne(), Is.EqualTo(Ev.Read(queues[1].Number, 1)), "level");
        Assert.That(queues[4].Poll(), Has.Length.EqualTo(1));
        foreach (TestQueue queue in (TestQueue[])[queues[3], queues[2], queues[1]])
            queue.ExpectNothing("KQ-POLL-004: it counted until it was looked at");
        queues[0].ExpectSilence("it was taken");
        queues[1].Delete(queues[2].Number, EventFilter.Read);
        queues[1].Add(1, EventFilter.User, EventFlags.Clear);
        queues[0].ExpectSilence("the chain is short again");
        queues[1].Trigger(1);
        Assert.That(queues[0].WaitOne(), Is.EqualTo(Ev.Read(queues[1].Number, 1)));
    }

    /// <summary>Makes an orphan, keeps it active, and lets the queue get rid of it.</summary>
    /// <returns>The events of other registrations that came meanwhile.</returns>
    private List<KEvent> GetRidOfAnOrphan(TestQueue q)
    {
        List<KEvent> others = [];
        using Orphan orphan = new(PairKind.Pipe);
        q.AddRead(Slot, udata: -1);
        orphan.CloseWatched();
        orphan.Write();
        for (int i = 0; i < 1000; i++)
            others.AddRange(q.Poll());
        Assert.That(others.Where(e => e.UData == -1), Is.Empty);
        return others;
    }

    private Orphan NewOrphan(PairKind kind) => Keep(new Orphan(kind));

    /// <summary>A pair whose reading end has the number <see cref="Slot"/> and a duplicate that outlives it.</summary>
    private sealed class Orphan : IDisposable
    {
        private readonly Pair _pair;
        private readonly Fd _duplicate;
        private readonly Fd _watched;

        internal Orphan(PairKind kind)
        {
            _pair = Pair.Create(kind);
            _duplicate = _pair.A.Duplicate();
            _watched = _pair.A.MoveTo(Slot);
        }

        internal void CloseWatched() => _watched.Dispose();

        internal void Write()
        {
            int before = _duplicate.Readable();
            _pair.B.Write(1);
            Eventually.Holds(() => _duplicate.Readable() == before + 1, "the byte");
        }

        public void Dispose()
        {
            _watched.Dispose();
            _duplicate.Dispose();
            _pair.Dispose();
        }
    }
}
