namespace LibKqueueSharp.Linux;

/// <summary>What this kernel offers to a queue.</summary>
internal static class LinuxCapabilities
{
    private static readonly string[] s_none = [];

    internal static KqueueCapabilities Current => new(
        "linux",
        Describe(),
        Filters(),
        Limits(),
        [.. Dialect.All.Select(d => d.Name)]);

    private static FilterCapability[] Filters() =>
    [
        new(EventFilter.Read, true, ["NOTE_LOWAT", "NOTE_FILE_POLL"], "epoll; inotify for files"),
        new(EventFilter.Write, true, ["NOTE_LOWAT"], "epoll"),
        Missing(EventFilter.Aio),
        Missing(EventFilter.Vnode),
        Missing(EventFilter.Process),
        new(EventFilter.Signal, true, s_none,
            "the runtime's handlers; not 4 to 8, 11 and 32 to 34, which the runtime needs (ENOTSUP), nor SIGKILL and SIGSTOP (EINVAL)"),
        new(EventFilter.Timer, true,
            ["NOTE_SECONDS", "NOTE_MSECONDS", "NOTE_USECONDS", "NOTE_NSECONDS", "NOTE_ABSTIME"],
            "the queue's own heap; no descriptor"),
        Missing(EventFilter.ProcessDescriptor),
        Missing(EventFilter.FileSystem),
        Missing(EventFilter.Lio),
        new(EventFilter.User, true,
            ["NOTE_FFNOP", "NOTE_FFAND", "NOTE_FFOR", "NOTE_FFCOPY", "NOTE_TRIGGER"],
            "the queue's own list; no descriptor"),
        Missing(EventFilter.SendFile),
        new(EventFilter.Empty, true, s_none, "SIOCOUTQ, looked at by time"),
        Missing(EventFilter.Jail),
        Missing(EventFilter.JailDescriptor),
        new(EventFilter.Except, true, ["NOTE_OOB"], "EPOLLPRI"),
    ];

    private static FilterCapability Missing(EventFilter filter) => new(filter, false, s_none, "not served");

    private static string Describe() => $"Linux {Environment.OSVersion.Version.ToString(3)}";

    private static KeyValuePair<string, string>[] Limits() =>
    [
        Limit("fs.epoll.max_user_watches"),
        Limit("fs.inotify.max_user_instances"),
        Limit("fs.inotify.max_user_watches"),
        Limit("fs.inotify.max_queued_events"),
        Limit("fs.file-max"),
    ];

    private static KeyValuePair<string, string> Limit(string sysctl)
    {
        string path = "/proc/sys/" + sysctl.Replace('.', '/');
        try
        {
            return new(sysctl, File.ReadAllText(path).Trim());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(sysctl, "unknown");
        }
    }
}
