using System.Runtime.InteropServices;

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

    /// <summary>A wait is between two slices.</summary>
    /// <returns>1 when the number no longer stands for the queue with the expected mark.</returns>
    [UnmanagedCallersOnly(EntryPoint = "kqs_look")]
    internal static int Look(int number, int mark, int expected)
    {
        if (mark != expected)
            QueueTable.NumberIsGone(number);
        QueueTable.SweepSome();
        return mark == expected ? 0 : 1;
    }

    /// <summary>libkqueue_drain_pending_close.</summary>
    [UnmanagedCallersOnly(EntryPoint = "kqs_drain")]
    internal static void Drain() => QueueTable.SweepAll();

    /// <summary>This is a child of fork(2), and its only thread.</summary>
    [UnmanagedCallersOnly(EntryPoint = "kqs_forked")]
    internal static void Forked() => QueueTable.AbandonAll();

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpec
    {
        internal nint Seconds;
        internal nint Nanoseconds;
    }
}
