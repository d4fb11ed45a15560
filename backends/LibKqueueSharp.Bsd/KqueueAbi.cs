namespace LibKqueueSharp.Kernels;

/// <summary>
/// What a system's kqueue(2) looks like from outside: the layout of <c>struct kevent</c>, the numbers of filters, notes and errors, and
/// the dialect that its kernel speaks. Immutable; shared freely between threads.
/// </summary>
public sealed class KqueueAbi
{
    private static readonly (EventFilter, int)[] s_common =
    [
        (EventFilter.Read, -1), (EventFilter.Write, -2), (EventFilter.Aio, -3), (EventFilter.Vnode, -4), (EventFilter.Process, -5),
        (EventFilter.Signal, -6), (EventFilter.Timer, -7),
    ];

    private static readonly (EventFilter, int)[] s_freeBsd =
    [
        .. s_common, (EventFilter.ProcessDescriptor, -8), (EventFilter.FileSystem, -9), (EventFilter.Lio, -10), (EventFilter.User, -11),
        (EventFilter.SendFile, -12), (EventFilter.Empty, -13), (EventFilter.Jail, -14), (EventFilter.JailDescriptor, -15),
    ];

    private KqueueAbi(string name, Dialect dialect, FilterNumbers filters, ErrnoTable errors)
    {
        Name = name;
        Dialect = dialect;
        Filters = filters;
        Errors = errors;
    }

    private KqueueAbi(KqueueAbi other)
        : this(other.Name, other.Dialect, other.Filters, other.Errors)
    {
        Layout = other.Layout;
        KeventSymbol = other.KeventSymbol;
        CountsAreWide = other.CountsAreWide;
        Timers = other.Timers;
        Notes = other.Notes;
        TimersAreNotFixed = other.TimersAreNotFixed;
        HasKernelAio = other.HasKernelAio;
        DuplicateCommand = other.DuplicateCommand;
    }

    /// <summary>FreeBSD 12 and later: 64 bytes, with <c>ext[4]</c>, which stays zero.</summary>
    public static KqueueAbi FreeBsd { get; } = new("freebsd", Dialect.FreeBsd, new(false, s_freeBsd), ErrnoTable.FreeBsd)
    {
        Layout = EventLayout.WithExtension,
        Notes = new() { HasUses = true, HasFilePoll = true },
        HasKernelAio = true,
    };

    /// <summary>FreeBSD 11 and earlier: 32 bytes.</summary>
    public static KqueueAbi FreeBsd11 { get; } = new("freebsd11", Dialect.FreeBsd, new(false, s_freeBsd), ErrnoTable.FreeBsd)
    {
        Notes = new() { HasUses = true, HasFilePoll = true },
        HasKernelAio = true,
    };

    /// <summary>DragonFly: 32 bytes; the nearest dialect is FreeBSD's.</summary>
    public static KqueueAbi DragonFly { get; } = new(
        "dragonfly",
        Dialect.FreeBsd,
        new(false, [.. s_common, (EventFilter.Except, -8), (EventFilter.User, -9), (EventFilter.FileSystem, -10)]),
        ErrnoTable.DragonFly)
    {
        Timers = TimerEncoding.MillisecondsOnly,
        Notes = new() { OutOfBand = 0x2 },
    };

    /// <summary>NetBSD 10: 40 bytes, filters that count up from 0.</summary>
    public static KqueueAbi NetBsd { get; } = new(
        "netbsd",
        Dialect.NetBsd,
        new(
            true,
            (EventFilter.Read, 0),
            (EventFilter.Write, 1),
            (EventFilter.Aio, 2),
            (EventFilter.Vnode, 3),
            (EventFilter.Process, 4),
            (EventFilter.Signal, 5),
            (EventFilter.Timer, 6),
            (EventFilter.FileSystem, 7),
            (EventFilter.User, 8),
            (EventFilter.Empty, 9)),
        ErrnoTable.NetBsd)
    {
        Layout = EventLayout.WithWideNumbers,
        KeventSymbol = "__kevent50",
        CountsAreWide = true,
        Timers = TimerEncoding.Number,
        Notes = new() { HasUses = true, Mount = 0x1, Unmount = 0x2 },
        DuplicateCommand = 12,
    };

    /// <summary>OpenBSD: 32 bytes.</summary>
    public static KqueueAbi OpenBsd { get; } = new(
        "openbsd",
        Dialect.OpenBsd,
        new(false, [.. s_common, (EventFilter.Except, -9), (EventFilter.User, -10)]),
        ErrnoTable.OpenBsd)
    {
        Timers = TimerEncoding.Number,
        Notes = new() { HasFilePoll = true, Truncate = 0x80 },
        DuplicateCommand = 10,
    };

    /// <summary>macOS: 32 bytes, <c>kevent</c> and not <c>kevent64</c>.</summary>
    public static KqueueAbi MacOs { get; } = new(
        "macos",
        Dialect.MacOs,
        new(false, [.. s_common, (EventFilter.FileSystem, -9), (EventFilter.User, -10), (EventFilter.Except, -15)]),
        ErrnoTable.MacOs)
    {
        Timers = TimerEncoding.Darwin,
        Notes = new() { OutOfBand = 0x2, HasExitStatus = true },
        DuplicateCommand = 67,
    };

    /// <summary>
    /// A C library on Linux that has the layout of libkqueue: 32 bytes, Linux's error numbers. Timers have macOS's notes and
    /// NOTE_TRUNCATE is OpenBSD's, as libkqueue has it; where the library is found to refuse unknown notes of timers, as FreeBSD does and libkqueue does
    /// not, all notes are FreeBSD's.
    /// </summary>
    public static KqueueAbi LibKqueue { get; } = new(
        "libkqueue",
        Dialect.FreeBsd,
        new(false, [.. s_freeBsd.Where(entry => entry.Item1 != EventFilter.SendFile), (EventFilter.Except, -16)]),
        ErrnoTable.Linux)
    {
        Timers = TimerEncoding.Darwin,
        TimersAreNotFixed = true,
        Notes = new() { HasFilePoll = true, Truncate = 0x80 },
        DuplicateCommand = 1030,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<KqueueAbi> All { get; } = [FreeBsd, FreeBsd11, DragonFly, NetBsd, OpenBsd, MacOs, LibKqueue];

    /// <summary>Finds one by its name.</summary>
    /// <param name="name">For example <c>netbsd</c>; case does not matter.</param>
    /// <returns>The ABI, or null.</returns>
    public static KqueueAbi? Find(string name) =>
        All.FirstOrDefault(abi => string.Equals(abi.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The name in small letters.</summary>
    public string Name { get; }

    /// <summary>The dialect that the kernel speaks.</summary>
    public Dialect Dialect { get; }

    internal EventLayout Layout { get; private init; }

    internal string KeventSymbol { get; private init; } = "kevent";

    /// <summary>The counts of kevent are size_t (NetBSD) and not int.</summary>
    internal bool CountsAreWide { get; private init; }

    internal FilterNumbers Filters { get; }

    /// <summary>The bits of EV_FORCEONESHOT and EV_KEEPUDATA mean something else.</summary>
    internal bool HasFlagsOfDarwin => Notes.HasExitStatus;

    internal TimerEncoding Timers { get; private init; }

    /// <summary>Whether the library has FreeBSD's notes has to be asked.</summary>
    internal bool TimersAreNotFixed { get; private init; }

    /// <summary>aio(4) tells a queue by SIGEV_KEVENT (AIO-001).</summary>
    internal bool HasKernelAio { get; private init; }

    /// <summary>F_DUPFD_CLOEXEC of fcntl(2); FreeBSD's and DragonFly's unless said otherwise.</summary>
    internal int DuplicateCommand { get; private init; } = 17;

    internal NoteNumbers Notes { get; private init; } = new();

    internal ErrnoTable Errors { get; }

    /// <summary>The same with FreeBSD's notes.</summary>
    internal KqueueAbi WithFreeBsdNotes() => new(this)
    {
        Timers = TimerEncoding.Ours,
        Notes = Notes with { HasUses = true, Truncate = (uint)VnodeNotes.Truncate },
    };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
