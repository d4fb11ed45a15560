using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>NOTE_FORK, NOTE_EXEC and NOTE_TRACK (knote_fork in FreeBSD's kern_event.c).</summary>
internal sealed partial class ProcFilter
{
    private readonly ChildNoteFilter _children;

    /// <summary>The knotes that need the connector, which is open while there are some.</summary>
    private readonly List<Knote> _followers = [];

    /// <summary>The process whose new child is being registered, 0 for registrations of the caller's.</summary>
    private int _parent;

    internal bool HasFollowers => _followers.Count != 0;

    void ProcessConnector.IListener.Forked(int parent, int child)
    {
        if (Alive(parent) is not { } kn)
            return;
        ProcessNotes notes = (ProcessNotes)kn.SavedFFlags;
        kn.FFlags |= (uint)(notes & ProcessNotes.Fork);
        if ((notes & ProcessNotes.Track) != 0 && Track(kn, child) != Errno.None)
            kn.FFlags |= (uint)ProcessNotes.TrackError;
        if (kn.FFlags != 0)
            Queue.Activate(kn);
    }

    void ProcessConnector.IListener.Executed(int pid)
    {
        if (Alive(pid) is not { } kn || (kn.SavedFFlags & (uint)ProcessNotes.Exec) == 0)
            return;
        kn.FFlags |= (uint)ProcessNotes.Exec;
        Queue.Activate(kn);
    }

    /// <summary>
    /// An exit without a pidfd; with one, the pidfd is asked, since the first thread of a process may end before the others.
    /// </summary>
    void ProcessConnector.IListener.Ended(int pid, int status)
    {
        if (Alive(pid) is { } kn && (kn.State == NoPidFd || PidFd.TryGetExit((int)kn.State, pid, out status)))
            Finish(kn, status);
    }

    /// <summary>
    /// Forks, execs and exits were lost. NOTE_TRACKERR says so, beside whatever may have happened; an exit that the connector alone would
    /// have told is taken for granted.
    /// </summary>
    void ProcessConnector.IListener.Overflowed()
    {
        for (int i = _followers.Count - 1; i >= 0; i--)
        {
            // Looking at one knote may have removed others.
            if (i >= _followers.Count || _followers[i] is not { } kn || kn.Has(EventFlags.Eof))
                continue;
            kn.FFlags |= (uint)ProcessNotes.TrackError | (kn.SavedFFlags & (uint)(ProcessNotes.Fork | ProcessNotes.Exec));
            if (kn.State == NoPidFd)
                Finish(kn, 0);
            else
                Queue.Activate(kn);
        }
    }

    private Knote? Alive(int pid) => Find((nuint)pid) is { } kn && !kn.Has(EventFlags.Eof) ? kn : null;

    /// <summary>
    /// PROC-TRACK-001: the child is watched with the same notes, flags and udata. PROC-TRACK-003: NOTE_CHILD is an entry of its own
    /// before that, or a note of it.
    /// </summary>
    private Errno Track(Knote kn, int child)
    {
        if (Find((nuint)child) is not null)
            return Errno.EEXIST;
        EventFlags flags = kn.Flags | EventFlags.Add | EventFlags.Enable;
        bool two = Dialect.ProcessTracking == ProcessTrackingPolicy.TwoEntries;
        if (two)
        {
            KEvent note = new((nuint)child, Number, flags | EventFlags.OneShot, 0, (long)kn.Ident, kn.UData);
            Queue.Create(_children, ref note);
        }

        KEvent change = new((nuint)child, Number, flags, kn.SavedFFlags, 0, kn.UData);
        _parent = (int)kn.Ident;
        Errno error = Queue.Create(this, ref change);
        _parent = 0;

        // PROC-TRACK-005
        if (error != Errno.None)
            _children.Drop((nuint)child);
        return error;
    }

    /// <summary>
    /// A child that has been reaped already has no pidfd, but its exit is on its way. One that has exited is reported by the set.
    /// </summary>
    private Errno AttachTracked(Knote kn)
    {
        if (Dialect.ProcessTracking == ProcessTrackingPolicy.OneEntry)
        {
            kn.FFlags = (uint)ProcessNotes.Child;
            kn.Data = _parent;
        }

        Errno error = Open(kn);
        return error == Errno.ESRCH ? Errno.None : error;
    }

    private Errno Follow(Knote kn, ProcessNotes notes)
    {
        if ((notes & OfConnector) == 0)
        {
            Unfollow(kn);
            return Errno.None;
        }

        Errno error = _poller.OpenConnector(this);
        if (error == Errno.None && kn.Position < 0)
        {
            kn.Position = _followers.Count;
            _followers.Add(kn);
        }

        return error;
    }

    private void Unfollow(Knote kn)
    {
        if (kn.Position < 0)
            return;
        Knote last = _followers[^1];
        _followers[kn.Position] = last;
        last.Position = kn.Position;
        _followers.RemoveAt(_followers.Count - 1);
        kn.Position = -1;
        if (_followers.Count == 0)
            _poller.CloseConnector();
    }
}
