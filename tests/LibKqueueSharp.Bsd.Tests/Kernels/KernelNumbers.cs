namespace LibKqueueSharp.Kernels.Tests;

/// <summary>The kernel's side of the translation, made from the table and from nothing of the backend's: a system's numbers and ours.</summary>
internal sealed class KernelNumbers
{
    private const Errno ENOTSOCK = (Errno)88;

    // Facts of errno.h that differ from Linux (spec of the errors, and the manual pages).
    private static readonly Dictionary<Errno, int> s_bsd = new()
    {
        [Errno.EAGAIN] = 35,
        [Errno.EINPROGRESS] = 36,
        [ENOTSOCK] = 38,
        [Errno.ENETUNREACH] = 51,
        [Errno.ECONNABORTED] = 53,
        [Errno.ECONNRESET] = 54,
        [Errno.ENOTCONN] = 57,
        [Errno.ETIMEDOUT] = 60,
        [Errno.ECONNREFUSED] = 61,
        [Errno.ELOOP] = 62,
        [Errno.EHOSTUNREACH] = 65,
    };

    private static readonly Dictionary<string, (int NotSupported, int Cancelled)> s_differing = new()
    {
        ["freebsd"] = (45, 85),
        ["freebsd11"] = (45, 85),
        ["netbsd"] = (86, 87),
        ["openbsd"] = (91, 88),
        ["macos"] = (45, 89),
    };

    private readonly KqueueAbi _abi;
    private readonly Dictionary<long, EventFilter> _filters = [];
    private readonly bool _isLinux;

    internal KernelNumbers(KqueueAbi abi, bool hasFreeBsdNotes = false)
    {
        _isLinux = abi == KqueueAbi.LibKqueue;
        _abi = abi = hasFreeBsdNotes ? KqueueAbi.FreeBsd11 : abi;
        foreach ((EventFilter filter, string name) in Constants.FilterNames)
        {
            if (Constants.Find(abi, name) is { } number)
                _filters[number] = filter;
        }
    }

    /// <summary>What a program of that system means by a change.</summary>
    internal KEvent ToOurs(nuint ident, long filter, uint flags, uint notes, long data, nint udata)
    {
        EventFilter ours = _filters.TryGetValue(filter, out EventFilter known) ? known : (EventFilter)(filter == 0 ? 0 : 0x7777);
        return new(ident, ours, ours == 0 ? (EventFlags)flags : Flags(flags), ToOurs(ours, notes), data, udata);
    }

    /// <summary>The number of a filter; what is not known comes back as what was given.</summary>
    internal long ToSystem(EventFilter filter, long given) =>
        Constants.FilterNames.TryGetValue(filter, out string? name) ? Constants.Of(_abi, name) : given;

    /// <summary>The notes of an event.</summary>
    internal uint ToSystem(in KEvent e)
    {
        if (e.IsEof && e.Filter is EventFilter.Read or EventFilter.Write or EventFilter.Except && e.FFlags >= 35)
            return (uint)ToSystem((Errno)e.FFlags);
        uint notes = 0;
        uint left = e.FFlags;
        foreach ((EventFilter filter, uint ours, string name) in Constants.Notes)
        {
            if (filter == e.Filter && System.Numerics.BitOperations.IsPow2(ours) && (left & ours) != 0 && Find(name) is { } number)
            {
                notes |= number;
                left &= ~ours;
            }
        }

        return notes | left;
    }

    /// <summary>The number of an error.</summary>
    internal int ToSystem(Errno error)
    {
        if (_isLinux)
            return (int)error;
        (int notSupported, int cancelled) = s_differing[_abi.Name];
        return error switch
        {
            Errno.ENOTSUP => notSupported,
            Errno.ECANCELED => cancelled,
            _ => s_bsd.GetValueOrDefault(error, (int)error),
        };
    }

    private uint ToOurs(EventFilter filter, uint notes)
    {
        if (filter == EventFilter.Timer)
            return Timer(notes);
        uint ours = 0;
        foreach ((EventFilter of, uint our, string name) in Constants.Notes)
        {
            if (of == filter && System.Numerics.BitOperations.IsPow2(our) && Find(name) is { } number && (notes & number) == number)
            {
                ours |= our;
                notes &= ~number;
            }
        }

        return ours | notes;
    }

    private uint Timer(uint notes)
    {
        uint absolute = Find("NOTE_ABSTIME") ?? Find("NOTE_ABSOLUTE") ?? 0;
        bool isAbsolute = (notes & absolute) != 0;
        uint unit = notes & ~absolute;
        uint ours = (uint)(unit == 0 ? TimerNotes.None
            : unit == Find("NOTE_SECONDS") ? TimerNotes.Seconds
            : unit == Find("NOTE_USECONDS") ? TimerNotes.Microseconds
            : unit == Find("NOTE_NSECONDS") ? TimerNotes.Nanoseconds
            : unit == Find("NOTE_MSECONDS") ? TimerNotes.Milliseconds
            : (TimerNotes)(unit | 0x8000));
        return ours | (isAbsolute ? (uint)TimerNotes.Absolute : 0);
    }

    // 0x100 and 0x200 are FreeBSD's alone; macOS would take them for something else, which the backend must not let happen.
    private EventFlags Flags(uint flags)
    {
        if ((flags & 0x300) != 0 && _abi == KqueueAbi.MacOs)
            throw new InvalidOperationException($"flags 0x{flags:x} mean something else on macOS");
        return (EventFlags)flags;
    }

    private uint? Find(string name) => (uint?)Constants.Find(_abi, name);
}
