namespace LibKqueueSharp.Linux;

/// <summary>What this kernel offers to a queue.</summary>
internal static class LinuxCapabilities
{
    private static readonly string[] s_none = [];

    internal static KqueueCapabilities Read(int connectorRoom, bool hasUring) => new(
        "linux",
        Describe(),
        Filters(ProcessConnector.IsAvailable(connectorRoom), hasUring),
        Limits(),
        [.. Dialect.All.Select(d => d.Name)]);

    private static FilterCapability[] Filters(bool hasConnector, bool hasUring) =>
    [
        new(EventFilter.Read, true, ["NOTE_LOWAT", "NOTE_FILE_POLL"], "epoll; inotify for files"),
        new(EventFilter.Write, true, ["NOTE_LOWAT"], "epoll"),
        new(EventFilter.Aio, true, s_none, Operations(hasUring)),
        new(EventFilter.Vnode, true,
            ["NOTE_DELETE", "NOTE_WRITE", "NOTE_EXTEND", "NOTE_ATTRIB", "NOTE_LINK", "NOTE_RENAME", "NOTE_OPEN", "NOTE_CLOSE",
                "NOTE_CLOSE_WRITE", "NOTE_READ", "NOTE_TRUNCATE"],
            "inotify, one descriptor a queue"),
        Processes(hasConnector),
        new(EventFilter.Signal, true, s_none,
            "the runtime's handlers, a signalfd where every thread blocks the signal; not 4 to 8, 11 and 32 to 34, which the runtime needs (ENOTSUP), nor SIGKILL and SIGSTOP (EINVAL)"),
        new(EventFilter.Timer, true,
            ["NOTE_SECONDS", "NOTE_MSECONDS", "NOTE_USECONDS", "NOTE_NSECONDS", "NOTE_ABSTIME"],
            "the queue's own heap; no descriptor"),
        new(EventFilter.ProcessDescriptor, true, ["NOTE_EXIT"], "a pidfd of the caller's"),
        new(EventFilter.FileSystem, true, ["VQ_MOUNT", "VQ_UNMOUNT", "VQ_UPDATE"], "/proc/self/mountinfo, two descriptors a queue"),
        new(EventFilter.Lio, true, s_none, "the last of a list's operations"),
        new(EventFilter.User, true,
            ["NOTE_FFNOP", "NOTE_FFAND", "NOTE_FFOR", "NOTE_FFCOPY", "NOTE_TRIGGER"],
            "the queue's own list; no descriptor"),
        Missing(EventFilter.SendFile),
        new(EventFilter.Empty, true, s_none, "SIOCOUTQ, looked at by time"),
        Missing(EventFilter.Jail),
        Missing(EventFilter.JailDescriptor),
        new(EventFilter.Except, true, ["NOTE_OOB"], "EPOLLPRI"),
    ];

    private static FilterCapability Processes(bool hasConnector) => hasConnector
        ? new(EventFilter.Process, true,
            ["NOTE_EXIT", "NOTE_FORK", "NOTE_EXEC", "NOTE_TRACK", "NOTE_TRACKERR", "NOTE_CHILD"],
            "a pidfd each; the process connector for forks and execs")
        : new(EventFilter.Process, true, ["NOTE_EXIT"],
            "a pidfd each; forks and execs need the kernel's process connector, which is closed to this process: "
            + "it takes the initial namespaces and, before Linux 6.6, CAP_NET_ADMIN");

    private static string Operations(bool hasUring) => hasUring
        ? "io_uring, one descriptor a queue"
        : "a few threads, because io_uring is switched off or not allowed to this process (kernel.io_uring_disabled, seccomp)";

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
