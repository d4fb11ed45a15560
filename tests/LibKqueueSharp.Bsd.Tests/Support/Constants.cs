using System.Globalization;

namespace LibKqueueSharp.Kernels.Tests;

/// <summary>The table of the systems' numbers: what the tests compare with.</summary>
internal static class Constants
{
    private static readonly Dictionary<(string System, string Name), long> s_values = Read();

    private static readonly Dictionary<string, string> s_systems = new()
    {
        ["freebsd11"] = "freebsd",
    };

    /// <summary>The filters by their C names.</summary>
    public static IReadOnlyDictionary<EventFilter, string> FilterNames { get; } = new Dictionary<EventFilter, string>
    {
        [EventFilter.Read] = "EVFILT_READ",
        [EventFilter.Write] = "EVFILT_WRITE",
        [EventFilter.Aio] = "EVFILT_AIO",
        [EventFilter.Vnode] = "EVFILT_VNODE",
        [EventFilter.Process] = "EVFILT_PROC",
        [EventFilter.Signal] = "EVFILT_SIGNAL",
        [EventFilter.Timer] = "EVFILT_TIMER",
        [EventFilter.ProcessDescriptor] = "EVFILT_PROCDESC",
        [EventFilter.FileSystem] = "EVFILT_FS",
        [EventFilter.Lio] = "EVFILT_LIO",
        [EventFilter.User] = "EVFILT_USER",
        [EventFilter.SendFile] = "EVFILT_SENDFILE",
        [EventFilter.Empty] = "EVFILT_EMPTY",
        [EventFilter.Jail] = "EVFILT_JAIL",
        [EventFilter.JailDescriptor] = "EVFILT_JAILDESC",
        [EventFilter.Except] = "EVFILT_EXCEPT",
    };

    /// <summary>Our notes by their C names.</summary>
    public static IReadOnlyList<(EventFilter Filter, uint Ours, string Name)> Notes { get; } =
    [
        (EventFilter.Read, (uint)ReadWriteNotes.LowWater, "NOTE_LOWAT"),
        (EventFilter.Write, (uint)ReadWriteNotes.LowWater, "NOTE_LOWAT"),
        (EventFilter.Except, (uint)ReadWriteNotes.OutOfBand, "NOTE_OOB"),
        (EventFilter.Vnode, (uint)VnodeNotes.Delete, "NOTE_DELETE"),
        (EventFilter.Vnode, (uint)VnodeNotes.Write, "NOTE_WRITE"),
        (EventFilter.Vnode, (uint)VnodeNotes.Extend, "NOTE_EXTEND"),
        (EventFilter.Vnode, (uint)VnodeNotes.Attributes, "NOTE_ATTRIB"),
        (EventFilter.Vnode, (uint)VnodeNotes.Link, "NOTE_LINK"),
        (EventFilter.Vnode, (uint)VnodeNotes.Rename, "NOTE_RENAME"),
        (EventFilter.Vnode, (uint)VnodeNotes.Revoke, "NOTE_REVOKE"),
        (EventFilter.Vnode, (uint)VnodeNotes.Open, "NOTE_OPEN"),
        (EventFilter.Vnode, (uint)VnodeNotes.Close, "NOTE_CLOSE"),
        (EventFilter.Vnode, (uint)VnodeNotes.CloseWrite, "NOTE_CLOSE_WRITE"),
        (EventFilter.Vnode, (uint)VnodeNotes.Read, "NOTE_READ"),
        (EventFilter.Vnode, (uint)VnodeNotes.Truncate, "NOTE_TRUNCATE"),
        (EventFilter.Process, (uint)ProcessNotes.Exit, "NOTE_EXIT"),
        (EventFilter.Process, (uint)ProcessNotes.Fork, "NOTE_FORK"),
        (EventFilter.Process, (uint)ProcessNotes.Exec, "NOTE_EXEC"),
        (EventFilter.Process, (uint)ProcessNotes.Track, "NOTE_TRACK"),
        (EventFilter.Process, (uint)ProcessNotes.TrackError, "NOTE_TRACKERR"),
        (EventFilter.Process, (uint)ProcessNotes.Child, "NOTE_CHILD"),
        (EventFilter.FileSystem, (uint)FileSystemNotes.Mount, "VQ_MOUNT"),
        (EventFilter.FileSystem, (uint)FileSystemNotes.Unmount, "VQ_UNMOUNT"),
        (EventFilter.User, (uint)UserNotes.Trigger, "NOTE_TRIGGER"),
        (EventFilter.User, (uint)UserNotes.And, "NOTE_FFAND"),
        (EventFilter.User, (uint)UserNotes.Or, "NOTE_FFOR"),
        (EventFilter.User, (uint)UserNotes.Copy, "NOTE_FFCOPY"),
        (EventFilter.User, (uint)UserNotes.ControlMask, "NOTE_FFCTRLMASK"),
        (EventFilter.User, (uint)UserNotes.FlagsMask, "NOTE_FFLAGSMASK"),
        (EventFilter.Timer, (uint)TimerNotes.Seconds, "NOTE_SECONDS"),
        (EventFilter.Timer, (uint)TimerNotes.Microseconds, "NOTE_USECONDS"),
        (EventFilter.Timer, (uint)TimerNotes.Nanoseconds, "NOTE_NSECONDS"),
        (EventFilter.Timer, (uint)TimerNotes.Absolute, "NOTE_ABSTIME"),
    ];

    /// <summary>A number of a system, or null when it has none.</summary>
    public static long? Find(KqueueAbi abi, string name) =>
        s_values.TryGetValue((s_systems.GetValueOrDefault(abi.Name, abi.Name), name), out long value) ? value : null;

    /// <summary>A number of a system that must be there.</summary>
    public static long Of(KqueueAbi abi, string name) => Find(abi, name) ?? throw new AssertionException($"{abi.Name} has no {name}");

    private static Dictionary<(string, string), long> Read() => File
        .ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "data", "constants.csv"))
        .Skip(1)
        .Select(line => line.Split(','))
        .Where(row => row[1] is "filter" or "flag" or "fflag" or "layout" && row[3] is not ("" or "UNVERIFIED"))
        .ToDictionary(row => (row[0], row[2]), row => Number(row[3]));

    private static long Number(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? long.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        : long.Parse(text, CultureInfo.InvariantCulture);
}
