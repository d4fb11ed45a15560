using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>
/// EVFILT_PROC (clauses PROC-001 to PROC-TRACK-008). Data is the exit code, all 32 bits of it: Windows has no wait status
/// (exit-code). One handle a registration, and a wait-completion packet or a registered wait. What follows forks is in ProcFilter.Forks.cs.
/// </summary>
/// <remarks><see cref="Knote.State"/> is the key of the process in <c>_processes</c>, which no other registration ever gets.</remarks>
internal sealed partial class ProcFilter : Filter
{
    private const ProcessNotes OfJobs = ProcessNotes.Fork | ProcessNotes.Track;
    private const ProcessNotes OfTracking = ProcessNotes.Track | ProcessNotes.TrackError | ProcessNotes.Child;

    private readonly IocpPoller _poller;
    private readonly Dictionary<nint, Watch> _processes = [];
    private nint _lastKey;

    internal ProcFilter(EmulatedQueue queue, IocpPoller poller)
        : base(queue, EventFilter.Process)
    {
        _poller = poller;
        _children = new ChildNoteFilter(queue);
    }

    internal override string? Explain(Errno error, in KEvent change) => error switch
    {
        Errno.ENOTSUP => "Windows knows of no change of programs (NOTE_EXEC), and macOS of no tracking",
        Errno.EPERM => "forks are told by a job object, and the process may not be put into one: it takes the right to end it, and no job of its own that forbids nesting",
        Errno.ESRCH => "there is no such process",
        _ => null,
    };

    /// <summary>What happened before this change belongs to no registration that it makes.</summary>
    internal override Errno CheckIdent(in KEvent change)
    {
        if (_jobs.Count != 0)
            _poller.ReadPackets();
        return Errno.None;
    }

    /// <summary>False when the process has gone and its id is another's by now: its handle keeps the id, so that cannot be.</summary>
    internal override bool StillThere(Knote kn) => true;

    internal override Errno Attach(Knote kn)
    {
        kn.State = 0;
        kn.Flags |= EventFlags.Clear;
        Errno error = Check(kn.SavedFFlags);
        if (error != Errno.None)
            return error;
        return _parent is var (parent, job) ? AttachTracked(kn, parent, job) : AttachGiven(kn);
    }

    internal override Errno Detach(Knote kn)
    {
        _children.Drop(kn.Ident);
        if (!_processes.Remove((nint)kn.State, out Watch? watch))
            return Errno.None;
        _due.Remove(watch);
        Leave(watch);
        _poller.UnwatchProcess(watch.Process);
        return Errno.None;
    }

    internal override Errno Touch(Knote kn, ref KEvent change)
    {
        Errno error = Check(change.FFlags);
        if (error == Errno.None && ((ProcessNotes)change.FFlags & OfJobs) != 0 && !kn.Has(EventFlags.Eof))
            error = FollowFromNow(_processes[(nint)kn.State]);
        return error == Errno.None ? base.Touch(kn, ref change) : error;
    }

    internal override bool Event(Knote kn) => kn.FFlags != 0 || (kn.Has(EventFlags.Eof) && Dialect.ProcessExitIsAlwaysReported);

    /// <summary>From a thread of the runtime's pool, which reads the port first: forks before the exit are there.</summary>
    internal override void Posted(nint what)
    {
        ToldOfExit(what);
        if (_due.Count != 0)
            _poller.ReadPackets();
    }

    /// <summary>A process has exited.</summary>
    internal void ToldOfExit(nint key)
    {
        // A registration that was deleted meanwhile is not there any more.
        if (!_processes.TryGetValue(key, out Watch? watch) || watch.Knote.Has(EventFlags.Eof))
            return;
        if (watch.Job is null)
            Finish(watch);
        else
            FinishInOrder(watch);
    }

    private Errno AttachGiven(Knote kn)
    {
        Errno error = WatchedProcess.Open(kn.Ident, out WatchedProcess? process);
        if (error != Errno.None)
            return error;
        if (process!.HasExited)
            return AttachZombie(kn, process);
        Watch watch = new(kn, process);
        if (((ProcessNotes)kn.SavedFFlags & OfJobs) != 0)
            error = Follow(watch);
        if (error == Errno.None)
            Begin(watch);
        else if (process.HasExited)
            return AttachZombie(kn, process);
        else
            process.Dispose();
        return error;
    }

    // PROC-010: a process that has exited can be watched by who asks for its exit, and on FreeBSD only.
    private Errno AttachZombie(Knote kn, WatchedProcess process)
    {
        uint code = process.ExitCode;
        process.Dispose();
        if (!Dialect.ProcessZombieIsWatched || ((ProcessNotes)kn.SavedFFlags & ProcessNotes.Exit) == 0)
            return Errno.ESRCH;
        Exited(kn, code);
        return Errno.None;
    }

    private Watch Begin(Knote kn, WatchedProcess process)
    {
        Watch watch = new(kn, process);
        Begin(watch);
        return watch;
    }

    private void Begin(Watch watch)
    {
        nint key = ++_lastKey;
        watch.Knote.State = key;
        _processes.Add(key, watch);
        _poller.WatchProcess(watch.Process, key, () => Queue.Post(this, key));
    }

    /// <summary>A process that has exited, which will be told, forks no more.</summary>
    private Errno FollowFromNow(Watch watch)
    {
        Errno error = Follow(watch);
        return error == Errno.EPERM && watch.Process.HasExited ? Errno.None : error;
    }

    // PROC-TRACK-007.
    private Errno Check(uint notes)
    {
        ProcessNotes refused = ProcessNotes.Exec | (Dialect.ProcessTracking == ProcessTrackingPolicy.Refused ? OfTracking : ProcessNotes.None);
        return ((ProcessNotes)notes & refused) != 0 ? Errno.ENOTSUP : Errno.None;
    }

    /// <summary>The process has exited: activates the knote, or drops it where nobody asked (PROC-017).</summary>
    private void Finish(Watch watch)
    {
        Knote kn = watch.Knote;
        Exited(kn, watch.Process.ExitCode);
        if (Event(kn))
            Queue.Activate(kn);
        else
            Queue.Discard(kn);
    }

    // PROC-017, PROC-003.
    private void Exited(Knote kn, uint code)
    {
        ProcessNotes notes = (ProcessNotes)kn.SavedFFlags;
        kn.Flags |= EventFlags.Eof | EventFlags.OneShot;
        kn.FFlags |= (uint)(notes & ProcessNotes.Exit);
        bool asked = (notes & ProcessNotes.Exit) != 0 || Dialect.ProcessExitIsAlwaysReported;
        if (Dialect.ProcessStatusNeedsNote)
        {
            asked = (notes & ProcessNotes.ExitStatus) != 0;
            kn.FFlags |= (uint)(notes & ProcessNotes.ExitStatus);
        }

        if (asked)
            kn.Data = code;
    }

    /// <summary>A registration and its process.</summary>
    private sealed class Watch(Knote knote, WatchedProcess process)
    {
        internal Knote Knote { get; } = knote;

        internal WatchedProcess Process { get; } = process;

        /// <summary>Where its forks are told, if they are.</summary>
        internal ProcessJob? Job { get; set; }

        internal int Patience { get; set; }
    }
}
