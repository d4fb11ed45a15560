using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>NOTE_FORK and NOTE_TRACK by job objects (knote_fork in FreeBSD's kern_event.c).</summary>
internal sealed partial class ProcFilter
{
    /// <summary>After so many harvests an exit is told, whatever other threads still have in hand.</summary>
    private const int MostHarvests = 64;

    private readonly ChildNoteFilter _children;
    private readonly Dictionary<nuint, ProcessJob> _jobs = [];
    private nuint _lastJob = IocpPoller.FirstJobKey;

    /// <summary>Processes that were told to have left a job, and not to have come into it: another thread may have that in hand.</summary>
    private readonly List<(ProcessJob Job, nuint Process)> _early = [];

    /// <summary>Processes that have exited, where another thread may have forks of theirs in hand.</summary>
    private readonly List<Watch> _due = [];

    /// <summary>The process whose new child is being registered, and the job that told of it; null for registrations of the caller's.</summary>
    private (nuint Process, ProcessJob Job)? _parent;

    /// <summary>A message of a job. Its process may have gone, and its number be another's.</summary>
    internal void Told(nuint number, uint message, nuint process)
    {
        if (!_jobs.TryGetValue(number, out ProcessJob? job))
            return;
        if (message == Native.NewProcess)
        {
            bool isNew = job.Joined(process);
            if (_early.Remove((job, process)))
                job.Left(process);
            if (isNew)
                Forked(job, process);
        }
        else if (message is Native.ExitedProcess or Native.AbnormallyExitedProcess && !job.Left(process) && !_early.Contains((job, process)))
        {
            _early.Add((job, process));
        }
    }

    /// <summary>The packets that a thread had in hand were handed on.</summary>
    internal void Harvested(bool settled)
    {
        // Nobody has it in hand: Windows does not promise to deliver each message of a job.
        for (int i = _early.Count - 1; settled && i >= 0; i--)
        {
            (ProcessJob job, nuint process) = _early[i];
            _early.RemoveAt(i);
            if (job.MakeUpFor(process))
                Forked(job, process);
        }

        for (int i = _due.Count - 1; i >= 0; i--)
        {
            Watch watch = _due[i];
            if (!settled && --watch.Patience > 0)
                continue;
            _due.RemoveAt(i);
            Finish(watch);
        }
    }

    /// <summary>A job tells of children, grandchildren and theirs; the parent is asked for. Its number is nobody else's while it is watched.</summary>
    private void Forked(ProcessJob job, nuint child)
    {
        nint process = Sys.OpenMember(job.Handle, child);
        if (process == 0)
        {
            Missed(job);
            return;
        }

        if (Alive(Sys.ParentOf(process)) is { } watch)
        {
            Knote kn = watch.Knote;
            ProcessNotes notes = (ProcessNotes)kn.SavedFFlags;
            kn.FFlags |= (uint)(notes & ProcessNotes.Fork);
            if ((notes & ProcessNotes.Track) != 0 && Track(kn, job, child) != Errno.None)
                kn.FFlags |= (uint)ProcessNotes.TrackError;
            if (kn.FFlags != 0)
                Queue.Activate(kn);
        }

        Sys.Close(process);
    }

    /// <summary>
    /// A process had gone before it could be asked for its parent: it counts as a child of the one that the job was made for, and once that has ended, of each
    /// that is watched there. PROC-TRACK-005: it is not tracked.
    /// </summary>
    private void Missed(ProcessJob job)
    {
        if (Alive(job.Root) is { } root && root.Job == job)
        {
            Missed(root.Knote);
            return;
        }

        foreach (Watch watch in _processes.Values)
        {
            if (watch.Job == job && !watch.Knote.Has(EventFlags.Eof))
                Missed(watch.Knote);
        }
    }

    private void Missed(Knote kn)
    {
        ProcessNotes notes = (ProcessNotes)kn.SavedFFlags;
        kn.FFlags |= (uint)(notes & ProcessNotes.Fork);
        if ((notes & ProcessNotes.Track) != 0)
            kn.FFlags |= (uint)ProcessNotes.TrackError;
        if (kn.FFlags != 0)
            Queue.Activate(kn);
    }

    private Watch? Alive(nuint process) =>
        process != 0 && Find(process) is { } kn && !kn.Has(EventFlags.Eof) && _processes.TryGetValue((nint)kn.State, out Watch? watch) ? watch : null;

    /// <summary>
    /// PROC-TRACK-001: the child is watched with the same notes, flags and udata. PROC-TRACK-003: NOTE_CHILD is an entry of its own
    /// before that, or a note of it.
    /// </summary>
    private Errno Track(Knote kn, ProcessJob job, nuint child)
    {
        if (Find(child) is not null)
            return Errno.EEXIST;
        EventFlags flags = kn.Flags | EventFlags.Add | EventFlags.Enable;
        if (Dialect.ProcessTracking == ProcessTrackingPolicy.TwoEntries)
        {
            KEvent note = new(child, Number, flags | EventFlags.OneShot, 0, (long)kn.Ident, kn.UData);
            Queue.Create(_children, ref note);
        }

        KEvent change = new(child, Number, flags, kn.SavedFFlags, 0, kn.UData);
        _parent = (kn.Ident, job);
        Errno error = Queue.Create(this, ref change);
        _parent = null;

        // PROC-TRACK-005
        if (error != Errno.None)
            _children.Drop(child);
        return error;
    }

    /// <summary>A child is in its parent's job. Its exit is told as that of any other, also when it has exited by now.</summary>
    private Errno AttachTracked(Knote kn, nuint parent, ProcessJob job)
    {
        if (Dialect.ProcessTracking == ProcessTrackingPolicy.OneEntry)
        {
            kn.FFlags = (uint)ProcessNotes.Child;
            kn.Data = (long)parent;
        }

        Errno error = WatchedProcess.Open(kn.Ident, out WatchedProcess? process);
        if (error == Errno.None)
            Join(Begin(kn, process!), job);
        return error;
    }

    /// <summary>Has a job tell of the process, from now on and as long as it is watched. One that it is in already will do.</summary>
    /// <returns>EPERM when it may not be put into one.</returns>
    private Errno Follow(Watch watch)
    {
        if (watch.Job is not null)
            return Errno.None;
        nuint id = watch.Knote.Ident;
        foreach (ProcessJob job in _jobs.Values)
        {
            nint member = Sys.OpenMember(job.Handle, id);
            if (member == 0)
                continue;
            Sys.Close(member);
            Join(watch, job);
            return Errno.None;
        }

        Errno error = _poller.OpenJob(++_lastJob, id, out ProcessJob? made);
        if (error != Errno.None)
            return error;
        _jobs.Add(made!.Number, made);
        Join(watch, made);
        if (Sys.Assign(made.Handle, id))
            return Errno.None;
        Leave(watch);
        return Errno.EPERM;
    }

    private static void Join(Watch watch, ProcessJob job)
    {
        watch.Job = job;
        job.Users++;
    }

    private void Leave(Watch watch)
    {
        if (watch.Job is not { } job)
            return;
        watch.Job = null;
        if (--job.Users != 0)
            return;
        _jobs.Remove(job.Number);
        _early.RemoveAll(early => early.Job == job);
        _poller.CloseJob(job);
    }

    /// <summary>PROC-015: forks before an exit are in one event with it. So it is told when the packets at hand were handed on.</summary>
    private void FinishInOrder(Watch watch)
    {
        watch.Patience = MostHarvests;
        _due.Add(watch);
    }
}
