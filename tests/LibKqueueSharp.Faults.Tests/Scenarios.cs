using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>What is done while a call fails: together they reach each import from each of its callers.</summary>
internal static partial class Scenarios
{
    private const int Slot = 900;

    /// <summary>One for each way in which a filter asks the kernel.</summary>
    private static readonly PairKind[] s_kinds = [PairKind.Pipe, PairKind.UnixStream, PairKind.Tcp, PairKind.Udp, PairKind.Terminal];

    internal static readonly (string Name, Action<Trial> Run)[] All =
    [
        ("users-and-timers", UsersAndTimers),
        .. Kinds("read-level", (t, kind) => Read(t, kind, EventFlags.None)),
        .. Kinds("read-edge", (t, kind) => Read(t, kind, EventFlags.Clear)),
        .. Kinds("write", Write),
        ("both-edges-Tcp", t => BothEdges(t, PairKind.Tcp)),
        ("both-edges-Terminal", t => BothEdges(t, PairKind.Terminal)),
        ("disable-Pipe", t => Disable(t, PairKind.Pipe)),
        ("disable-Tcp", t => Disable(t, PairKind.Tcp)),
        .. Kinds("end", End),
        ("except", t => Except(t, PairKind.Tcp)),
        ("low-water", LowWater),
        ("low-water-of-pipes", LowWaterOfPipes),
        ("woken", Woken),
        ("empty", Empty),
        ("tcp-listener", t => Listener(t, tcp: true)),
        ("unix-listener", t => Listener(t, tcp: false)),
        ("refused-connection", RefusedConnection),
        ("eventfd", EventFd),
        ("file", File),
        ("directory", Directory),
        ("closed-numbers", ClosedNumbers),
        ("reused-number", ReusedNumber),
        ("shown", Shown),
        ("nested", t => Nested(t, EventFlags.None)),
        ("nested-edge", t => Nested(t, EventFlags.Clear)),
        ("rebuilt", t => Rebuilt(t, tries: 10)),
        ("rebuilt-or-not", t => Rebuilt(t, tries: 3)),
        ("rebuilt-and-watched", RebuiltAndWatched),
        ("disposed", t => Number(t.NewQueue(), t)),
        .. OfFiles,
        .. OfProcesses,
        .. OfMounts.Where(s => s.Name == "mounts"),
        .. OfSignals,
        .. OfAio,
    ];

    private static IEnumerable<(string Name, Action<Trial> Run)> Kinds(string name, Action<Trial, PairKind> run) =>
        s_kinds.Select(kind => ($"{name}-{kind}", (Action<Trial>)(t => run(t, kind))));

    private static void Number(TestQueue q, Trial t) => t.Number(q);

    private static void UsersAndTimers(Trial t)
    {
        TestQueue q = t.NewQueue();
        t.Number(q);
        t.Add(q, 1, EventFilter.User, EventFlags.Clear);
        t.Add(q, 1, EventFilter.Timer, EventFlags.OneShot, data: 1);
        Trial.Apply(q, 1, EventFilter.User, EventFlags.None, (uint)UserNotes.Trigger);
        Trial.Expect(q, new KEvent(1, EventFilter.User, EventFlags.Clear), new KEvent(1, EventFilter.Timer, EventFlags.OneShot | EventFlags.Clear, data: 1));
        t.Delete(q, 1, EventFilter.User);
        Trial.ExpectSleep(q);
    }

    private static void Read(Trial t, PairKind kind, EventFlags flags)
    {
        TestQueue q = t.NewQueue();
        Pair pair = t.NewPair(kind);
        t.Add(q, pair.A, EventFilter.Read, flags);
        Trial.ExpectSilence(q);
        pair.B.Write(2);
        Eventually.Holds(() => pair.A.Readable() == 2, "the bytes");
        Trial.Expect(q, Ev.Read(pair.A, 2, flags));
        pair.A.Read(kind is PairKind.Udp or PairKind.UnixDatagram or PairKind.UnixSeqPacket ? 2 : 1);
        pair.A.Drain();
        Trial.Expect(q);
        t.Add(q, pair.A, EventFilter.Read, flags);
        Trial.ExpectSleep(q);
        pair.B.Write(3);
        Eventually.Holds(() => pair.A.Readable() == 3, "the bytes");
        Trial.Expect(q, Ev.Read(pair.A, 3, flags));
        t.Delete(q, pair.A, EventFilter.Read);
        Trial.ExpectSilence(q);
    }

    private static void Write(Trial t, PairKind kind)
    {
        TestQueue q = t.NewQueue();
        Pair pair = t.NewPair(kind);
        t.Add(q, pair.B, EventFilter.Write, EventFlags.Clear);
        ExpectWrites(q, pair.B);
        pair.B.Write(1);
        Arm(q);
        t.Delete(q, pair.B, EventFilter.Write);
        t.Add(q, pair.B, EventFilter.Write);
        ExpectWrites(q, pair.B);
        t.Delete(q, pair.B, EventFilter.Write);
        Trial.ExpectSleep(q);
    }

    private static void BothEdges(Trial t, PairKind kind)
    {
        TestQueue q = t.NewQueue();
        Pair pair = t.NewPair(kind);
        t.Add(q, pair.A, EventFilter.Read, EventFlags.Clear);
        t.Add(q, pair.A, EventFilter.Write, EventFlags.Clear);
        ExpectWrites(q, pair.A);
        pair.B.Write(2);
        Eventually.Holds(() => pair.A.Readable() == 2, "the bytes");
        Trial.Expect(q, Ev.Read(pair.A, 2, EventFlags.Clear));
        t.Add(q, pair.A, EventFilter.Write, EventFlags.Clear);
        ExpectWrites(q, pair.A);
        t.Delete(q, pair.A, EventFilter.Write);
        t.Delete(q, pair.A, EventFilter.Read);
        Trial.ExpectSleep(q);
    }

    private static void Disable(Trial t, PairKind kind)
    {
        TestQueue q = t.NewQueue();
        Pair pair = t.NewPair(kind);
        t.Add(q, pair.A, EventFilter.Read);
        Trial.Apply(q, pair.A, EventFilter.Read, EventFlags.Disable);
        pair.B.Write(2);
        Eventually.Holds(() => pair.A.Readable() == 2, "the bytes");
        Trial.ExpectSilence(q);
        Trial.Apply(q, pair.A, EventFilter.Read, EventFlags.Enable);
        Trial.Expect(q, Ev.Read(pair.A, 2));
        t.Add(q, pair.A, EventFilter.Read, EventFlags.Dispatch);
        Trial.Expect(q, Ev.Read(pair.A, 2));
    }

    private static void End(Trial t, PairKind kind)
    {
        if (kind is PairKind.Udp or PairKind.UnixDatagram or PairKind.Terminal)
            return;
        TestQueue q = t.NewQueue();
        Pair pair = t.NewPair(kind);
        t.Add(q, pair.A, EventFilter.Read);
        if (kind is not (PairKind.Pipe or PairKind.Fifo))
            t.Add(q, pair.A, EventFilter.Write, EventFlags.Clear);
        Arm(q);
        pair.B.Dispose();
        ExpectEnd(q, pair.A);
        t.Delete(q, pair.A, EventFilter.Read);
    }

    private static void Except(Trial t, PairKind kind)
    {
        TestQueue q = t.NewQueue();
        Pair pair = t.NewPair(kind);
        t.Add(q, pair.A, EventFilter.Except, fflags: (uint)ReadWriteNotes.OutOfBand);
        Arm(q);
        if (kind == PairKind.Tcp)
        {
            Sockets.SendUrgent(pair.B, 1);
            ExpectFilter(q, EventFilter.Except);
        }

        t.Delete(q, pair.A, EventFilter.Except);
    }

    private static void LowWater(Trial t)
    {
        TestQueue q = t.NewQueue();
        Pair pair = t.NewPair(PairKind.UnixStream);
        t.Add(q, pair.A, EventFilter.Read, fflags: (uint)ReadWriteNotes.LowWater, data: 3);
        pair.B.Write(2);
        Trial.ExpectSilence(q);
        pair.B.Write(1);
        Trial.Expect(q, Ev.Read(pair.A, 3));
        t.Delete(q, pair.A, EventFilter.Read);
    }

    private static void LowWaterOfPipes(Trial t)
    {
        TestQueue q = t.NewQueue(witness: false, Dialect.All.First(d => d.PipesHonourLowWater));
        Pair pipe = t.NewPair(PairKind.Pipe);
        t.Add(q, pipe.A, EventFilter.Read, fflags: (uint)ReadWriteNotes.LowWater, data: 3);
        pipe.B.Write(2);
        Trial.ExpectSilence(q);
        t.Delete(q, pipe.A, EventFilter.Read);
        t.Add(q, pipe.B, EventFilter.Write, fflags: (uint)ReadWriteNotes.LowWater, data: 65536);
        Arm(q);
        pipe.A.Drain();
        ExpectWrites(q, pipe.B);
        t.Delete(q, pipe.B, EventFilter.Write);
    }

    private static void Woken(Trial t)
    {
        TestQueue q = t.NewQueue();
        q.Add(1, EventFilter.User, EventFlags.Clear);
        KEvent[] events = [];
        using TestThread sleeper = new(() => events = q.Wait(1));
        sleeper.AwaitSleep();
        Trial.Apply(q, 1, EventFilter.User, EventFlags.None, (uint)UserNotes.Trigger);
        sleeper.Join();
        Assert.That(events, Is.EqualTo(new[] { new KEvent(1, EventFilter.User, EventFlags.Clear) }));
    }

    private static void Empty(Trial t)
    {
        TestQueue q = t.NewQueue();
        Pair pair = t.NewPair(PairKind.Tcp);
        t.Add(q, pair.A, EventFilter.Empty, EventFlags.Clear);
        ExpectFilter(q, EventFilter.Empty);
        t.Delete(q, pair.A, EventFilter.Empty);
    }

    private static void Listener(Trial t, bool tcp)
    {
        TestQueue q = t.NewQueue();
        if (tcp)
        {
            Fd listener = t.Keep(Sockets.TcpListener(out ushort port));
            t.Add(q, listener, EventFilter.Read, EventFlags.Clear);
            Fd client = t.Keep(Sockets.TcpSocket());
            Sockets.Connect(client, port);
            Trial.Expect(q, Ev.Read(listener, 1, EventFlags.Clear));
            t.Keep(Sockets.Accept(listener));
            Arm(q);
            return;
        }

        string path = t.Temp.Path("socket");
        Fd server = t.Keep(Sockets.UnixListener(path));
        t.Add(q, server, EventFilter.Read);
        t.Keep(Sockets.UnixConnect(path));
        Trial.Expect(q, Ev.Read(server, 1));
        t.Delete(q, server, EventFilter.Read);
    }

    private static void RefusedConnection(Trial t)
    {
        TestQueue q = t.NewQueue();
        Fd client = t.Keep(Sockets.TcpSocket());
        t.Add(q, client, EventFilter.Read);
        t.Add(q, client, EventFilter.Write);
        Arm(q);
        Sockets.Connect(client, Sockets.ClosedPort());
        ExpectFilter(q, EventFilter.Read);
    }

    private static void EventFd(Trial t)
    {
        TestQueue q = t.NewQueue();
        Fd fd = t.Keep(Fd.Opened(Posix.EventFd(123_456, Posix.NonBlockCloseOnExec)));
        t.Add(q, fd, EventFilter.Read);
        t.Add(q, fd, EventFilter.Write);
        ExpectFilter(q, EventFilter.Read);
        ExpectFilter(q, EventFilter.Write);
        t.Delete(q, fd, EventFilter.Read);
        t.Delete(q, fd, EventFilter.Write);
    }

    private static void File(Trial t)
    {
        TestQueue q = t.NewQueue();
        Fd file = t.Keep(t.Temp.File("f", 0));
        Fd other = t.Keep(t.Temp.File("g", 0));
        t.Add(q, file, EventFilter.Read);
        t.Add(q, other, EventFilter.Read);
        t.Add(q, other, EventFilter.Write, EventFlags.OneShot);
        Trial.Expect(q, Ev.Write(other, 0, EventFlags.OneShot));
        t.Temp.Append("f", 3);
        t.Temp.Append("g", 5);
        Trial.Expect(q, Ev.Read(file, 3), Ev.Read(other, 5));
        t.Add(q, file, EventFilter.Read);
        Trial.Expect(q, Ev.Read(file, 3), Ev.Read(other, 5));
        t.Delete(q, file, EventFilter.Read);
        Trial.Expect(q, Ev.Read(other, 5));
        t.Delete(q, other, EventFilter.Read);
        Trial.ExpectSleep(q);
    }

    private static void Directory(Trial t)
    {
        TestQueue q = t.NewQueue();
        Fd folder = t.Keep(Fd.Open(t.Temp.Path("."), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY));
        t.Add(q, folder, EventFilter.Read, EventFlags.Clear);
        Arm(q);
        t.Keep(t.Temp.File("new", 1));
        Arm(q);
        t.Delete(q, folder, EventFilter.Read);
    }

    private static void ClosedNumbers(Trial t)
    {
        TestQueue q = t.NewQueue();
        foreach (PairKind kind in Pair.All)
        {
            Pair pair = t.NewPair(kind);
            t.Add(q, pair.A, EventFilter.Read, reused: true);
            pair.B.Write(1);
            pair.A.Dispose();
        }

        Trial.ExpectSilence(q);
    }

    private static void ReusedNumber(Trial t)
    {
        TestQueue q = t.NewQueue();
        Pair old = t.NewPair(PairKind.UnixStream);
        Fd slot = t.Keep(old.A.MoveTo(Slot));
        t.Add(q, slot, EventFilter.Read, EventFlags.Clear);
        t.Add(q, slot, EventFilter.Write, EventFlags.Clear);
        ExpectWrites(q, slot);
        slot.Dispose();
        Pair next = t.NewPair(PairKind.Pipe);
        Fd reused = t.Keep(next.A.MoveTo(Slot));
        t.Add(q, reused, EventFilter.Read, reused: true);
        next.B.Write(2);
        Trial.Expect(q, Ev.Read(reused, 2));
        reused.Dispose();
        Fd file = t.Keep(t.Temp.File("f", 4).MoveTo(Slot));
        t.Add(q, file, EventFilter.Read, reused: true);
        Trial.Expect(q, Ev.Read(file, 4));
        t.Delete(q, file, EventFilter.Read);
    }

    private static void Shown(Trial t)
    {
        TestQueue q = t.NewQueue();
        t.Add(q, 1, EventFilter.User, EventFlags.Clear);
        int number = t.Number(q);
        Trial.Apply(q, 1, EventFilter.User, EventFlags.None, (uint)UserNotes.Trigger);
        Assert.That(Readiness.IsReadable(Readiness.Way.Poll, number), "the queue's descriptor while an event is pending");
        Trial.Expect(q, new KEvent(1, EventFilter.User, EventFlags.Clear));
        Assert.That(Readiness.IsReadable(Readiness.Way.Poll, number), Is.False, "the queue's descriptor when nothing is pending");
        Trial.ExpectSleep(q);
    }

    private static void Nested(Trial t, EventFlags flags)
    {
        TestQueue inner = t.NewQueue(witness: false);
        TestQueue outer = t.NewQueue();
        t.Add(inner, 1, EventFilter.User, EventFlags.Clear);
        int number = t.Number(inner);
        t.Add(outer, number, EventFilter.Read, flags);
        Trial.ExpectSilence(outer);
        Trial.Apply(inner, 1, EventFilter.User, EventFlags.None, (uint)UserNotes.Trigger);
        Trial.Expect(outer, Ev.Read(number, 1, flags));
        Trial.Expect(inner, new KEvent(1, EventFilter.User, EventFlags.Clear));
        t.Add(outer, number, EventFilter.Read, flags);
        Trial.ExpectSleep(outer);
        t.Delete(outer, number, EventFilter.Read);
        t.Add(outer, number, EventFilter.Read, flags);
        Faults.Armed(inner.Dispose);
        Faults.Armed(() => Assert.That(outer.TryDelete(number, EventFilter.Read), Is.EqualTo(Errno.EBADF)));
        Trial.ExpectSleep(outer);
    }

    private static void Rebuilt(Trial t, int tries)
    {
        TestQueue q = t.NewQueue();
        Pair pair = t.NewPair(PairKind.UnixStream);
        Fd file = t.Keep(t.Temp.File("f", 0));
        q.AddRead(pair.A, EventFlags.Clear);
        q.AddWrite(pair.A, EventFlags.Clear);
        q.AddRead(file);
        _ = q.Number;
        q.Wait();
        GetRidOfAnOrphan(t, q, tries);
        pair.B.Write(2);
        t.Temp.Append("f", 3);
        Trial.Expect(q, Ev.Read(pair.A, 2, EventFlags.Clear), Ev.Read(file, 3));
        q.Delete(file, EventFilter.Read);
        KEvent[] events = [];
        using TestThread sleeper = new(() => events = q.Wait(1));
        sleeper.AwaitSleep();
        q.Add(1, EventFilter.User, EventFlags.OneShot);
        q.Trigger(1);
        sleeper.Join();
        Assert.That(events.Single().Filter, Is.EqualTo(EventFilter.User));
        q.Delete(pair.A, EventFilter.Read);
        q.Delete(pair.A, EventFilter.Write);
        Trial.ExpectSleep(q);
    }

    private static void RebuiltAndWatched(Trial t)
    {
        TestQueue inner = t.NewQueue();
        TestQueue outer = t.NewQueue();
        inner.Add(1, EventFilter.User, EventFlags.Clear);
        outer.AddRead(inner.Number);
        GetRidOfAnOrphan(t, inner);
        GetRidOfAnOrphan(t, outer);
        Trial.ExpectSilence(outer);
        inner.Trigger(1);
        Trial.Expect(outer, Ev.Read(inner.Number, 1));
        Trial.Expect(inner, new KEvent(1, EventFilter.User, EventFlags.Clear));
        outer.ExpectSilence();
        Trial.ExpectSleep(outer);
    }

    /// <summary>The third look at an orphan rebuilds the sets; where that fails a later one does, unless the orphan is gone by then.</summary>
    internal static void GetRidOfAnOrphan(Trial t, TestQueue q, int tries = 10)
    {
        Pair pair = t.NewPair(PairKind.Pipe);
        Fd watched = pair.A.MoveTo(Slot);
        Fd duplicate = t.Keep(watched.Duplicate());
        q.AddRead(watched);
        watched.Dispose();
        pair.B.Write(1);
        for (int i = 0; i < tries; i++)
            Arm(q);
        duplicate.Dispose();
    }

    /// <summary>One call of kevent that does not wait, for its side effects.</summary>
    private static KEvent[] Arm(TestQueue q)
    {
        KEvent[] events = new KEvent[64];
        int count = 0;
        Errno error = Errno.None;
        Faults.Armed(() => count = q.Queue.Kevent([], events, KeventTimeout.Zero, null, out error));
        Assert.That(error is Errno.None or Errno.EINTR, $"kevent says {error}");
        return events[..Math.Max(0, count)];
    }

    private static void ExpectWrites(TestQueue q, int fd) =>
        Assert.That(Until(q, e => e.Filter == EventFilter.Write && e.Ident == (nuint)fd && e.Data > 0), $"WRITE of {fd}");

    private static void ExpectEnd(TestQueue q, int fd) =>
        Assert.That(Until(q, e => e.Filter == EventFilter.Read && e.Ident == (nuint)fd && (e.Flags & EventFlags.Eof) != 0), $"the end of {fd}");

    private static void ExpectFilter(TestQueue q, EventFilter filter) => Assert.That(Until(q, e => e.Filter == filter), $"{filter}");

    private static bool Until(TestQueue q, Func<KEvent, bool> condition)
    {
        bool found = Arm(q).Concat(Arm(q)).Any(condition);
        for (int i = 0; i < 200 && !found; i++)
            found = q.Collect(64, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(10))).Any(condition);
        return found;
    }
}
