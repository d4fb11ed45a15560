using System.Runtime.CompilerServices;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>Steady loops allocate nothing on the managed heap.</summary>
internal sealed class AllocationTests : LinuxFixture
{
    private static readonly EventFlags[] s_modes = [EventFlags.None, EventFlags.Clear, EventFlags.Dispatch, EventFlags.OneShot];

    [Test]
    public void ReadLoop(
        [Values(PairKind.Pipe, PairKind.UnixStream, PairKind.Tcp, PairKind.Udp, PairKind.Terminal)] PairKind kind,
        [ValueSource(nameof(s_modes))] EventFlags mode)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pair.A, mode);
        KEvent[] rearm = Rearm(pair.A, EventFilter.Read, mode);
        byte[] buffer = new byte[16];
        Check(q, (queue, events) =>
        {
            pair.B.TryWrite(buffer.AsSpan(0, 1));
            int count = queue.Kevent([], events, KeventTimeout.FromTimeSpan(TimeSpan.FromSeconds(10)), null, out _);
            pair.A.TryRead(buffer);
            return count + queue.Kevent(rearm, [], KeventTimeout.Zero, null, out _);
        });
    }

    [Test]
    public void WriteLoop([Values(PairKind.Pipe, PairKind.UnixStream, PairKind.Tcp)] PairKind kind, [ValueSource(nameof(s_modes))] EventFlags mode)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddWrite(pair.B, mode);
        KEvent[] rearm = [new((nuint)(int)pair.B, EventFilter.Write, EventFlags.Add | EventFlags.Enable | mode)];
        Check(q, (queue, events) => queue.Kevent(rearm, [], KeventTimeout.Zero, null, out _)
            + queue.Kevent([], events, KeventTimeout.FromTimeSpan(TimeSpan.FromSeconds(10)), null, out _));
    }

    [Test]
    public void EventFdLoop()
    {
        Fd fd = Keep(Fd.Opened(Posix.EventFd(0, Posix.NonBlockCloseOnExec)));
        TestQueue q = NewQueue();
        q.AddRead(fd);
        byte[] one = BitConverter.GetBytes(1UL);
        byte[] buffer = new byte[8];
        Check(q, (queue, events) =>
        {
            fd.TryWrite(one);
            int count = queue.Kevent([], events, KeventTimeout.Infinite, null, out _);
            fd.TryRead(buffer);
            return count;
        });
    }

    [Test]
    public void FileLoop()
    {
        Fd file = Keep(Temp.File("f", 0));
        Fd writer = Keep(Fd.Open(Temp.Path("f"), Mono.Unix.Native.OpenFlags.O_WRONLY | Mono.Unix.Native.OpenFlags.O_APPEND));
        TestQueue q = NewQueue();
        q.AddRead(file, EventFlags.Clear);
        byte[] buffer = new byte[8];
        Check(q, (queue, events) =>
        {
            writer.TryWrite(buffer.AsSpan(0, 1));
            int count = queue.Kevent([], events, KeventTimeout.FromTimeSpan(TimeSpan.FromSeconds(10)), null, out _);
            file.TryRead(buffer);
            return count;
        });
    }

    [Test]
    public void ListenerLoop()
    {
        Fd listener = Keep(Sockets.UnixListener(Temp.Path("l")));
        using Fd client = Sockets.UnixConnect(Temp.Path("l"));
        TestQueue q = NewQueue();
        q.AddRead(listener);
        Check(q, (queue, events) => queue.Kevent([], events, KeventTimeout.Zero, null, out _));
    }

    [Test]
    public void TimerLoop([Values(EventFlags.None, EventFlags.OneShot)] EventFlags mode)
    {
        TestQueue q = NewQueue();
        KEvent[] add = [new(1, EventFilter.Timer, EventFlags.Add | mode, (uint)TimerNotes.Microseconds, 100)];
        q.Apply(add);
        Check(q, (queue, events) =>
        {
            if (mode != 0)
                queue.Kevent(add, [], KeventTimeout.Zero, null, out _);
            return queue.Kevent([], events, KeventTimeout.FromTimeSpan(TimeSpan.FromSeconds(10)), null, out _);
        });
    }

    [Test]
    public void AddAndDeleteLoop([Values(EventFlags.None, EventFlags.Clear)] EventFlags mode)
    {
        Pair pair = NewPair(PairKind.UnixStream);
        TestQueue q = NewQueue();
        KEvent[] add =
        [
            new((nuint)(int)pair.A, EventFilter.Read, EventFlags.Add | mode),
            new((nuint)(int)pair.A, EventFilter.Write, EventFlags.Add | mode),
        ];
        KEvent[] delete =
        [
            new((nuint)(int)pair.A, EventFilter.Read, EventFlags.Delete),
            new((nuint)(int)pair.A, EventFilter.Write, EventFlags.Delete),
        ];
        Check(q, (queue, events) =>
        {
            queue.Kevent(add, [], KeventTimeout.Zero, null, out _);
            int count = queue.Kevent([], events, KeventTimeout.Zero, null, out _);
            queue.Kevent(delete, [], KeventTimeout.Zero, null, out _);
            return count;
        });
    }

    [Test]
    public void NestedLoop()
    {
        TestQueue inner = NewQueue();
        TestQueue outer = NewQueue();
        inner.Add(1, EventFilter.User, EventFlags.Clear);
        outer.AddRead(inner.Number);
        KEvent[] trigger = [new(1, EventFilter.User, 0, (uint)UserNotes.Trigger)];
        Check(outer, (queue, events) =>
        {
            inner.Queue.Kevent(trigger, [], KeventTimeout.Zero, null, out _);
            int count = queue.Kevent([], events, KeventTimeout.FromTimeSpan(TimeSpan.FromSeconds(10)), null, out _);
            inner.Queue.Kevent([], events, KeventTimeout.Zero, null, out _);
            return count;
        });
    }

    private static KEvent[] Rearm(Fd fd, EventFilter filter, EventFlags mode) => mode switch
    {
        EventFlags.Dispatch => [new((nuint)(int)fd, filter, EventFlags.Enable)],
        EventFlags.OneShot => [new((nuint)(int)fd, filter, EventFlags.Add | EventFlags.OneShot)],
        _ => [],
    };

    private static void Check(TestQueue q, Func<BackendQueue, KEvent[], int> iteration)
    {
        KEvent[] events = new KEvent[8];
        for (int i = 0; i < 200; i++)
            iteration(q.Queue, events);
        long[] allocated = new long[3];
        for (int round = 0; round < allocated.Length && (round == 0 || allocated[round - 1] != 0); round++)
        {
            (int delivered, allocated[round]) = Measure(q, iteration, events);
            Assert.That(delivered, Is.GreaterThanOrEqualTo(500), "the loop did its work");
        }

        // What an iteration allocates, each round does; what the runtime does once, such as putting better code in the place of a method, only one.
        Assert.That(allocated, Has.Some.Zero, $"bytes allocated by 500 iterations: {string.Join(", ", allocated)}");
    }

    /// <summary>
    /// By itself, so that optimised code cannot move the allocations of an assertion between the two readings. Compiled once: a loop that is replaced
    /// while it runs makes the runtime allocate on this thread.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static (int Delivered, long Allocated) Measure(TestQueue q, Func<BackendQueue, KEvent[], int> iteration, KEvent[] events)
    {
        int delivered = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 500; i++)
            delivered += Math.Max(0, iteration(q.Queue, events));
        return (delivered, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
