using System.Runtime.InteropServices;

namespace LibKqueueSharp.Emulation;

/// <summary>
/// kqueue(2) in managed code, in the shape of FreeBSD's kern_event.c: kqueue_register in EmulatedQueue.Register.cs,
/// kqueue_scan in EmulatedQueue.Scan.cs, kqueue_wakeup in EmulatedQueue.Sleep.cs.
/// </summary>
/// <remarks>
/// One lock, <c>_gate</c>, guards every field without a note of its own, all knotes and all filters. It is held while
/// changes are applied and while a scan fills the eventlist, never while a thread sleeps in the poller.
/// </remarks>
internal sealed partial class EmulatedQueue : BackendQueue
{
    private const int FilterCount = 17;
    private const int PoolLimit = 1024;

    private readonly Lock _gate = new();
    private readonly Poller _poller;
    private readonly Filter?[] _filters = new Filter?[FilterCount];

    private KnoteList _active;
    private Knote? _pool;
    private int _pooled;
    private int _knotes;
    private uint _scan;
    private bool _closed;

    internal EmulatedQueue(Poller poller, Dialect dialect, TimeProvider time)
    {
        _poller = poller;
        Dialect = dialect;
        Clock = new QueueClock(time);
        Use(new TimerFilter(this));
        Use(new UserFilter(this));
        _aio = new AioFilter(this, EventFilter.Aio);
        _lio = new AioFilter(this, EventFilter.Lio);
        if (poller.HasAio)
        {
            Use(_aio);
            Use(_lio);
        }

        foreach (Filter filter in poller.CreateFilters(this))
            Use(filter);
    }

    public override Dialect Dialect { get; }

    public override int DescriptorCount => _poller.DescriptorCount;

    public override int KnoteCount
    {
        get
        {
            lock (_gate)
                return _knotes;
        }
    }

    public override SafeHandle Descriptor
    {
        get
        {
            Errno error = Export();
            return error == Errno.None
                ? _poller.Descriptor
                : throw new KqueueException(error, "handing out the descriptor of the queue");
        }
    }

    public override string? Explain(Errno error, in KEvent change) =>
        FindFilter(change.Filter)?.Explain(error, change)
        ?? (error == Errno.ENOTSUP ? "the backend's capabilities tell which filters and notes it serves here, and what the others need" : null);

    /// <summary>The knotes whose ident is no descriptor.</summary>
    internal KnoteTable Table { get; } = new();

    internal TimerHeap Timers { get; } = new();

    internal QueueClock Clock { get; }

    /// <summary>How often a knote was put into the list, ever: tells a queue that watches this one whether there was activity.</summary>
    internal long Activations { get; private set; }

    public override int Kevent(
        ReadOnlySpan<KEvent> changes,
        Span<KEvent> events,
        KeventTimeout timeout,
        WaitCancellation? cancellation,
        out Errno error)
    {
        if (!TryEnter())
        {
            error = Errno.EBADF;
            return -1;
        }

        try
        {
            if (!timeout.IsValid && Dialect.InvalidTimeoutIsRefusedFirst)
            {
                error = Errno.EINVAL;
                return -1;
            }

            bool scans = !events.IsEmpty && timeout.IsValid;
            if (!changes.IsEmpty && ApplyChanges(changes, events, scans, out int records, out error))
                return records;
            error = Errno.None;
            if (events.IsEmpty)
                return 0;
            if (scans)
                return Scan(events, timeout, cancellation, out error);
            error = Errno.EINVAL;
            return -1;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>
    /// How many events are queued, after asking the kernel for new ones; for a queue that watches this one. It may
    /// count events whose condition has gone since, as kqueue(2) does (KQ-POLL-004).
    /// </summary>
    internal int CountQueued(out long activations)
    {
        activations = 0;
        if (!TryEnter())
            return 0;
        try
        {
            Span<byte> scratch = stackalloc byte[_poller.ScratchToCount];
            int count;
            bool again;
            do
            {
                int entries = -1;
                if (MustAsk)
                    _poller.Wait(scratch, int.MaxValue, 0, out entries);
                SwitchPoint.Here();
                bool wake;
                lock (_gate)
                {
                    Absorb(scratch, entries);
                    UpdateExport();
                    activations = Activations;
                    count = _active.Count;
                    again = !_closed && _poller.MustAskAgain;
                    // The look may have taken a wake-up that was meant for a sleeper.
                    wake = NeedsWake();
                }

                SwitchPoint.Here();
                if (wake)
                    _poller.Wake();
            }
            while (again);
            return count;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>KNOTE_ACTIVATE. Called with the lock held.</summary>
    internal void Activate(Knote kn)
    {
        kn.Status |= KnoteStatus.Active;
        if (!kn.Is(KnoteStatus.Queued | KnoteStatus.Disabled))
            Enqueue(kn);
    }

    /// <summary>Takes back an activation that no scan has seen. Called with the lock held.</summary>
    internal void Withdraw(Knote kn)
    {
        kn.Status &= ~KnoteStatus.Active;
        if (kn.Is(KnoteStatus.Queued))
            _active.Remove(kn);
    }

    /// <summary>What made the kernel report a queued knote by itself has ended. Called with the lock held.</summary>
    internal void Hide(Knote kn) => _active.Hide(kn);

    /// <summary>Drops a knote whose object is gone: no event of it is handed out any more (FD-CLOSE-001). Called with the lock held.</summary>
    internal void Discard(Knote kn)
    {
        kn.Filter.Detach(kn);
        Forget(kn);
    }

    private void Use(Filter filter) => _filters[-(int)filter.Number] = filter;

    private Filter? FindFilter(EventFilter number)
    {
        int index = -(int)number;
        return index is > 0 and < FilterCount ? _filters[index] : null;
    }

    private void Enqueue(Knote kn)
    {
        _active.AddTail(kn, IsHidden(kn));
        Activations++;
    }

    private Knote NewKnote()
    {
        if (_pool is not { } kn)
            return new Knote { Position = -1 };
        _pool = kn.Link;
        _pooled--;
        kn.Link = null;
        return kn;
    }

    private void Forget(Knote kn)
    {
        if (kn.Is(KnoteStatus.Queued))
            _active.Remove(kn);
        kn.Filter.Remove(kn);
        _knotes--;
        Recycle(kn);
    }

    private void Recycle(Knote kn)
    {
        kn.Reset();
        if (_pooled == PoolLimit)
            return;
        kn.Link = _pool;
        _pool = kn;
        _pooled++;
    }
}
