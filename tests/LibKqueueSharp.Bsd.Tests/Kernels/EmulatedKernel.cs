using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using LibKqueueSharp.Linux;

namespace LibKqueueSharp.Kernels.Tests;

/// <summary>
/// A kernel for tests: the emulation in the dialect of a system, behind that system's struct and numbers, called as a C library is.
/// One kernel at a time in a process.
/// </summary>
internal static unsafe class EmulatedKernel
{
    private static readonly ConcurrentDictionary<int, BackendQueue> s_queues = new();
    private static KernelNumbers s_numbers = new(KqueueAbi.FreeBsd);
    private static KqueueAbi s_abi = KqueueAbi.FreeBsd;
    private static Dialect s_dialect = Dialect.FreeBsd;
    private static readonly nint s_libc = NativeLibrary.Load("libc.so.6");
    private static readonly delegate* unmanaged<int, int, int, int> s_fcntl = (delegate* unmanaged<int, int, int, int>)NativeLibrary.GetExport(s_libc, "fcntl");
    private static readonly delegate* unmanaged<long*, nuint, int, int> s_poll =
        (delegate* unmanaged<long*, nuint, int, int>)NativeLibrary.GetExport(s_libc, "poll");
    private static readonly delegate* unmanaged<int, int> s_dup = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(s_libc, "dup");
    private static readonly delegate* unmanaged<int, byte*, nint, int, nint> s_recv =
        (delegate* unmanaged<int, byte*, nint, int, nint>)NativeLibrary.GetExport(s_libc, "recv");
    private static readonly delegate* unmanaged<int, byte*, nint, int, nint> s_send =
        (delegate* unmanaged<int, byte*, nint, int, nint>)NativeLibrary.GetExport(s_libc, "send");
    private static int s_calls;
    private static int s_inside;

    /// <summary>Without EVFILT_USER, as OpenBSD before 7.8.</summary>
    internal static bool LacksUserEvents { get; set; }

    /// <summary>poll(2) of more entries is EINVAL, as beyond RLIMIT_NOFILE.</summary>
    internal static int MostPolled { get; set; } = int.MaxValue;

    /// <summary>A descriptor that poll(2) calls invalid, as macOS does with devices; or -1.</summary>
    internal static int NeverPolled { get; set; } = -1;

    /// <summary>The next poll(2) of more than one descriptor calls all of them ready, as if another reader were faster than the one that has asked.</summary>
    internal static bool LiesOnce { get; set; }

    /// <summary>dup(2) and F_DUPFD_CLOEXEC are EMFILE.</summary>
    internal static bool IsFull { get; set; }

    /// <summary>dup(2) was called: a process that another thread starts before FD_CLOEXEC is set keeps the duplicate.</summary>
    internal static bool HasDuplicatedOpenly { get; set; }

    /// <summary>Calls of kevent so far.</summary>
    internal static int Calls => Volatile.Read(ref s_calls);

    /// <summary>Threads that are inside of kevent.</summary>
    internal static int Inside => Volatile.Read(ref s_inside);

    /// <summary>Queues that are open.</summary>
    internal static int Queues => s_queues.Count;

    /// <summary>A backend over the kernel of a system; it asks the kernel what it can do.</summary>
    /// <param name="abi">The system.</param>
    /// <param name="hasFreeBsdNotes">For libkqueue: a library that is like it but for the notes, which are FreeBSD's.</param>
    internal static BsdBackend Backend(KqueueAbi abi, bool hasFreeBsdNotes = false)
    {
        s_abi = abi;
        s_numbers = new(abi, hasFreeBsdNotes);
        s_dialect = abi != KqueueAbi.LibKqueue || hasFreeBsdNotes ? abi.Dialect : abi.Dialect with { TimerUnknownNotesAreIgnored = true };
        return new("the emulated kernel", abi, null, new KqueueLibrary(Find, abi));
    }

    /// <summary>The address of a call, as the library of the backend that was made last.</summary>
    internal static nint Find(string symbol) => symbol switch
    {
        "kqueue" => (nint)(delegate* unmanaged<int>)&KqueueCall,
        "kevent" => (nint)(delegate* unmanaged<int, byte*, int, byte*, int, long*, int>)&KeventCall,
        "__kevent50" => (nint)(delegate* unmanaged<int, byte*, nint, byte*, nint, long*, int>)&WideKeventCall,
        "close" => (nint)(delegate* unmanaged<int, int>)&CloseCall,
        "fcntl" => (nint)(delegate* unmanaged<int, int, int, int>)&FcntlCall,
        "poll" => (nint)(delegate* unmanaged<long*, nuint, int, int>)&PollCall,
        "dup" => (nint)(delegate* unmanaged<int, int>)&DupCall,
        "recv" => (nint)(delegate* unmanaged<int, byte*, nint, int, nint>)&RecvCall,
        "send" => (nint)(delegate* unmanaged<int, byte*, nint, int, nint>)&SendCall,
        "pread" or "pwrite" or "read" or "write" or "fsync" or "fdatasync" or "lseek" or "isatty" => NativeLibrary.GetExport(s_libc, symbol),
        _ => s_abi.Dialect == Dialect.FreeBsd && s_abi != KqueueAbi.LibKqueue ? EmulatedAio.Find(symbol) : 0,
    };

    /// <summary>The queue of a number; any queue for 0, which a submission without an event carries.</summary>
    internal static bool TryFind(int kq, out BackendQueue queue)
    {
        queue = null!;
        if (kq != 0)
            return s_queues.TryGetValue(kq, out queue!);
        queue = s_queues.Values.FirstOrDefault()!;
        return queue is not null;
    }

    /// <summary>The system's number of an error.</summary>
    internal static int NumberOf(Errno error) => s_numbers.ToSystem(error);

    [UnmanagedCallersOnly]
    private static int KqueueCall()
    {
        BackendQueue? queue = null;
        try
        {
            queue = new LinuxBackend().CreateQueue(s_dialect);
            int number = (int)queue.Descriptor.DangerousGetHandle();
            s_queues[number] = queue;
            return number;
        }
        catch (KqueueException e)
        {
            queue?.Dispose();
            return Fail(e.Error);
        }
    }

    [UnmanagedCallersOnly]
    private static int CloseCall(int fd)
    {
        if (!s_queues.TryRemove(fd, out BackendQueue? queue))
            return Fail(Errno.EBADF);
        queue.Dispose();
        EmulatedAio.Closed(fd);
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int DupCall(int fd)
    {
        HasDuplicatedOpenly = true;
        return IsFull ? Fail(Errno.EMFILE) : s_dup(fd);
    }

    // struct pollfd has eight bytes: the descriptor, what is asked, what is.
    [UnmanagedCallersOnly]
    private static int PollCall(long* entries, nuint count, int milliseconds)
    {
        const short POLLNVAL = 0x20;
        if ((int)count > MostPolled)
            return Fail(Errno.EINVAL);
        if (LiesOnce && count > 1)
        {
            LiesOnce = false;
            for (nuint i = 0; i < count; i++)
                ((short*)(entries + i))[3] = ((short*)(entries + i))[2];
            return (int)count;
        }

        int invalid = 0;
        for (nuint i = 0; i < count; i++)
            invalid += *(int*)(entries + i) == NeverPolled ? 1 : 0;
        int found = s_poll(entries, count, invalid > 0 ? 0 : milliseconds);
        for (nuint i = 0; i < count && invalid > 0; i++)
        {
            if (*(int*)(entries + i) == NeverPolled)
                ((short*)(entries + i))[3] = POLLNVAL;
        }

        return Math.Max(found, invalid);
    }

    [UnmanagedCallersOnly]
    private static nint RecvCall(int fd, byte* at, nint length, int flags) => Move(s_recv, fd, at, length, flags);

    [UnmanagedCallersOnly]
    private static nint SendCall(int fd, byte* at, nint length, int flags) => Move(s_send, fd, at, length, flags);

    // MSG_DONTWAIT is 0x80, and on Linux 0x40.
    private static nint Move(delegate* unmanaged<int, byte*, nint, int, nint> call, int fd, byte* at, nint length, int flags)
    {
        if (flags != (s_abi == KqueueAbi.LibKqueue ? 0x40 : 0x80))
            return Fail(Errno.EINVAL);
        nint moved = call(fd, at, length, 0x40);
        return moved < 0 ? Fail((Errno)Marshal.GetLastSystemError()) : moved;
    }

    [UnmanagedCallersOnly]
    private static int FcntlCall(int fd, int command, int value)
    {
        const int OfLinux = 1030;
        if (command != DuplicateCommand)
            return s_fcntl(fd, command, value);
        return IsFull ? Fail(Errno.EMFILE) : s_fcntl(fd, OfLinux, value);
    }

    // F_DUPFD_CLOEXEC in fcntl.h of each system.
    private static int DuplicateCommand => s_abi.Name switch
    {
        "netbsd" => 12,
        "openbsd" => 10,
        "macos" => 67,
        "libkqueue" => 1030,
        _ => 17,
    };

    [UnmanagedCallersOnly]
    private static int KeventCall(int kq, byte* changes, int changeCount, byte* events, int eventCount, long* timeout) =>
        Kevent(kq, changes, changeCount, events, eventCount, timeout);

    [UnmanagedCallersOnly]
    private static int WideKeventCall(int kq, byte* changes, nint changeCount, byte* events, nint eventCount, long* timeout) =>
        Kevent(kq, changes, (int)changeCount, events, (int)eventCount, timeout);

    private static int Kevent(int kq, byte* changes, int changeCount, byte* events, int eventCount, long* timeout)
    {
        Interlocked.Increment(ref s_calls);
        if (!s_queues.TryGetValue(kq, out BackendQueue? queue))
            return Fail(Errno.EBADF);
        KEvent[] given = new KEvent[changeCount];
        long[] filters = new long[changeCount];
        for (int i = 0; i < changeCount; i++)
            (given[i], filters[i]) = ReadChange(changes + (i * Size));
        KEvent[] taken = new KEvent[eventCount];
        KeventTimeout wait = timeout == null ? KeventTimeout.Infinite : KeventTimeout.FromTimespec(timeout[0], timeout[1]);
        Interlocked.Increment(ref s_inside);
        int count = queue.Kevent(given, taken, wait, null, out Errno error);
        Interlocked.Decrement(ref s_inside);
        for (int i = 0; i < (count <= 0 ? taken.Length : count) && (count > 0 || taken[i].IsRecord); i++)
        {
            KEvent e = taken[i];
            int from = Array.FindIndex(given, g => g.Filter == e.Filter && g.Ident == e.Ident);
            WriteEvent(events + (i * Size), e, from >= 0 ? filters[from] : 0);
        }

        return count < 0 ? Fail(error) : count;
    }

    private static int Size => s_abi.Name switch
    {
        "freebsd" => 64,
        "netbsd" => 40,
        _ => 32,
    };

    private static (KEvent Change, long Filter) ReadChange(byte* at)
    {
        bool wide = s_abi == KqueueAbi.NetBsd;
        long filter = wide ? *(int*)(at + 8) : *(short*)(at + 8);
        uint flags = wide ? *(uint*)(at + 12) : *(ushort*)(at + 10);
        uint notes = *(uint*)(at + (wide ? 16 : 12));
        long data = *(long*)(at + (wide ? 24 : 16));
        nint udata = *(nint*)(at + (wide ? 32 : 24));
        if (s_abi == KqueueAbi.FreeBsd && (*(UInt128*)(at + 32) != 0 || *(UInt128*)(at + 48) != 0))
            throw new InvalidOperationException("ext is not zero");
        KEvent change = s_numbers.ToOurs(*(nuint*)at, filter, flags, notes, data, udata);
        if (change.Filter is EventFilter.Aio or EventFilter.Lio)
            change.Ident = EmulatedAio.IdentOf(change.Ident);
        if (LacksUserEvents && change.Filter == EventFilter.User)
            change.Filter = (EventFilter)0x7777;
        return (change, filter);
    }

    private static void WriteEvent(byte* at, in KEvent e, long givenFilter)
    {
        bool wide = s_abi == KqueueAbi.NetBsd;
        new Span<byte>(at, Size).Fill(0xcd);
        long filter = s_numbers.ToSystem(e.Filter, givenFilter);
        long data = e.IsRecord ? s_numbers.ToSystem(e.Error) : e.Filter == EventFilter.Aio ? s_numbers.ToSystem((Errno)e.Data) : e.Data;
        *(nuint*)at = e.Filter is EventFilter.Aio or EventFilter.Lio ? EmulatedAio.AddressOf(e.Ident) : e.Ident;
        if (wide)
        {
            *(int*)(at + 8) = (int)filter;
            *(uint*)(at + 12) = (uint)e.Flags;
        }
        else
        {
            *(short*)(at + 8) = (short)filter;
            *(ushort*)(at + 10) = (ushort)e.Flags;
        }

        *(uint*)(at + (wide ? 16 : 12)) = s_numbers.ToSystem(e);
        *(long*)(at + (wide ? 24 : 16)) = data;
        *(nint*)(at + (wide ? 32 : 24)) = e.UData;
    }

    /// <summary>-1 with an errno.</summary>
    internal static int Fail(Errno error)
    {
        Marshal.SetLastSystemError(s_numbers.ToSystem(error));
        return -1;
    }
}
