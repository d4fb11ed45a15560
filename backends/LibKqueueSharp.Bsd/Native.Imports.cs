using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kernels;

/// <summary>
/// The calls of one C library, by function pointers. The unsafe blocks pass the addresses of locals and of pinned spans for the length
/// of one call; a kernel copies the changes in before it writes an event, so the spans may be the same memory (CALL-ALIAS-001).
/// Any thread may call any member at any time. The library stays loaded: threads may be inside.
/// </summary>
internal sealed unsafe class KqueueLibrary
{
    private const int F_SETFD = 2;
    private const int FD_CLOEXEC = 1;

    /// <summary>More seconds than this were EINVAL on the kernels that check timeouts with itimerfix(9); three years are no end (CALL-TMO-010).</summary>
    private const long LongestWait = 100_000_000;

    private readonly delegate* unmanaged<int> _kqueue;
    private readonly delegate* unmanaged<int, byte*, int, byte*, int, Timespec*, int> _kevent;
    private readonly delegate* unmanaged<int, byte*, nint, byte*, nint, Timespec*, int> _wideKevent;
    private readonly delegate* unmanaged<int, int> _close;
    private readonly delegate* unmanaged<void> _drain;
    private readonly delegate* unmanaged<int, int, int, int> _fcntl;
    private readonly delegate* unmanaged<int, int, nint, nint, nint, nint, nint, nint, int, int> _fcntlByStack;
    private readonly delegate* unmanaged<int, int, void*, int, int> _waitid;

    /// <summary>Loads a library and finds its calls.</summary>
    /// <param name="name">Its name or path; null for what this program is linked with, the C library among it.</param>
    /// <param name="abi">How it is called.</param>
    /// <exception cref="DllNotFoundException">There is no such library.</exception>
    /// <exception cref="EntryPointNotFoundException">It has no kqueue(2).</exception>
    internal KqueueLibrary(string? name, KqueueAbi abi)
        : this(name is null ? NativeLibrary.GetMainProgramHandle() : NativeLibrary.Load(name), abi)
    {
    }

    private KqueueLibrary(nint library, KqueueAbi abi)
        : this(symbol => NativeLibrary.TryGetExport(library, symbol, out nint address) ? address : 0, abi)
    {
    }

    /// <summary>Takes calls that are there.</summary>
    /// <param name="find">The address of a call, or 0.</param>
    /// <param name="abi">How it is called.</param>
    /// <exception cref="EntryPointNotFoundException">One is missing.</exception>
    internal KqueueLibrary(Func<string, nint> find, KqueueAbi abi)
    {
        _kqueue = (delegate* unmanaged<int>)Must(find, "kqueue");
        nint kevent = Must(find, abi.KeventSymbol);
        if (abi.CountsAreWide)
            _wideKevent = (delegate* unmanaged<int, byte*, nint, byte*, nint, Timespec*, int>)kevent;
        else
            _kevent = (delegate* unmanaged<int, byte*, int, byte*, int, Timespec*, int>)kevent;
        _close = (delegate* unmanaged<int, int>)Must(find, "close");
        _drain = (delegate* unmanaged<void>)find("libkqueue_drain_pending_close");
        _waitid = (delegate* unmanaged<int, int, void*, int, int>)find("waitid");

        Files = FileCalls.Find(find, abi, this);
        Aio = abi.HasKernelAio && AreFreeBsds(find("aio_read")) ? AioCalls.Find(find, abi) : null;

        // fcntl(2) has variable arguments, which Apple passes on the stack on arm64: behind eight that fill the registers.
        nint fcntl = Must(find, "fcntl");
        if (OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64)
            _fcntlByStack = (delegate* unmanaged<int, int, nint, nint, nint, nint, nint, nint, int, int>)fcntl;
        else
            _fcntl = (delegate* unmanaged<int, int, int, int>)fcntl;
    }

    /// <summary>kqueue(2), and close-on-exec, which not every system can set in the same call.</summary>
    /// <param name="number">The error, in the system's own numbers.</param>
    /// <returns>The descriptor, or -1.</returns>
    internal int Kqueue(out int number)
    {
        int kq = _kqueue();
        number = kq < 0 ? Marshal.GetLastSystemError() : 0;
        if (kq < 0)
            return kq;
        Control(kq, F_SETFD, FD_CLOEXEC);
        return kq;
    }

    /// <summary>The calls for asynchronous operations; null where one is missing.</summary>
    internal FileCalls? Files { get; }

    /// <summary>FreeBSD's own asynchronous operations; null elsewhere.</summary>
    internal AioCalls? Aio { get; }

    /// <summary>fcntl(2), with a value.</summary>
    internal int Control(int fd, int command, int value) =>
        _fcntl != null ? _fcntl(fd, command, value) : _fcntlByStack(fd, command, 0, 0, 0, 0, 0, 0, value);

    /// <summary>kevent(2).</summary>
    /// <param name="kq">The queue.</param>
    /// <param name="changes">The changelist, in the library's layout.</param>
    /// <param name="changeCount">How many changes there are.</param>
    /// <param name="events">Room for events, in the library's layout.</param>
    /// <param name="eventCount">For how many.</param>
    /// <param name="timeout">How long to wait; an invalid one is handed on, so that the kernel refuses it in its own place (CALL-TMO-008).</param>
    /// <param name="number">The error, in the system's own numbers.</param>
    /// <returns>The number of events, or -1.</returns>
    internal int Kevent(
        int kq,
        ReadOnlySpan<byte> changes,
        int changeCount,
        Span<byte> events,
        int eventCount,
        KeventTimeout timeout,
        out int number)
    {
        Timespec time;
        (time.Seconds, time.Nanoseconds) = Math.DivRem(timeout.Nanoseconds, 1_000_000_000);
        Timespec* wait = timeout.IsInfinite || time.Seconds > LongestWait ? null : &time;
        int count;
        fixed (byte* first = changes)
        fixed (byte* room = events)
        {
            count = _kevent != null
                ? _kevent(kq, first, changeCount, room, eventCount, wait)
                : _wideKevent(kq, first, changeCount, room, eventCount, wait);
        }

        number = count < 0 ? Marshal.GetLastSystemError() : 0;
        return count;
    }

    /// <summary>close(2). A library that notices it late is told to look at once, so that what a queue holds is free afterwards.</summary>
    internal void Close(int fd)
    {
        _close(fd);
        if (_drain != null)
            _drain();
    }

    /// <summary>True when a process is a child of this one that was not waited for; it is left as it is (waitid(2)).</summary>
    [SkipLocalsInit]
    internal bool IsChild(nuint process)
    {
        const int P_PID = 1;
        const int WEXITED = 0x4;
        const int WNOHANG = 0x1;
        const int WNOWAIT = 0x20;
        const int RoomForSigInfo = 256;
        if (_waitid == null || process > int.MaxValue)
            return false;
        byte* info = stackalloc byte[RoomForSigInfo];
        return _waitid(P_PID, (int)process, info, WEXITED | WNOHANG | WNOWAIT) == 0;
    }

    // A library is asked for what it is linked with as well: on Linux that is glibc's aio(3), with another struct.
    private static bool AreFreeBsds(nint read) => OperatingSystem.IsFreeBSD()
        || !NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "aio_read", out nint own) || own != read;

    private static nint Must(Func<string, nint> find, string symbol) =>
        find(symbol) is not 0 and nint address ? address : throw new EntryPointNotFoundException($"the library has no {symbol}");

    private struct Timespec
    {
        internal long Seconds;
        internal long Nanoseconds;
    }
}
