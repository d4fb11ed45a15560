namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The names of filter flags. One number has different names with different filters, so the filter decides.</summary>
internal static class NoteNames
{
    private static readonly BitNames s_none = new();

    private static readonly BitNames s_readWrite = new(
        ("NOTE_LOWAT", (uint)ReadWriteNotes.LowWater),
        ("NOTE_FILE_POLL", (uint)ReadWriteNotes.FilePoll),
        ("NOTE_EOF", (uint)ReadWriteNotes.FilePoll),
        ("NOTE_OOB", (uint)ReadWriteNotes.OutOfBand));

    private static readonly BitNames s_vnode = new(
        ("NOTE_DELETE", (uint)VnodeNotes.Delete),
        ("NOTE_WRITE", (uint)VnodeNotes.Write),
        ("NOTE_EXTEND", (uint)VnodeNotes.Extend),
        ("NOTE_ATTRIB", (uint)VnodeNotes.Attributes),
        ("NOTE_LINK", (uint)VnodeNotes.Link),
        ("NOTE_RENAME", (uint)VnodeNotes.Rename),
        ("NOTE_REVOKE", (uint)VnodeNotes.Revoke),
        ("NOTE_OPEN", (uint)VnodeNotes.Open),
        ("NOTE_CLOSE", (uint)VnodeNotes.Close),
        ("NOTE_CLOSE_WRITE", (uint)VnodeNotes.CloseWrite),
        ("NOTE_READ", (uint)VnodeNotes.Read),
        ("NOTE_TRUNCATE", (uint)VnodeNotes.Truncate));

    private static readonly BitNames s_process = new(
        ("NOTE_EXIT", (uint)ProcessNotes.Exit),
        ("NOTE_FORK", (uint)ProcessNotes.Fork),
        ("NOTE_EXEC", (uint)ProcessNotes.Exec),
        ("NOTE_TRACK", (uint)ProcessNotes.Track),
        ("NOTE_TRACKERR", (uint)ProcessNotes.TrackError),
        ("NOTE_CHILD", (uint)ProcessNotes.Child),
        ("NOTE_EXITSTATUS", (uint)ProcessNotes.ExitStatus));

    private static readonly BitNames s_fileSystem = new(
        ("VQ_NOTRESP", (uint)FileSystemNotes.NotResponding),
        ("VQ_NEEDAUTH", (uint)FileSystemNotes.NeedsAuthentication),
        ("VQ_LOWDISK", (uint)FileSystemNotes.LowDisk),
        ("VQ_MOUNT", (uint)FileSystemNotes.Mount),
        ("VQ_UNMOUNT", (uint)FileSystemNotes.Unmount),
        ("VQ_DEAD", (uint)FileSystemNotes.Dead),
        ("VQ_ASSIST", (uint)FileSystemNotes.Assist),
        ("VQ_NOTRESPLOCK", (uint)FileSystemNotes.LockNotResponding),
        ("VQ_UPDATE", (uint)FileSystemNotes.Update));

    private static readonly BitNames s_timer = new(
        ("NOTE_SECONDS", (uint)TimerNotes.Seconds),
        ("NOTE_MSECONDS", (uint)TimerNotes.Milliseconds),
        ("NOTE_USECONDS", (uint)TimerNotes.Microseconds),
        ("NOTE_NSECONDS", (uint)TimerNotes.Nanoseconds),
        ("NOTE_ABSTIME", (uint)TimerNotes.Absolute));

    private static readonly BitNames s_user = new(
        ("NOTE_FFCOPY", (uint)UserNotes.Copy),
        ("NOTE_FFOR", (uint)UserNotes.Or),
        ("NOTE_FFAND", (uint)UserNotes.And),
        ("NOTE_FFNOP", (uint)UserNotes.None),
        ("NOTE_TRIGGER", (uint)UserNotes.Trigger));

    public static bool TryParse(EventFilter filter, string text, out uint notes, out string unknown) =>
        Of(filter).TryParse(text, out notes, out unknown);

    /// <summary>The names of a filter's notes, in their order.</summary>
    public static IEnumerable<string> All(EventFilter filter) => Of(filter).All;

    /// <summary>Those of a filter's notes that have names.</summary>
    public static uint Named(EventFilter filter, uint notes) => notes & Of(filter).Known;

    public static string[] Format(EventFilter filter, uint notes) => Of(filter).Format(notes);

    private static BitNames Of(EventFilter filter) => filter switch
    {
        EventFilter.Read or EventFilter.Write or EventFilter.Except => s_readWrite,
        EventFilter.Vnode => s_vnode,
        EventFilter.Process or EventFilter.ProcessDescriptor => s_process,
        EventFilter.FileSystem => s_fileSystem,
        EventFilter.Timer => s_timer,
        EventFilter.User => s_user,
        _ => s_none,
    };
}
