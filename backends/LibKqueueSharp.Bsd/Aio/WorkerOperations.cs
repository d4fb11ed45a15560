using System.Collections.Concurrent;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Kernels;

/// <summary>
/// Operations that a thread of ours does, on kernels without SIGEV_KEVENT. The registration of each is a user event of the kernel's with the operation's flags, which
/// the thread triggers: so the kernel decides about order, EV_CLEAR, EV_ONESHOT, EV_DISPATCH and the readability of the queue (clauses AIO-001 to LIO-004).
/// </summary>
internal sealed class WorkerOperations(BsdQueue queue, KqueueAbi abi, AioWorker worker) : AioOperations, IAioQueue
{
    private const int Most = 65_536;
    private const EventFlags NotificationFlags = EventFlags.OneShot | EventFlags.Clear | EventFlags.Dispatch;

    /// <summary>What has a registration, or had one and was not returned: jobs and lists by their idents.</summary>
    private readonly ConcurrentDictionary<nuint, Source> _sources = new();

    /// <summary>Guards the counts of the lists.</summary>
    private readonly Lock _gate = new();

    /// <summary>Operations that are under way. Interlocked.</summary>
    private int _running;

    internal override BackendAio? Submit(in AioControl control, out Errno error)
    {
        AioJob job = new(this, control, null);
        error = Submit(job);
        return error == Errno.None ? job : null;
    }

    internal override BackendAioList? SubmitList(ReadOnlySpan<AioControl> controls, nint udata, out Errno error)
    {
        AioJobList list = new();
        error = controls.IsEmpty ? Errno.EINVAL : Register(list.Ident, new(null, udata), EventFlags.None);
        if (error != Errno.None)
            return null;
        AioJob?[] members = new AioJob?[controls.Length];
        Errno[] errors = new Errno[controls.Length];
        try
        {
            list.Submit(this, controls, members, errors);
        }
        catch
        {
            Unregister(list.Ident, FirstLio);
            throw;
        }

        if (Array.Exists(errors, e => e != Errno.None))
            error = Errno.EIO;
        EndedOne(list);
        return new BackendAioList(list.Ident, members, errors);
    }

    internal override void ToSystem(in KEvent change, bool keepsUData, ref RawEvent raw)
    {
        ulong first = change.Filter == EventFilter.Aio ? FirstAio : FirstLio;
        _sources.TryGetValue(change.Ident, out Source? source);
        bool known = change.Ident < ~Prefix && source?.IsOf(change.Filter) == true;

        // AIO-006, LIO-003: who adds what is not there is refused by the kernel, with its own error.
        if (!known && (change.Flags & (EventFlags.Add | EventFlags.Delete)) == EventFlags.Add)
            return;
        if (change.Ident >= ~Prefix || FilterNumbers.IsRefused(raw.Filter))
            return;
        if (known && !keepsUData)
            source!.UData = change.UData;
        raw.Ident = (nuint)first + change.Ident;
        raw.Filter = abi.Filters.ToSystem(EventFilter.User);
        raw.Flags &= ~(uint)(EventFlags.Add | EventFlags.KeepUData);
        raw.FFlags = 0;
    }

    internal override bool Owns(in RawEvent raw) => abi.Filters.FromSystem(raw.Filter) == EventFilter.User && IsReserved(raw.Ident);

    internal override bool TryFromSystem(in RawEvent raw, ref KEvent e)
    {
        e.Filter = (raw.Ident & Prefix) == FirstAio ? EventFilter.Aio : EventFilter.Lio;
        e.Ident = (nuint)(raw.Ident & ~Prefix);
        e.FFlags = 0;
        if (e.IsRecord)
            return true;
        if (!_sources.TryGetValue(e.Ident, out Source? source))
            return false;
        e.UData = source.UData;
        e.Data = 0;

        // CORE-FORCE-001: an event can be forced before there is an outcome.
        if (source.Job is { IsFinished: true } job)
        {
            e.Data = (long)job.Outcome;
            e.Flags |= EventFlags.Eof;
        }

        return true;
    }

    internal override void Closed() => _sources.Clear();

    public Errno Submit(AioJob job)
    {
        AioControl control = job.Control;
        if ((control.Flags & ~NotificationFlags) != 0)
            return Errno.EINVAL;
        if (control.File is not { IsInvalid: false })
            return Errno.EBADF;
        if (Interlocked.Increment(ref _running) > Most)
            return NotSubmitted(Errno.EAGAIN);
        Errno error = job.TryHold();
        if (error != Errno.None)
            return NotSubmitted(error);
        error = worker.Check(job);
        bool registered = error == Errno.None && !control.IsSilent;
        if (registered)
            error = Register(job.Ident, new(job, control.UData), control.Flags);
        if (error == Errno.None)
            error = Start(job);
        if (error == Errno.None)
            return error;
        job.LetGo();
        if (registered)
            Unregister(job.Ident, FirstAio);
        return NotSubmitted(error);
    }

    public void HarvestAio()
    {
    }

    public void AioEnded() => Interlocked.Decrement(ref _running);

    public void PostAio(AioJob job)
    {
        if (!job.Control.IsSilent)
            Trigger(job.Ident, FirstAio);
        if (job.List is { } list)
            EndedOne(list);
    }

    public void AioReturned(AioJob job)
    {
        Unregister(job.Ident, FirstAio);
        if (job.List is not { } list)
            return;
        bool done;
        lock (_gate)
            done = --list.Held == 0 && list.Running == 0;
        if (done)
            Unregister(list.Ident, FirstLio);
    }

    public bool CancelAio(AioJob job) => worker.Cancel(job);

    private Errno Start(AioJob job)
    {
        Count(job.List, 1);
        Errno error = worker.Start(job);
        if (error != Errno.None)
            Count(job.List, -1);
        return error;
    }

    private void Count(AioJobList? list, int change)
    {
        if (list is null)
            return;
        lock (_gate)
        {
            list.Running += change;
            list.Held += change;
        }
    }

    /// <summary>A member has ended, or the last was submitted.</summary>
    private void EndedOne(AioJobList list)
    {
        bool done;
        bool held;
        lock (_gate)
        {
            done = --list.Running == 0;
            held = list.Held != 0;
        }

        if (done && held)
            Trigger(list.Ident, FirstLio);
        else if (done)
            Unregister(list.Ident, FirstLio);
    }

    private Errno NotSubmitted(Errno error)
    {
        Interlocked.Decrement(ref _running);
        return error;
    }

    private Errno Register(nuint ident, Source source, EventFlags flags)
    {
        if (source.Job is not null && abi.Dialect.AioIsOneShot)
            flags |= EventFlags.Clear | EventFlags.OneShot;
        _sources[ident] = source;
        Errno error = Change(ident, source.Job is null ? FirstLio : FirstAio, EventFlags.Add | EventFlags.Enable | flags, 0);
        if (error != Errno.None)
            _sources.TryRemove(ident, out _);
        return error;
    }

    private void Unregister(nuint ident, ulong first)
    {
        if (_sources.TryRemove(ident, out _))
            Change(ident, first, EventFlags.Delete, 0);
    }

    private void Trigger(nuint ident, ulong first) => Change(ident, first, EventFlags.None, UserNotes.Trigger);

    private Errno Change(nuint ident, ulong first, EventFlags flags, UserNotes notes) => queue.Apply(new()
    {
        Ident = (nuint)first + ident,
        Filter = abi.Filters.ToSystem(EventFilter.User),
        Flags = (uint)flags,
        FFlags = (uint)notes,
    });

    /// <param name="job">The operation; null for a list.</param>
    /// <param name="udata">What the event carries.</param>
    private sealed class Source(AioJob? job, nint udata)
    {
        internal AioJob? Job => job;

        /// <summary>Written by whoever changes the registration; a plain word, of which the last write counts.</summary>
        internal nint UData { get; set; } = udata;

        internal bool IsOf(EventFilter filter) => (job is null) == (filter == EventFilter.Lio);
    }
}
