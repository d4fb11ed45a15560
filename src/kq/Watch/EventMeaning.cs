namespace LibKqueueSharp.Kq.Watch;

/// <summary>What events mean, in words that follow their data.</summary>
internal static class EventMeaning
{
    private static readonly (VnodeNotes Note, string Words)[] s_vnodeWords =
    [
        (VnodeNotes.Open, "opened"),
        (VnodeNotes.Read, "read"),
        (VnodeNotes.Write, "written to"),
        (VnodeNotes.Extend, "longer"),
        (VnodeNotes.Truncate, "shorter"),
        (VnodeNotes.Attributes, "other attributes"),
        (VnodeNotes.Link, "another number of links"),
        (VnodeNotes.Rename, "renamed"),
        (VnodeNotes.Delete, "removed"),
        (VnodeNotes.Revoke, "revoked"),
        (VnodeNotes.Close, "closed by a reader"),
        (VnodeNotes.CloseWrite, "closed by a writer"),
    ];

    private static readonly (FileSystemNotes Note, string Words)[] s_mountWords =
    [
        (FileSystemNotes.Mount, "something was mounted"),
        (FileSystemNotes.Unmount, "something was unmounted"),
        (FileSystemNotes.Update, "a mount has other options"),
    ];

    public static string Of(in KEvent e) => e.Filter switch
    {
        _ when e.IsRecord => "is the error of the registration",
        EventFilter.Read when e is { IsEof: true, Data: > 0 } => "wait to be read, then comes the end" + Error(e),
        EventFilter.Read when e.IsEof => "wait: the end" + Error(e),
        EventFilter.Read => "wait to be read",
        EventFilter.Write when e.IsEof => "bytes of room, but nobody reads any more" + Error(e),
        EventFilter.Write => "bytes of room",
        EventFilter.Timer => e.Data == 1 ? "period is over" : "periods are over",
        EventFilter.Signal => e.Data == 1 ? "signal came" : "signals came",
        EventFilter.Vnode => OfFile((VnodeNotes)e.FFlags),
        EventFilter.FileSystem => OfMounts((FileSystemNotes)e.FFlags),
        EventFilter.Process or EventFilter.ProcessDescriptor => OfProcess(e),
        _ => "",
    };

    /// <summary>What happened in a directory: writing it is a change of its entries.</summary>
    /// <param name="e">An event of EVFILT_VNODE.</param>
    public static string OfDirectory(in KEvent e)
    {
        VnodeNotes notes = (VnodeNotes)e.FFlags;
        string entries = (notes & VnodeNotes.Write) != 0 ? "an entry came, went or has another name" : "";
        notes &= ~(VnodeNotes.Write | VnodeNotes.Extend);
        return Join(entries, OfFile(notes));
    }

    private static string OfFile(VnodeNotes notes) => Join([.. s_vnodeWords.Where(w => (notes & w.Note) != 0).Select(w => w.Words)]);

    private static string OfMounts(FileSystemNotes notes) => Join([.. s_mountWords.Where(w => (notes & w.Note) != 0).Select(w => w.Words)]);

    // PROC-015: forks, execs and the exit can be in one event. Data is the status, or the parent of a new child.
    private static string OfProcess(in KEvent e)
    {
        ProcessNotes notes = (ProcessNotes)e.FFlags;
        return Join(
            (notes & ProcessNotes.Child) != 0 ? "is the parent of this new process" : "",
            (notes & ProcessNotes.Fork) != 0 ? "forked" : "",
            (notes & ProcessNotes.Exec) != 0 ? "runs another program" : "",
            (notes & ProcessNotes.TrackError) != 0 ? "a child was missed" : "",
            (notes & ProcessNotes.Exit) != 0 ? WaitStatus.Describe(e.Data) : "");
    }

    private static string Error(in KEvent e) => e.FFlags == 0 ? "" : $", with the error {(Errno)(int)e.FFlags}";

    private static string Join(params string[] words) => string.Join(", ", words.Where(w => w.Length > 0));
}
