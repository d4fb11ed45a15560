using System.Runtime.InteropServices;
using LibKqueueSharp.Linux;

namespace LibKqueueSharp.CAbi;

/// <summary>
/// What the C part calls (native/managed.h). Any thread may call any of them. No exception leaves them: it would end the process.
/// </summary>
internal static unsafe class Exports
{
    /// <summary>kqueue(2).</summary>
    /// <returns>0, or an errno.</returns>
    [UnmanagedCallersOnly(EntryPoint = "kqs_create")]
    internal static int Create(int* number)
    {
        try
        {
            *number = QueueTable.Create();
            return 0;
        }
        catch (KqueueException failure)
        {
            return (int)failure.Error;
        }
        catch (OutOfMemoryException)
        {
            return (int)Errno.ENOMEM;
        }
    }

    /// <summary>
    /// kevent(2) on arrays of the caller's, which <see cref="KEvent"/> has the layout of. The counts are not negative, the pointers not low.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "kqs_kevent")]
    internal static int Kevent(
        int number, int mark, KEvent* changes, int changeCount, KEvent* events, int eventCount, TimeSpec* timeout, int* error)
    {
        if (QueueTable.Find(number, mark) is not { } queue)
        {
            *error = (int)Errno.EBADF;
            return -1;
        }

        try
        {
            // The arrays are the caller's for the length of the call, and not on the managed heap.
            int count = queue.Kevent(
                new ReadOnlySpan<KEvent>(changes, changeCount),
                new Span<KEvent>(events, eventCount),
                timeout is null ? KeventTimeout.Infinite : KeventTimeout.FromTimespec((long)timeout->Seconds, (long)timeout->Nanoseconds),
                out Errno failure);
            *error = (int)failure;
            return count;
        }
        catch (OutOfMemoryException)
        {
            *error = (int)Errno.ENOMEM;
            return -1;
        }
    }

    /// <summary>A wait begins: keeps the queue until its end, and says how many events to ask the kernel for.</summary>
    [UnmanagedCallersOnly(EntryPoint = "kqs_wait_begin")]
    internal static int WaitBegin(Wait* wait, int number, int mark, int eventCount, int* error)
    {
        if (QueueTable.Find(number, mark) is not { } queue || !queue.TryEnter())
        {
            *error = (int)Errno.EBADF;
            return -1;
        }

        wait->Queue = GCHandle.ToIntPtr(GCHandle.Alloc(queue));
        wait->Most = EpollPoller.EntriesFor(eventCount);
        return 0;
    }

    /// <summary>Takes what is there, or makes the caller a sleeper.</summary>
    /// <returns>The number of events; 0 for a sleep, if its length is not negative.</returns>
    [UnmanagedCallersOnly(EntryPoint = "kqs_wait_ready")]
    internal static int WaitReady(Wait* wait, byte* room, KEvent* events, int eventCount, long nanoseconds, int* error)
    {
        SharedQueue queue = QueueOf(wait);
        wait->Set = queue.PrepareWait(RoomOf(wait, room), wait->Most);
        Errno failure = queue.Engine.FallAsleep(nanoseconds, out wait->Leader, out wait->Nanoseconds);
        int count = -1;
        if (failure == Errno.None)
            count = wait->Nanoseconds >= 0 ? 0 : queue.Collect(new Span<KEvent>(events, eventCount), KeventTimeout.Zero, out failure);
        *error = (int)failure;
        return count;
    }

    /// <summary>The caller has slept. Without room for events it will not come again.</summary>
    [UnmanagedCallersOnly(EntryPoint = "kqs_wait_awake")]
    internal static int WaitAwake(Wait* wait, byte* room, int entries, KEvent* events, int eventCount, int* error)
    {
        Errno failure = (Errno)(*error);
        int count = QueueOf(wait).Engine.Awake(
            wait->Leader, RoomOf(wait, room), Math.Max(0, entries), new Span<KEvent>(events, eventCount), ref failure);
        *error = (int)failure;
        return count;
    }

    /// <summary>A wait is between two slices, and has looked at the number.</summary>
    [UnmanagedCallersOnly(EntryPoint = "kqs_wait_look")]
    internal static void WaitLook(Wait* wait, int number, int isGone)
    {
        if (isGone != 0)
            QueueTable.NumberIsGone(QueueOf(wait), number);
        QueueTable.SweepSome();
    }

    [UnmanagedCallersOnly(EntryPoint = "kqs_wait_end")]
    internal static void WaitEnd(Wait* wait)
    {
        QueueOf(wait).Engine.Exit();
        GCHandle.FromIntPtr(wait->Queue).Free();
    }

    /// <summary>libkqueue_drain_pending_close.</summary>
    [UnmanagedCallersOnly(EntryPoint = "kqs_drain")]
    internal static void Drain() => QueueTable.SweepAll();

    /// <summary>Whether a number with a mark stands for a queue.</summary>
    [UnmanagedCallersOnly(EntryPoint = "kqs_is_queue")]
    internal static int IsQueue(int number, int mark) => QueueTable.Find(number, mark) is null ? 0 : 1;

    /// <summary>This is a child of fork(2), and its only thread.</summary>
    /// <returns>0 when it keeps the queues.</returns>
    [UnmanagedCallersOnly(EntryPoint = "kqs_forked")]
    internal static int Forked()
    {
        if (!QueueTable.CleansUpAfterFork)
            return 0;
        QueueTable.AbandonAll();
        return 1;
    }

    private static SharedQueue QueueOf(Wait* wait) => (SharedQueue)GCHandle.FromIntPtr(wait->Queue).Target!;

    // The caller's own stack, for the length of the call.
    private static Span<byte> RoomOf(Wait* wait, byte* room) => new(room, EpollPoller.ScratchOf(wait->Most));

    /// <summary>struct wait of native/managed.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Wait
    {
        internal nint Queue;
        internal long Leader;
        internal long Nanoseconds;
        internal int Set;
        internal int Most;
    }

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpec
    {
        internal nint Seconds;
        internal nint Nanoseconds;
    }
}
