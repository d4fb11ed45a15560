using System.Runtime.InteropServices;

namespace LibKqueueSharp.CAbi;

/// <summary>
/// System calls on descriptors that belong to the program. The unsafe blocks pass the address of a local for the length of one call.
/// </summary>
internal static unsafe partial class Native
{
    private const string Own = "kqs";

    private const int F_SETSIG = 10;
    private const int F_GETSIG = 11;
    private const int F_OFD_GETLK = 36;
    private const int F_OFD_SETLK = 37;
    private const short F_WRLCK = 1;
    private const short F_UNLCK = 2;

    /// <summary>
    /// Sets the signal of an open file. An epoll set has no signal-driven I/O, so it is never sent: it is a number that each duplicate
    /// shows and other files do not.
    /// </summary>
    internal static void SetMark(int fd, int mark) => Control(fd, F_SETSIG, mark);

    /// <summary>The signal of an open file, 0 usually; negative when the number is closed.</summary>
    internal static int GetMark(int fd) => Control(fd, F_GETSIG, 0);

    /// <summary>Locks a byte for an open file. All epoll sets and their like share one inode, so the byte must be nobody else's.</summary>
    internal static bool TryLock(int fd, long at)
    {
        FileLock range = Of(at);
        return Control(fd, F_OFD_SETLK, (nint)(&range)) == 0;
    }

    /// <summary>Whether another open file than that of <paramref name="fd"/> holds the lock.</summary>
    internal static bool IsLocked(int fd, long at)
    {
        FileLock range = Of(at);
        return Control(fd, F_OFD_GETLK, (nint)(&range)) == 0 && range.Type != F_UNLCK;
    }

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int fd, int command, nint argument);

    /// <summary>The C part of the library (native/signals.c).</summary>
    [LibraryImport(Own, EntryPoint = "kqs_signal_watch")]
    internal static partial int SignalWatch(int number, out int bell, out int inbox);

    [LibraryImport(Own, EntryPoint = "kqs_signal_refresh")]
    internal static partial int SignalRefresh(int number);

    [LibraryImport(Own, EntryPoint = "kqs_signal_unwatch")]
    internal static partial void SignalUnwatch(int number);

    [LibraryImport(Own, EntryPoint = "kqs_signal_count")]
    internal static partial nint SignalCount(int number);

    [LibraryImport(Own, EntryPoint = "kqs_signal_take")]
    internal static partial void SignalTake();

    /// <summary>Closes each number of the process that stands for a queue (native/gate.c).</summary>
    [LibraryImport(Own, EntryPoint = "kqs_close_queues")]
    internal static partial void CloseQueues();

    [LibraryImport(Own, EntryPoint = "kqs_version")]
    internal static partial int Version();

    /// <summary>A string that stays.</summary>
    [LibraryImport(Own, EntryPoint = "kqs_version_string")]
    internal static partial nint VersionString();

    [LibraryImport(Own, EntryPoint = "kqs_debug")]
    internal static partial int Debug(int isOn);

    [LibraryImport(Own, EntryPoint = "kqs_debug_prefix")]
    internal static partial void DebugPrefix(nint text);

    [LibraryImport(Own, EntryPoint = "kqs_debug_function")]
    internal static partial void DebugFunction(nint function);

    private static FileLock Of(long at) => new() { Type = F_WRLCK, Start = at, Length = 1 };

    /// <summary>struct flock, 64-bit.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        internal short Type;
        internal short Whence;
        internal long Start;
        internal long Length;
        internal int Process;
    }
}
