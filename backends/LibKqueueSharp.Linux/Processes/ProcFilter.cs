using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>
/// EVFILT_PROC (clauses PROC-001 to PROC-REAP-001; filt_proc in FreeBSD's kern_event.c). One pidfd a registration, which is the
/// process itself and not its number; it stays open until the registration goes, so that a status can be read of a process
/// that was reaped. Forks and execs come from the process connector. What follows forks is in ProcFilter.Forks.cs.
/// </summary>
/// <remarks>
/// <see cref="Knote.State"/> is the pidfd, or <see cref="NoPidFd"/>; <see cref="Knote.Position"/> the place among the followers. EV_EOF is
/// set once the exit was seen.
/// </remarks>
internal sealed partial class ProcFilter : Filter, ProcessConnector.IListener
{
    /// <summary>A tracked child that had been reaped before it could be watched: its exit is told by the connector.</summary>
    private const int NoPidFd = -1;

    private const ProcessNotes OfConnector = ProcessNotes.Fork | ProcessNotes.Exec | ProcessNotes.Track;
    private const ProcessNotes OfTracking = ProcessNotes.Track | ProcessNotes.TrackError | ProcessNotes.Child;
    private const long StatusBits = 0xf_ffff;

    private readonly EpollPoller _poller;

    /// <summary>Why <see cref="StillThere"/> could not tell, for the change at hand.</summary>
    private Errno _doubt;

    internal ProcFilter(EmulatedQueue queue, EpollPoller poller)
        : base(queue, EventFilter.Process)
    {
        _poller = poller;
        _children = new ChildNoteFilter(queue);
    }

    /// <summary>What happened before this change belongs to no registration that it makes.</summary>
    internal override string? Explain(Errno error, in KEvent change) => error == Errno.ENOTSUP
        ? "NOTE_FORK, NOTE_EXEC and NOTE_TRACK need the kernel's process connector, which answers in the initial namespaces only and, before "
            + "Linux 6.6, only with CAP_NET_ADMIN"
        : null;

    internal override Errno CheckIdent(in KEvent change)
    {
        _poller.DrainConnector();
        return Errno.None;
    }

    /// <summary>False when the process was reaped and its id is another's by now.</summary>
    internal override bool StillThere(Knote kn)
    {
        _doubt = Errno.None;
        if (kn.State == NoPidFd || !PidFd.IsReaped((int)kn.State))
            return true;
        Errno error = PidFd.Open(kn.Ident, out int other);
        if (error != Errno.None)
        {
            _doubt = error == Errno.ESRCH ? Errno.None : error;
            return true;
        }

        Sys.Close(other);
        Queue.Discard(kn);
        return false;
    }

    internal override Errno Attach(Knote kn)
    {
        ProcessNotes notes = (ProcessNotes)kn.SavedFFlags;
        kn.State = NoPidFd;
        kn.Flags |= EventFlags.Clear;
        if ((notes & OfTracking) != 0 && Dialect.ProcessTracking == ProcessTrackingPolicy.Refused)
            return Errno.ENOTSUP;
        Errno error = Follow(kn, notes);
        if (error == Errno.None)
            error = _parent != 0 ? AttachTracked(kn) : AttachGiven(kn, notes);
        if (error != Errno.None)
            Detach(kn);
        return error;
    }

    internal override Errno Detach(Knote kn)
    {
        _doubt = Errno.None;
        Unfollow(kn);
        _children.Drop(kn.Ident);
        if (kn.State != NoPidFd)
            _poller.CloseProcess((int)kn.State);
        kn.State = NoPidFd;
        return Errno.None;
    }

    internal override Errno Touch(Knote kn, ref KEvent change)
    {
        ProcessNotes notes = (ProcessNotes)change.FFlags;
        (Errno doubt, _doubt) = (_doubt, Errno.None);
        if (doubt != Errno.None)
            return doubt;
        if ((notes & OfTracking) != 0 && Dialect.ProcessTracking == ProcessTrackingPolicy.Refused)
            return Errno.ENOTSUP;
        Errno error = Follow(kn, notes);
        return error == Errno.None ? base.Touch(kn, ref change) : error;
    }

    internal override bool Event(Knote kn) => kn.FFlags != 0 || (kn.Has(EventFlags.Eof) && Dialect.ProcessExitIsAlwaysReported);

    /// <summary>The pidfd of a knote may be readable.</summary>
    internal void MayHaveExited(Knote kn, int pidfd)
    {
        if (kn.Has(EventFlags.Eof) || !PidFd.TryGetExit(pidfd, (int)kn.Ident, out int status))
            return;

        // PROC-015: forks and execs before the exit are in one event with it. What they say may end this knote.
        _poller.DrainConnector();
        if (kn.Filter == this && kn.State == pidfd && !kn.Has(EventFlags.Eof))
            Finish(kn, status);
    }

    private Errno AttachGiven(Knote kn, ProcessNotes notes)
    {
        Errno error = Open(kn);
        if (error != Errno.None)
            return error;
        int pidfd = (int)kn.State;
        if ((notes & ProcessNotes.ExitStatus) != 0 && Dialect.ProcessStatusNeedsNote && !PidFd.MaySignal(pidfd))
            return Errno.EACCES;
        if (!PidFd.TryGetExit(pidfd, (int)kn.Ident, out int status))
            return Errno.None;

        // PROC-010: a zombie can be watched by who asks for its exit, and on FreeBSD only.
        if (!Dialect.ProcessZombieIsWatched || (notes & ProcessNotes.Exit) == 0)
            return Errno.ESRCH;
        Exited(kn, status);
        return Errno.None;
    }

    private Errno Open(Knote kn)
    {
        Errno error = PidFd.Open(kn.Ident, out int pidfd);
        if (error != Errno.None)
            return error;
        error = _poller.RegisterProcess(kn, pidfd);
        if (error == Errno.None)
            kn.State = pidfd;
        else
            Sys.Close(pidfd);
        return error;
    }

    /// <summary>The process has exited: activates the knote, or drops it where nobody asked (PROC-017).</summary>
    private void Finish(Knote kn, int status)
    {
        Exited(kn, status);
        if (Event(kn))
            Queue.Activate(kn);
        else
            Queue.Discard(kn);
    }

    private void Exited(Knote kn, int status)
    {
        ProcessNotes notes = (ProcessNotes)kn.SavedFFlags;
        kn.Flags |= EventFlags.Eof | EventFlags.OneShot;
        kn.FFlags |= (uint)(notes & ProcessNotes.Exit);
        bool asked = (notes & ProcessNotes.Exit) != 0 || Dialect.ProcessExitIsAlwaysReported;
        if (Dialect.ProcessStatusNeedsNote)
        {
            // PROC-003
            asked = (notes & ProcessNotes.ExitStatus) != 0;
            kn.FFlags |= (uint)(notes & ProcessNotes.ExitStatus);
            status &= (int)StatusBits;
        }

        if (asked)
            kn.Data = status;
    }
}
