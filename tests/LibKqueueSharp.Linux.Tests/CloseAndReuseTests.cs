using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>
/// A watched descriptor is closed without EV_DELETE, and its number is used again (FD-CLOSE-001 to FD-CLOSE-009). Nothing of the dead
/// registration may appear, and a new one starts clean.
/// </summary>
internal sealed class CloseAndReuseTests : LinuxFixture
{
    private const int Rounds = 1000;

    /// <summary>The number that is used again and again: nothing else gets as far.</summary>
    private const int Slot = 900;

    /// <summary>What kind of thing stands behind a number.</summary>
    internal enum Kind
    {
        Pipe,
        UnixStream,
        Tcp,
        EventFd,
        File,
    }

    [Test]
    public void CloseThenReuseNumber([Values] Kind kind, [Values] bool duplicateLives)
    {
        TestQueue q = NewQueue();
        for (int i = 1; i <= Rounds; i++)
        {
            using Source source = Source.Create(kind, Temp);
            using Fd? duplicate = duplicateLives ? source.Watched.Duplicate() : null;

            // Each registration differs in flags and udata, so that anything left of the one before shows.
            EventFlags flags = (i % 3) switch { 0 => EventFlags.None, 1 => EventFlags.Clear, _ => EventFlags.Dispatch };
            q.AddRead(source.Watched, flags, udata: i);
            q.ExpectNothing($"round {i}: new and idle");
            source.Activate();
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(source.Watched, 1, flags, udata: i)), $"round {i}");
            source.Watched.Dispose();
            if (i % 2 == 0)
                q.ExpectNothing($"round {i}: closed");
        }

        Assert.That(q.Queue.KnoteCount, Is.LessThanOrEqualTo(1));
    }

    [Test]
    public void CloseThenReuseByAnotherKind([Values] Kind before, [Values] Kind after)
    {
        TestQueue q = NewQueue();
        for (int i = 0; i < 20; i++)
        {
            using (Source source = Source.Create(before, Temp))
            {
                q.AddRead(Slot, EventFlags.Clear, udata: 1);
                if (i % 2 == 0)
                {
                    source.Activate();
                    Assert.That(q.WaitOne().UData, Is.EqualTo((nint)1));
                }
            }

            using Source next = Source.Create(after, Temp);
            next.Activate();
            q.ExpectSilence("the new file was not registered");
            q.AddRead(Slot, udata: 2);
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(Slot, 1, udata: 2)));
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(Slot, 1, udata: 2)), "level, as it was added now");
            q.Delete(Slot, EventFilter.Read);
        }
    }

    [Test]
    public void ReuseWithAnotherFilterDropsTheOldRegistration([Values] Kind before, [Values] Kind after)
    {
        TestQueue q = NewQueue();
        using (Source source = Source.Create(before, Temp))
        {
            q.AddRead(Slot, udata: 1);
        }

        using Source next = Source.Create(after, Temp, writable: true);
        q.AddWrite(Slot, udata: 2);
        Assert.That(Ev.WithoutData(q.WaitOne()), Is.EqualTo(Ev.Write(Slot, 0, udata: 2)));
        Assert.That(q.TryDelete(Slot, EventFilter.Read), Is.EqualTo(Errno.ENOENT), "the old READ went with its file");
        Assert.That(q.Queue.KnoteCount, Is.EqualTo(1));
    }

    [Test]
    public void DeleteOnAClosedNumberIsBadDescriptor([Values] Kind kind)
    {
        TestQueue q = NewQueue();
        using Source source = Source.Create(kind, Temp);
        q.AddRead(Slot);
        source.Watched.Dispose();
        Assert.That(q.TryDelete(Slot, EventFilter.Read), Is.EqualTo(Errno.EBADF));
        Assert.That(q.TryDelete(Slot, EventFilter.Read), Is.EqualTo(Errno.EBADF));
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void DeleteOnAReusedNumberFindsNothing([Values] Kind before, [Values] Kind after)
    {
        TestQueue q = NewQueue();
        using (Source source = Source.Create(before, Temp))
        {
            q.AddRead(Slot);
        }

        using Source next = Source.Create(after, Temp);
        Assert.That(q.TryDelete(Slot, EventFilter.Read), Is.EqualTo(Errno.ENOENT));
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void PartlyReadPipeIsNotMistakenForItsSuccessor()
    {
        // An EV_CLEAR pipe with unread bytes is looked at before each scan. Its number now stands for a pipe with fewer bytes.
        TestQueue q = NewQueue();
        using (Pair old = PipeInSlot())
        {
            q.AddRead(Slot, EventFlags.Clear, udata: 1);
            old.B.Write(5);
            Assert.That(q.WaitOne().Data, Is.EqualTo(5));
        }

        using Pair next = PipeInSlot();
        next.B.Write(3);
        q.ExpectNothing("a registration of the closed pipe");
    }

    [Test]
    public void FilledPipeIsNotMistakenForItsSuccessor()
    {
        // The same for EV_CLEAR writers.
        TestQueue q = NewQueue();
        using (Pair old = Pair.Pipe())
        {
            using Fd watched = old.B.MoveTo(Slot);
            q.AddWrite(Slot, EventFlags.Clear, udata: 1);
            Assert.That(q.WaitOne().Ident, Is.EqualTo((nuint)Slot));
        }

        using Pair next = Pair.Pipe();
        using Fd successor = next.B.MoveTo(Slot);
        successor.Write(3);
        q.ExpectNothing("a registration of the closed pipe");
    }

    [Test]
    public void EnableOnAReusedNumberDeliversNothing([Values(EventFlags.None, EventFlags.Clear)] EventFlags clear)
    {
        TestQueue q = NewQueue();
        using (Pair old = PipeInSlot())
        {
            q.AddRead(Slot, clear, udata: 1);
            old.B.Write(5);
            Assert.That(q.WaitOne().Data, Is.EqualTo(5));
        }

        using Pair next = PipeInSlot();
        next.B.Write(3);
        q.Try(new KEvent((nuint)Slot, EventFilter.Read, EventFlags.Disable));
        q.Try(new KEvent((nuint)Slot, EventFilter.Read, EventFlags.Enable));
        q.ExpectNothing("a registration of the closed pipe");
    }

    [Test]
    public void RemovedFileIsSilentWhenItsInodeNumberIsUsedAgain()
    {
        TestQueue q = NewQueue();
        for (int i = 0; i < 50; i++)
        {
            Fd old = Temp.File("old", 3).MoveTo(Slot);
            q.AddRead(Slot, udata: 1);
            Assert.That(q.WaitOne().Data, Is.EqualTo(3));
            File.Delete(Temp.Path("old"));
            old.Dispose();
            using Fd next = Temp.File("new", 7).MoveTo(Slot);
            q.ExpectNothing($"round {i}: not registered");
            File.Delete(Temp.Path("new"));
        }
    }

    [Test]
    public void DuplicateKeepsItsOwnRegistration()
    {
        // FD-CLOSE-004, FD-CLOSE-009; the scenario dup_close.
        Pair pipe = NewPipe();
        Fd duplicate = Keep(pipe.A.Duplicate());
        TestQueue q = NewQueue();
        q.AddRead(pipe.A, udata: 1);
        q.AddRead(duplicate, udata: 2);
        pipe.B.Write(5);
        Assert.That(q.Wait(), Is.EquivalentTo(new[] { Ev.Read(pipe.A, 5, udata: 1), Ev.Read(duplicate, 5, udata: 2) }));
        pipe.A.Dispose();
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(duplicate, 5, udata: 2)));
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(duplicate, 5, udata: 2)));
        duplicate.Dispose();
        q.ExpectNothing();
    }

    [Test]
    public void Dup2OverAWatchedNumberActsAsClose([Values] bool withEvent)
    {
        // FD-CLOSE-006; the scenario dup2_over.
        Pair old = NewPipe();
        Pair other = NewPipe();
        TestQueue q = NewQueue();
        q.AddRead(old.A, udata: 1);
        if (withEvent)
        {
            old.B.Write(5);
            Assert.That(q.WaitOne().Data, Is.EqualTo(5));
        }

        Assert.That(Syscall.dup2(other.A, old.A), Is.EqualTo((int)old.A));
        other.B.Write(2);
        q.ExpectNothing();
        Assert.That(q.TryDelete(old.A, EventFilter.Read), Is.EqualTo(Errno.ENOENT));
        q.AddRead(old.A, udata: 2);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(old.A, 2, udata: 2)));
    }

    [Test]
    public void CloseWhileAnotherThreadSleepsWakesNobody([Values(Kind.Pipe, Kind.Tcp, Kind.File)] Kind kind)
    {
        // FD-CLOSE-007.
        TestQueue q = NewQueue();
        using Source source = Source.Create(kind, Temp);
        q.AddRead(source.Watched);
        q.Add(1, EventFilter.User, EventFlags.Clear);
        KEvent e = default;
        using TestThread waiter = new(() => e = q.WaitOne());
        waiter.AwaitSleep();
        source.Watched.Dispose();
        source.Dispose();
        Thread.Sleep(10);
        Assert.That(waiter.SleepsInEpoll(), Is.True);
        q.Trigger(1);
        waiter.Join();
        Assert.That(e.Filter, Is.EqualTo(EventFilter.User), e.ToString());
    }

    [Test]
    public void CloseAfterTheEventWasQueuedLosesIt()
    {
        // FD-CLOSE-001: a queued event vanishes with the descriptor.
        Pair first = NewPipe();
        Pair second = NewPipe();
        TestQueue q = NewQueue();
        q.AddRead(first.A);
        q.AddRead(second.A);
        first.B.Write(1);
        second.B.Write(1);
        KEvent taken = q.Wait(1)[0];
        Pair other = taken.Ident == (nuint)(int)first.A ? second : first;
        other.A.Dispose();
        Assert.That(q.Poll(), Is.EqualTo(new[] { taken }));
    }

    private static Pair PipeInSlot()
    {
        Pair pipe = Pair.Pipe();
        return pipe with { A = pipe.A.MoveTo(Slot) };
    }

    /// <summary>Something whose watched descriptor has the number <see cref="Slot"/>, and which one byte or one count makes readable.</summary>
    private sealed class Source(Fd watched, Action activate, IDisposable? rest) : IDisposable
    {
        internal Fd Watched { get; } = watched;

        internal static Source Create(Kind kind, TempDirectory temp, bool writable = false)
        {
            switch (kind)
            {
                case Kind.EventFd:
                    Fd counter = Fd.Opened(Posix.EventFd(0, Posix.NonBlockCloseOnExec)).MoveTo(Slot);
                    return new Source(counter, () => counter.TryWrite(BitConverter.GetBytes(1UL)), null);
                case Kind.File:
                    string name = Guid.NewGuid().ToString("N");
                    return new Source(temp.File(name, 0).MoveTo(Slot), () => temp.Append(name, 1), null);
                case Kind.Pipe when writable:
                    Pair pipe = Pair.Pipe();
                    return new Source(pipe.B.MoveTo(Slot), () => { }, pipe.A);
                default:
                    Pair pair = Pair.Create(Enum.Parse<PairKind>(kind.ToString()));
                    return new Source(pair.A.MoveTo(Slot), () => pair.B.Write(1), pair.B);
            }
        }

        internal void Activate() => activate();

        public void Dispose()
        {
            Watched.Dispose();
            rest?.Dispose();
        }
    }
}
