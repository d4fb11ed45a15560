using LibKqueueSharp.Emulation;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>What the filters on descriptors share: looking up, registering, and noticing that a number was closed.</summary>
internal abstract class DescriptorFilter(EmulatedQueue queue, EventFilter number, EpollPoller poller, EpollEvents interest)
    : Filter(queue, number)
{
    /// <summary>Nanoseconds until something that could not be asked of a file or a queue, for want of memory, is asked again.</summary>
    protected const long Later = 10_000_000;

    /// <summary>The epoll events that the filter needs.</summary>
    internal EpollEvents Interest { get; } = interest;

    protected EpollPoller Poller { get; } = poller;

    /// <summary>Why <see cref="StillThere"/> could not tell, for the change at hand.</summary>
    private Errno _doubt;

    internal override Errno CheckIdent(in KEvent change)
    {
        if (change.Ident > int.MaxValue)
            return Errno.EBADF;

        // A number beyond the table is asked for before the table grows to hold it: it may be anything.
        bool fits = Poller.Holds(change.Ident);
        bool add = (change.Flags & EventFlags.Add) != 0;
        if ((add && fits) || (!add && (Dialect.ClosedDescriptorNeedsAdd || Find(change.Ident) is not null)))
            return Errno.None;
        return Sys.IsOpen((int)change.Ident) ? Errno.None : Errno.EBADF;
    }

    internal override Knote? Find(nuint ident) => Poller.Find(ident, Number);

    internal override void Insert(Knote kn) => Poller.Insert(kn);

    internal override void Remove(Knote kn) => Poller.Remove(kn);

    internal override void DiscardAll() => Poller.DiscardAll();

    internal override bool KernelShows(Knote kn) => IsPollable(Kind(kn)) && !Poller.IsEdge(kn);

    internal override bool StillThere(Knote kn)
    {
        if (IsPollable(Kind(kn)) && Interest != EpollEvents.None)
            return Poller.Rearm(kn);
        return Identify((int)kn.Ident, out _doubt) == Errno.None || Gone(kn);
    }

    /// <summary>StillThere could not tell: the change fails, since the knote may be another file's.</summary>
    protected Errno TakeDoubt()
    {
        Errno doubt = _doubt;
        _doubt = Errno.None;
        return doubt;
    }

    internal override Errno Attach(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (kn.Link is not null && (!IsPollable(Kind(kn)) || Poller.WatchesFile(fd)) && !IsSame(fd))
            Poller.DropOtherFile(fd);
        Errno error = Poller.Register(kn, NeedsEdge(kn));
        return error == Errno.EPERM ? AttachUnpollable(kn) : error;
    }

    internal override Errno Detach(Knote kn)
    {
        DescriptorKind kind = Kind(kn);
        _doubt = Errno.None;
        if (!kn.Is(KnoteStatus.Watched))
            Queue.Timers.Remove(kn);
        if (IsPollable(kind))
        {
            // A number that is a file by now, which epoll refuses, is not the one that was registered.
            Errno error = Poller.Unregister(kn);
            return error == Errno.EPERM ? Errno.ENOENT : error;
        }

        Errno gone = Identify((int)kn.Ident, out _);
        if (kind is DescriptorKind.File or DescriptorKind.Directory)
            Poller.UnregisterFile(kn);
        return gone;
    }

    internal override Errno Touch(Knote kn, ref KEvent change)
    {
        Errno doubt = TakeDoubt();
        if (doubt != Errno.None)
            return doubt;
        base.Touch(kn, ref change);
        if (NeedsEdge(kn) && IsPollable(Kind(kn)))
            Poller.MakeEdge(kn);
        return Errno.None;
    }

    /// <summary>
    /// What the kernel has not reported in this harvest (an edge that was enabled again, a pipe whose reader has moved on) is handed out only
    /// if the number still stands for the registered file (FD-CLOSE-005).
    /// </summary>
    internal override bool Event(Knote kn) =>
        Holds(kn) && ((TrustsHarvest && Poller.IsTold(kn)) || !IsPollable(Kind(kn)) || IsStillRegistered(kn));

    /// <summary>
    /// What the kernel has just reported is handed out without a look at the number, which would cost 142 ns an event. The report is of the file that
    /// was registered, also when its number was closed and a duplicate lives.
    /// </summary>
    protected virtual bool TrustsHarvest => true;

    internal override void Enabled(Knote kn)
    {
        if (IsPollable(Kind(kn)))
            Poller.Enable(kn);
    }

    /// <summary>
    /// A registration that was just armed reports by itself; so does a level-triggered one. For an edge-triggered
    /// one the next scan asks, which costs no system call now.
    /// </summary>
    internal override void Reevaluate(Knote kn)
    {
        bool armed = Poller.TakeArmed(kn);
        if (!IsPollable(Kind(kn)))
            base.Reevaluate(kn);
        else if (Poller.IsEdge(kn) && (!armed || (kn.SavedFFlags & (uint)ReadWriteNotes.LowWater) != 0))
            ReevaluateEdge(kn);
    }

    /// <summary>The kernel is asked: the harvest at hand tells what the last scan saw.</summary>
    internal override void Look(Knote kn)
    {
        Poller.ForgetHarvest();
        kn.Data = 0;
        Event(kn);
    }

    // A queue whose descriptor was handed out must not look ready for an event that is none (KQ-POLL-001).
    private void ReevaluateEdge(Knote kn)
    {
        if (Queue.IsExported)
        {
            Poller.ForgetHarvest();
            base.Reevaluate(kn);
        }
        else
        {
            Queue.Activate(kn);
        }
    }

    internal override long Expired(Knote kn, long deadline, long now)
    {
        bool again = Kind(kn) is DescriptorKind.File or DescriptorKind.Directory && Poller.CompareFile((int)kn.Ident);
        Queue.Activate(kn);
        return again ? QueueClock.Add(now, Later) : long.MaxValue;
    }

    /// <summary>The knote could not be looked at now. Always false, for a filter's Event to return.</summary>
    internal bool AskLater(Knote kn)
    {
        if (kn.Position < 0)
            Queue.Timers.Add(kn, QueueClock.Add(Queue.Clock.Now, Later));
        return false;
    }

    /// <summary>f_event, for a number that is believed to stand for the registered file.</summary>
    protected abstract bool Holds(Knote kn);

    /// <summary>
    /// Level-triggered epoll serves a knote, unless its events are edges, or its condition is one that epoll does not know.
    /// </summary>
    protected virtual bool NeedsEdge(Knote kn) =>
        kn.Has(EventFlags.Clear)
        || (kn.SavedFFlags & (uint)ReadWriteNotes.LowWater) != 0
        || (kn.Has(EventFlags.Dispatch) && !Dialect.EnableReevaluates);

    /// <summary>
    /// Asked before each scan for a knote that the poller watches: whether the other side of what was last delivered has moved.
    /// </summary>
    internal virtual bool HasProgressed(Knote kn) => false;

    /// <summary>Accepts or refuses a file, directory or device that cannot be polled.</summary>
    protected abstract Errno AttachUnpollable(Knote kn);

    /// <summary>What a device that cannot be polled reports as data.</summary>
    protected long DeviceData => Dialect.DeviceWithoutPoll == DevicePolicy.ReadyWithLowWater ? 1 : 0;

    /// <summary>READ-DEV-001 to READ-DEV-003.</summary>
    protected Errno CheckDevice(Knote kn) => Dialect.DeviceWithoutPoll switch
    {
        DevicePolicy.Ready => Errno.None,
        DevicePolicy.ReadyWithLowWater => (kn.SavedFFlags & (uint)ReadWriteNotes.LowWater) != 0 && kn.SavedData == 1 ? Errno.None : Errno.EINVAL,
        _ => Errno.ENODEV,
    };

    protected static bool IsPollable(DescriptorKind kind) =>
        kind is not (DescriptorKind.File or DescriptorKind.Directory or DescriptorKind.UnpollableDevice);

    protected DescriptorKind Kind(Knote kn) => Poller[(int)kn.Ident].Kind;

    /// <summary>The descriptor's entry, classified.</summary>
    /// <returns>False when the number is closed; its knotes have been dropped then.</returns>
    protected bool TryClassify(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (Poller[fd].Kind != DescriptorKind.Unknown || DescriptorClassifier.Classify(fd, ref Poller[fd]) == Errno.None)
            return true;
        return Gone(kn);
    }

    /// <summary>The events that hold now: from the harvest at hand where it tells, otherwise asked.</summary>
    protected Errno Ready(Knote kn, out EpollEvents ready) =>
        Poller.TryGetReady(kn, out ready) ? Errno.None : Ask(kn, out ready);

    protected Errno Ask(Knote kn, out EpollEvents ready) =>
        Sys.Poll((int)kn.Ident, Interest | EpollEvents.ReadHangUp, out ready);

    /// <summary>The number is closed: its knotes are dropped. Always false, for a filter's Event to return.</summary>
    protected bool Gone(Knote kn)
    {
        Poller.Drop((int)kn.Ident);
        return false;
    }

    /// <summary>
    /// The kernel says ready, the rule of the filter says no: no busy loop may come of it. Always false.
    /// </summary>
    protected bool Refuse(Knote kn)
    {
        Poller.MakeEdge(kn);
        return false;
    }

    /// <summary>
    /// For READ on a pipe's writing end and WRITE on its reading end: whether the other end was closed, and the dialect tells (READ-PIPE-003,
    /// WRITE-PIPE-005).
    /// </summary>
    protected bool HasEndOfWrongEnd(Knote kn)
    {
        if (Ready(kn, out EpollEvents ready) != Errno.None)
            return Gone(kn);
        bool ended = (ready & (EpollEvents.Error | EpollEvents.HangUp)) != 0;
        return ended && Dialect.PipeWrongEndReportsEof ? IsStillRegistered(kn) : Refuse(kn);
    }

    /// <summary>
    /// What a number stands for now: EBADF when it is closed, ENOENT for another than the file, directory or device that was registered. Where
    /// the file cannot be looked at (ENOMEM, or the ESTALE of a network file system) it is taken for the same, in doubt.
    /// </summary>
    protected Errno Identify(int fd, out Errno doubt)
    {
        Errno error = Sys.Stat(fd, out stat status);
        doubt = error == Errno.EBADF ? Errno.None : error;
        if (error != Errno.None)
            return error == Errno.EBADF ? error : Errno.None;
        bool same = Poller[fd].Kind == DescriptorKind.UnpollableDevice
            ? DescriptorClassifier.IsCharacterDevice(status)
            : Poller.IsSameFile(fd, status);
        return same ? Errno.None : Errno.ENOENT;
    }

    protected bool IsSame(int fd) => Identify(fd, out _) == Errno.None;

    /// <summary>Looks at the watched file.</summary>
    /// <returns>False when the number stands for it no more, and its knotes are dropped; or when it cannot be looked at now.</returns>
    protected bool TryLookAtFile(Knote kn, out stat status)
    {
        int fd = (int)kn.Ident;
        Errno error = Sys.Stat(fd, out status);
        if (error == Errno.None ? !Poller.IsWatchedFile(fd, status) : error == Errno.EBADF)
            return Gone(kn);
        if (error != Errno.None || Poller.NeedsLook(fd))
            AskLater(kn);
        return error == Errno.None;
    }

    /// <summary>Whether the number still stands for the registered file; drops the knotes if not.</summary>
    protected bool IsStillRegistered(Knote kn)
    {
        int fd = (int)kn.Ident;
        return Poller.IsRegisteredFile(fd, ref Poller[fd]) || Gone(kn);
    }
}
