using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>EVFILT_FS (clauses FS-001, FS-002; filt_fsattach and filt_fsevent in FreeBSD's vfs_subr.c). Any ident will do.</summary>
internal sealed class FsFilter(EmulatedQueue queue, EpollPoller poller) : Filter(queue, EventFilter.FileSystem)
{
    /// <summary>Nanoseconds until a table that could not be read is read again.</summary>
    private const long Later = 10_000_000;

    private readonly List<Knote> _knotes = [];

    internal override string? Explain(Errno error, in KEvent change) => error == Errno.ENOTSUP
        ? "EVFILT_FS needs /proc/self/mountinfo, which cannot be opened"
        : null;

    internal override Errno Attach(Knote kn)
    {
        Errno error = poller.OpenMounts(this);
        if (error != Errno.None)
            return error;

        // What happened before this change belongs to the knotes that were there.
        poller.TakeMounts();
        kn.Flags |= EventFlags.Clear;
        _knotes.Add(kn);
        return Errno.None;
    }

    internal override Errno Detach(Knote kn)
    {
        bool asks = kn.Position >= 0;
        Queue.Timers.Remove(kn);
        _knotes.Remove(kn);
        if (_knotes.Count == 0)
            poller.CloseMounts();
        else if (asks)
            AskLater();
        return Errno.None;
    }

    internal override Errno Touch(Knote kn, ref KEvent change)
    {
        poller.TakeMounts();
        return base.Touch(kn, ref change);
    }

    internal override bool Event(Knote kn) => kn.FFlags != 0;

    internal override long Expired(Knote kn, long deadline, long now) =>
        poller.TakeMounts() ? long.MaxValue : QueueClock.Add(now, Later);

    /// <summary>The table has changed and cannot be read now.</summary>
    internal void AskLater()
    {
        if (_knotes.Count != 0 && _knotes[0].Position < 0)
            Queue.Timers.Add(_knotes[0], QueueClock.Add(Queue.Clock.Now, Later));
    }

    /// <summary>The mounts have changed.</summary>
    internal void Changed(FileSystemNotes notes)
    {
        foreach (Knote kn in _knotes)
        {
            // FS-002
            uint asked = kn.SavedFFlags == 0 && Dialect.FileSystemReportsAllToNone ? uint.MaxValue : kn.SavedFFlags;
            kn.FFlags |= (uint)notes & asked;
            if (kn.FFlags != 0)
                Queue.Activate(kn);
        }
    }
}
