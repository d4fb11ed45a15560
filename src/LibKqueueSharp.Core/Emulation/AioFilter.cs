namespace LibKqueueSharp.Emulation;

/// <summary>
/// EVFILT_AIO and EVFILT_LIO (clauses AIO-001 to LIO-004; filt_aio and filt_lio in FreeBSD's vfs_aio.c). Only the submission of an operation
/// registers; each other change is anybody's.
/// </summary>
internal sealed class AioFilter(EmulatedQueue queue, EventFilter number) : Filter(queue, number)
{
    /// <summary>What the registrations are of: an <see cref="AioJob"/> or an <see cref="AioJobList"/>.</summary>
    private readonly Dictionary<nuint, object> _sources = [];

    private object? _submitting;

    /// <summary>Registers what is about to be submitted.</summary>
    internal Errno Register(object source, nuint ident, EventFlags flags, nint udata)
    {
        if (Dialect.AioIsOneShot && Number == EventFilter.Aio)
            flags |= EventFlags.Clear | EventFlags.OneShot;
        KEvent change = new(ident, Number, EventFlags.Add | EventFlags.Enable | flags, udata: udata);
        _submitting = source;
        Errno error = Queue.Create(this, ref change);
        _submitting = null;
        return error;
    }

    /// <summary>AIO-004: the result was taken, or there will be none.</summary>
    internal void Unregister(nuint ident)
    {
        if (Find(ident) is { } kn)
            Queue.Discard(kn);
    }

    internal override Errno Attach(Knote kn)
    {
        // AIO-006, LIO-003
        if (_submitting is null)
            return Number == EventFilter.Aio ? Dialect.AioAdd : Errno.EPERM;
        _sources.Add(kn.Ident, _submitting);
        return Errno.None;
    }

    internal override Errno Detach(Knote kn)
    {
        // AIO-008: what runs goes on.
        _sources.Remove(kn.Ident);
        return Errno.None;
    }

    internal override bool Event(Knote kn)
    {
        // A refused EV_ADD has no source.
        if (!_sources.TryGetValue(kn.Ident, out object? source))
            return false;
        if (source is not AioJob job)
            return ((AioJobList)source).Running == 0;
        if (!job.IsFinished)
            return false;

        // AIO-002
        kn.Flags |= EventFlags.Eof;
        kn.Data = (long)job.Outcome;
        return true;
    }

    internal override void Posted(nint what)
    {
        if (Find((nuint)what) is { } kn)
            Queue.Activate(kn);
    }
}
