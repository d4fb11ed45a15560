using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>
/// EVFILT_PROC with NOTE_EXIT (clauses PROC-001 to PROC-023). Data is the exit code, all 32 bits of it: Windows has no wait status
/// (windows-exit-code). One handle a registration, and one registered wait.
/// </summary>
/// <remarks><see cref="Knote.State"/> is the key of the process in <c>_processes</c>, which no other registration ever gets.</remarks>
internal sealed class ProcFilter(EmulatedQueue queue) : Filter(queue, EventFilter.Process)
{
    private const ProcessNotes Unserved = ProcessNotes.Fork | ProcessNotes.Exec | ProcessNotes.Track;
    private const ProcessNotes OfTracking = ProcessNotes.Track | ProcessNotes.TrackError | ProcessNotes.Child;

    private readonly Dictionary<nint, Watch> _processes = [];
    private nint _lastKey;

    internal override string? Explain(Errno error, in KEvent change) => error switch
    {
        Errno.ENOTSUP => "Windows tells of the exits of processes, and of no forks and execs",
        Errno.ESRCH => "there is no such process",
        _ => null,
    };

    /// <summary>False when the process has gone and its id is another's by now: its handle keeps the id, so that cannot be.</summary>
    internal override bool StillThere(Knote kn) => true;

    internal override Errno Attach(Knote kn)
    {
        kn.State = 0;
        kn.Flags |= EventFlags.Clear;
        Errno error = Check(kn.SavedFFlags);
        WatchedProcess? process = null;
        if (error == Errno.None)
            error = WatchedProcess.Open(kn.Ident, out process);
        if (error != Errno.None)
            return error;
        nint key = ++_lastKey;
        if (process!.HasExited)
        {
            uint code = process.ExitCode;
            process.Dispose();

            // PROC-010: a process that has exited can be watched by who asks for its exit, and on FreeBSD only.
            if (!Dialect.ProcessZombieIsWatched || ((ProcessNotes)kn.SavedFFlags & ProcessNotes.Exit) == 0)
                return Errno.ESRCH;
            Exited(kn, code);
            return Errno.None;
        }

        kn.State = key;
        _processes.Add(key, new Watch(kn, process));
        process.Tell(() => Queue.Post(this, key));
        return Errno.None;
    }

    internal override Errno Detach(Knote kn)
    {
        if (_processes.Remove((nint)kn.State, out Watch watch))
            watch.Process.Dispose();
        return Errno.None;
    }

    internal override Errno Touch(Knote kn, ref KEvent change)
    {
        Errno error = Check(change.FFlags);
        return error == Errno.None ? base.Touch(kn, ref change) : error;
    }

    internal override bool Event(Knote kn) => kn.FFlags != 0 || (kn.Has(EventFlags.Eof) && Dialect.ProcessExitIsAlwaysReported);

    internal override void Posted(nint what)
    {
        // A registration that was deleted meanwhile is not there any more.
        if (!_processes.TryGetValue(what, out Watch watch) || watch.Knote.Has(EventFlags.Eof))
            return;
        Knote kn = watch.Knote;
        Exited(kn, watch.Process.ExitCode);
        if (Event(kn))
            Queue.Activate(kn);
        else
            Queue.Discard(kn);
    }

    // PROC-TRACK-007.
    private Errno Check(uint notes)
    {
        ProcessNotes refused = Dialect.ProcessTracking == ProcessTrackingPolicy.Refused ? Unserved | OfTracking : Unserved;
        return ((ProcessNotes)notes & refused) != 0 ? Errno.ENOTSUP : Errno.None;
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

    private readonly record struct Watch(Knote Knote, WatchedProcess Process);
}
