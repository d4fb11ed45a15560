namespace LibKqueueSharp.Windows;

/// <summary>What this Windows offers to a queue.</summary>
internal static class WindowsCapabilities
{
    private static readonly string[] s_none = [];

    internal static KqueueCapabilities Read(bool fallbacks) => new(
        "windows",
        $"Windows {Environment.OSVersion.Version.ToString(3)}",
        s_filters,
        [
            new("connections told of a listening socket", "1, however many wait"),
            new("end of a connection told", "when what came before it was read"),
            new("wait-completion packets, for exits", HasPackets(fallbacks) ? "yes" : "no: a registered wait each"),
            new("high-resolution timers, for sleeps below 16 ms", HasPreciseTimers(fallbacks) ? "yes" : "no: ticks of the system's clock"),
        ],
        [.. Dialect.All.Select(d => d.Name)]);

    private static bool HasPackets(bool fallbacks) => !fallbacks && SystemWaitPackets.IfAny is not null;

    private static bool HasPreciseTimers(bool fallbacks)
    {
        nint timer = HasPackets(fallbacks) ? Sys.CreatePreciseTimer() : 0;
        if (timer != 0)
            Sys.Close(timer);
        return timer != 0;
    }

    private static readonly FilterCapability[] s_filters =
    [
        new(EventFilter.Read, true, ["NOTE_LOWAT", "NOTE_FILE_POLL"], "AFD polls for sockets, directory watches for files; pipes and queues are looked at by time"),
        new(EventFilter.Write, true, ["NOTE_LOWAT"], "AFD polls for sockets; a pipe always has room"),
        new(EventFilter.Aio, true, s_none, "overlapped I/O; threads of the runtime's pool for handles that were not opened so"),
        new(EventFilter.Vnode, true,
            ["NOTE_DELETE", "NOTE_WRITE", "NOTE_EXTEND", "NOTE_ATTRIB", "NOTE_LINK", "NOTE_RENAME"],
            "directory watches, two handles a directory"),
        new(EventFilter.Process, true,
            ["NOTE_EXIT", "NOTE_FORK", "NOTE_TRACK", "NOTE_TRACKERR", "NOTE_CHILD"],
            "a handle each, and a wait-completion packet or a registered wait; data is the exit code; forks by a job object, which the process stays in for good"),
        new(EventFilter.Signal, true, s_none, "SIGHUP, SIGINT, SIGQUIT and SIGTERM, as the runtime tells of them"),
        new(EventFilter.Timer, true,
            ["NOTE_SECONDS", "NOTE_MSECONDS", "NOTE_USECONDS", "NOTE_NSECONDS", "NOTE_ABSTIME"],
            "the queue's own heap; as fine as the ticks of the system's clock, or a high-resolution timer"),
        Missing(EventFilter.ProcessDescriptor),
        Missing(EventFilter.FileSystem),
        new(EventFilter.Lio, true, s_none, "as EVFILT_AIO"),
        new(EventFilter.User, true,
            ["NOTE_FFNOP", "NOTE_FFAND", "NOTE_FFOR", "NOTE_FFCOPY", "NOTE_TRIGGER"],
            "the queue's own list"),
        Missing(EventFilter.SendFile),
        Missing(EventFilter.Empty),
        Missing(EventFilter.Jail),
        Missing(EventFilter.JailDescriptor),
        new(EventFilter.Except, true, ["NOTE_OOB"], "AFD polls"),
    ];

    private static FilterCapability Missing(EventFilter filter) => new(filter, false, s_none, "not served");
}
