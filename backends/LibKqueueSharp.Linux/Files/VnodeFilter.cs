using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>EVFILT_VNODE (clauses VNODE-001 to VNODE-TRUNC-001; filt_vfsvnode in FreeBSD's vfs_subr.c).</summary>
internal sealed class VnodeFilter(EmulatedQueue queue, EpollPoller poller)
    : DescriptorFilter(queue, EventFilter.Vnode, poller, EpollEvents.None)
{
    private const VnodeNotes Everywhere = VnodeNotes.Delete | VnodeNotes.Write | VnodeNotes.Extend | VnodeNotes.Attributes
        | VnodeNotes.Link | VnodeNotes.Rename;
    private const VnodeNotes Uses = VnodeNotes.Open | VnodeNotes.Close | VnodeNotes.CloseWrite | VnodeNotes.Read;

    /// <summary>The knote that is being attached: what inotify tells until then happened before, and is not for it (VNODE-010).</summary>
    private Knote? _attaching;

    private readonly VnodeNotes _served = Everywhere
        | (queue.Dialect.VnodeHasUseNotes ? Uses : VnodeNotes.None)
        | (queue.Dialect.VnodeHasTruncate ? VnodeNotes.Truncate : VnodeNotes.None);

    internal override bool KernelShows(Knote kn) => false;

    internal override string? Explain(Errno error, in KEvent change) => FileLimits.Explain(error);

    internal override Errno Attach(Knote kn)
    {
        _attaching = kn;
        Errno error = BeginToWatch(kn);
        _attaching = null;
        return error;
    }

    private Errno BeginToWatch(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (kn.Link is not null && !Poller.StandsForTheSame(fd))
            Poller.DropOtherFile(fd);
        if (EpollQueues.Find(fd) is not null)
            return Errno.EINVAL;
        ref Descriptor d = ref Poller[fd];
        Errno error = d.Kind == DescriptorKind.Unknown ? DescriptorClassifier.Classify(fd, ref d) : Errno.None;
        if (error != Errno.None)
            return error;

        // VNODE-009; READ-FIFO-004: a FIFO that has a name is a vnode as any other.
        bool hasName = d.Kind is DescriptorKind.File or DescriptorKind.Directory;
        if (d.Kind == DescriptorKind.Pipe)
            error = DescriptorClassifier.HasName(fd, out hasName);
        if (error != Errno.None || !hasName)
            return error != Errno.None ? error : Errno.EINVAL;
        error = Poller.RegisterFile(kn, d.Kind == DescriptorKind.Directory);
        if (error == Errno.None && Poller.FileInterval > 0)
            Queue.Timers.Add(kn, QueueClock.Add(Queue.Clock.Now, Poller.FileInterval));
        return error;
    }

    internal override Errno Detach(Knote kn)
    {
        int fd = (int)kn.Ident;
        Queue.Timers.Remove(kn);
        Errno gone = Identify(fd, out _);
        Poller.UnregisterFile(kn);
        return gone;
    }

    // What happened before the change counts by the notes that were asked for then.
    internal override Errno Touch(Knote kn, ref KEvent change)
    {
        Errno doubt = TakeDoubt();
        if (doubt != Errno.None)
            return doubt;
        Poller.TakeFileEvents();
        uint before = kn.SavedFFlags;
        kn.SavedFFlags = change.FFlags;
        Errno error = Poller.TouchFile(kn);
        if (error != Errno.None)
            kn.SavedFFlags = before;
        return error;
    }

    internal override void Enabled(Knote kn)
    {
    }

    internal override void Reevaluate(Knote kn)
    {
        if (kn.FFlags != 0)
            Queue.Activate(kn);
    }

    internal override void Look(Knote kn)
    {
    }

    internal override bool Event(Knote kn) => Holds(kn);

    internal override long Expired(Knote kn, long deadline, long now)
    {
        bool again = Poller.CompareFile((int)kn.Ident);
        if (kn.FFlags != 0)
            Queue.Activate(kn);
        if (Poller.FileInterval > 0)
            return QueueClock.Add(now, Poller.FileInterval);
        return again ? QueueClock.Add(now, Later) : long.MaxValue;
    }

    /// <summary>
    /// VN_KNOTE: notes that the kernel posts together. Whoever asked for one of them gets all (trace vnode_oneshot_dispatch).
    /// </summary>
    internal void Post(Knote kn, VnodeNotes posted)
    {
        uint notes = (uint)(posted & _served);
        if ((kn.SavedFFlags & notes) == 0 || kn == _attaching)
            return;
        kn.FFlags |= Dialect.VnodeReportsUnasked ? notes : notes & kn.SavedFFlags;
        Queue.Activate(kn);
    }

    /// <summary>The inotify events that a knote needs.</summary>
    internal uint Mask(Knote kn, bool directory)
    {
        VnodeNotes notes = (VnodeNotes)kn.SavedFFlags & _served;
        uint mask = Native.IN_DELETE_SELF;
        if (directory && (notes & (VnodeNotes.Write | VnodeNotes.Extend | VnodeNotes.Link)) != 0)
            mask |= Native.IN_ENTRIES;
        if (!directory && (notes & (VnodeNotes.Write | VnodeNotes.Extend | VnodeNotes.Attributes | VnodeNotes.Truncate)) != 0)
            mask |= Native.IN_MODIFY;
        if ((notes & (VnodeNotes.Attributes | VnodeNotes.Link | VnodeNotes.Delete)) != 0)
            mask |= Native.IN_ATTRIB;
        if ((notes & VnodeNotes.Rename) != 0 || (directory && (notes & VnodeNotes.Delete) != 0))
            mask |= Native.IN_MOVE_SELF;
        mask |= (notes & VnodeNotes.Open) != 0 ? Native.IN_OPEN : 0;
        mask |= (notes & VnodeNotes.Close) != 0 ? Native.IN_CLOSE_NOWRITE : 0;
        mask |= (notes & VnodeNotes.CloseWrite) != 0 ? Native.IN_CLOSE_WRITE : 0;
        return mask | ((notes & VnodeNotes.Read) != 0 ? Native.IN_ACCESS : 0);
    }

    protected override bool Holds(Knote kn) => TryLookAtFile(kn, out _) && kn.FFlags != 0;

    protected override Errno AttachUnpollable(Knote kn) => Errno.EINVAL;
}
