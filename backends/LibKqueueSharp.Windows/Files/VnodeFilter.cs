using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>
/// EVFILT_VNODE (clauses VNODE-001 to VNODE-TRUNC-001; filt_vfsvnode in FreeBSD's vfs_subr.c). The ident is the HANDLE of a file or a directory. Windows
/// tells nobody of opening, reading and closing (no-uses).
/// </summary>
internal sealed class VnodeFilter(EmulatedQueue queue, IocpPoller poller) : Filter(queue, EventFilter.Vnode)
{
    private const VnodeNotes Everywhere = VnodeNotes.Delete | VnodeNotes.Write | VnodeNotes.Extend | VnodeNotes.Attributes
        | VnodeNotes.Link | VnodeNotes.Rename;
    private const VnodeNotes Uses = VnodeNotes.Open | VnodeNotes.Close | VnodeNotes.CloseWrite | VnodeNotes.Read;

    private readonly VnodeNotes _served = Everywhere | (queue.Dialect.VnodeHasTruncate ? VnodeNotes.Truncate : VnodeNotes.None);
    private readonly VnodeNotes _refused = queue.Dialect.VnodeHasUseNotes ? Uses : VnodeNotes.None;

    internal override string? Explain(Errno error, in KEvent change) => error == Errno.ENOTSUP
        ? "Windows does not tell of opening, reading and closing: NOTE_OPEN, NOTE_READ, NOTE_CLOSE and NOTE_CLOSE_WRITE"
        : null;

    internal override Errno CheckIdent(in KEvent change)
    {
        if ((change.Flags & EventFlags.Delete) == 0 && Find(change.Ident) is not null)
            poller.ReadRecords();
        return poller.CheckHandle(change, Find(change.Ident));
    }

    internal override bool StillThere(Knote kn)
    {
        if (poller.LookAtFile(kn.Ident, out _) != Errno.EBADF)
            return true;
        Queue.Discard(kn);
        return false;
    }

    internal override Errno Attach(Knote kn)
    {
        // VNODE-009
        if (NestedQueues.Find(kn.Ident) is not null || (Sys.IsOpen((nint)kn.Ident) && !Sys.IsDiskFile((nint)kn.Ident)))
            return Errno.EINVAL;
        if (Refuses(kn.SavedFFlags))
            return Errno.ENOTSUP;
        Errno error = poller.WatchFile(kn);
        if (error != Errno.None)
            return error == Errno.ENOTSUP ? Errno.EINVAL : error;
        AskLater(kn);
        return error;
    }

    internal override Errno Detach(Knote kn)
    {
        Queue.Timers.Remove(kn);
        Errno gone = poller.LookAtFile(kn.Ident, out _);
        poller.UnwatchFile(kn);
        return gone == Errno.EBADF ? gone : Errno.None;
    }

    internal override Errno Touch(Knote kn, ref KEvent change)
    {
        if (Refuses(change.FFlags))
            return Errno.ENOTSUP;
        kn.SavedFFlags = change.FFlags;
        return Errno.None;
    }

    internal override void Reevaluate(Knote kn)
    {
        if (kn.FFlags != 0)
            Queue.Activate(kn);
    }

    internal override void Look(Knote kn)
    {
    }

    internal override bool Event(Knote kn)
    {
        if (poller.LookAtFile(kn.Ident, out _) != Errno.EBADF)
            return kn.FFlags != 0;
        Queue.Discard(kn);
        return false;
    }

    internal override long Expired(Knote kn, long deadline, long now)
    {
        poller.Files.Compare(kn.Ident);
        if (kn.FFlags != 0 || poller.LookAtFile(kn.Ident, out _) == Errno.EBADF)
            Queue.Activate(kn);
        long next = poller.NextLook(kn.Ident);
        return next == 0 ? long.MaxValue : QueueClock.Add(now, next);
    }

    /// <summary>
    /// VN_KNOTE: notes that the kernel posts together. Whoever asked for one of them gets all (trace vnode_oneshot_dispatch).
    /// </summary>
    internal void Post(Knote kn, VnodeNotes posted)
    {
        uint notes = (uint)(posted & _served);
        if ((kn.SavedFFlags & notes) == 0)
            return;
        kn.FFlags |= Dialect.VnodeReportsUnasked ? notes : notes & kn.SavedFFlags;
        Queue.Activate(kn);
    }

    /// <summary>When no directory tells of its file, or the interval says so.</summary>
    internal void AskLater(Knote kn) => poller.LookLater(kn);

    private bool Refuses(uint notes) => ((VnodeNotes)notes & _refused) != 0;
}
