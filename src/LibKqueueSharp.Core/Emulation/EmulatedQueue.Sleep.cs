namespace LibKqueueSharp.Emulation;

/// <summary>kqueue_wakeup: who sleeps, who is woken, and for how long one may sleep.</summary>
/// <remarks>
/// A thread becomes a sleeper under the lock, after it has seen that nothing is queued. Who queues something does so under
/// the same lock and sees the sleeper; so no wake-up is lost between the look and the sleep. One thread is woken at a
/// time; on leaving it wakes the next if there is more to take.
/// </remarks>
internal sealed partial class EmulatedQueue
{
    /// <summary>The last of them sleep for a millisecond each.</summary>
    private const int MostSpins = 40;
    private const int ManyFlaps = 64;

    // _sleepers, _wakePending, _pendingInterrupts, _leader and _leaderDeadline: guarded by _gate; LetInterruptedLeave reads without.
    private int _sleepers;
    private bool _wakePending;
    private int _pendingInterrupts;
    private long _leader;
    private long _leaderDeadline = long.MaxValue;
    private long _lastLeader;

    private volatile bool _exported;
    private bool _pendingShown;
    private long _alarm = long.MaxValue;
    private long _activationsShown;
    private int _watchers;

    /// <summary>How often the descriptor ceased to be readable since a scan found nothing.</summary>
    private int _flaps;

    public override void Interrupt(WaitCancellation cancellation)
    {
        ArgumentNullException.ThrowIfNull(cancellation);
        if (!cancellation.Request() || !TryEnter())
            return;
        try
        {
            bool wake;
            lock (_gate)
            {
                if (cancellation.IsSleeping)
                {
                    cancellation.IsCounted = true;
                    _pendingInterrupts++;
                }

                wake = NeedsWake();
            }

            SwitchPoint.Here();
            if (wake)
                _poller.Wake();
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>The poller took the wake-up of <see cref="Poller.Wake"/>: a later one needs a new call. Lock held.</summary>
    internal void WakeSeen() => _wakePending = false;

    /// <summary>
    /// A queue begins (or ends) to watch this one: from now on every queued event counts for the descriptor, also one
    /// whose condition may have gone, since that is what kqueue(2) reports (trace nested_kqueue: the length is stale until the inner queue is
    /// scanned).
    /// </summary>
    internal Errno Watch(bool begin)
    {
        Errno error = begin ? Export() : Errno.None;
        if (error != Errno.None || !TryEnter())
            return error;
        lock (_gate)
        {
            _watchers += begin ? 1 : -1;
            UpdateExport();
        }

        Exit();
        return Errno.None;
    }

    private Errno Export()
    {
        if (!TryEnter())
            return Errno.EBADF;
        try
        {
            lock (_gate)
            {
                if (_closed)
                    return Errno.EBADF;
                if (_exported)
                    return Errno.None;
                Errno error = _poller.Export();
                if (error != Errno.None)
                    return error;
                _exported = true;
                UpdateExport();
                return Errno.None;
            }
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>The queue's descriptor was handed out. Lock held.</summary>
    internal bool IsExported => _exported;

    private static bool IsHidden(Knote kn) => kn.Is(KnoteStatus.Forced) || !kn.Filter.KernelShows(kn);

    /// <summary>
    /// Makes the descriptor tell the truth, with one licence: where events come and go in quick succession and no call finds the queue empty,
    /// it may stay readable until one does (KQ-POLL-004). That takes both system calls, 1,100 ns, out of a loop that triggers and collects; who
    /// waits for the descriptor meets an empty call once in <see cref="ManyFlaps"/> events.
    /// </summary>
    /// <param name="idle">A scan has found nothing, or is about to sleep.</param>
    private void UpdateExport(bool idle = false)
    {
        if (!_exported || _closed)
            return;
        bool pending = (_watchers > 0 ? _active.Count : _active.Hidden) != 0;
        if (idle && !pending)
            _flaps = 0;
        else if (_pendingShown && !pending && _watchers == 0 && ++_flaps > ManyFlaps)
            pending = true;

        // CORE-CLR-002: each activation is an edge for a queue that watches this one with EV_CLEAR.
        bool edge = pending && _watchers > 0 && Activations != _activationsShown;
        _activationsShown = Activations;
        if (pending != _pendingShown || edge)
        {
            _pendingShown = pending;
            _poller.SetPending(pending);
        }

        if (Timers.Earliest != _alarm)
        {
            _alarm = Timers.Earliest;
            _poller.SetAlarm(_alarm);
        }
    }

    /// <summary>
    /// Makes the caller a sleeper. One of them, the leader, sleeps no longer than the earliest timer, so that a
    /// timer wakes one thread and not all.
    /// </summary>
    /// <returns>Nanoseconds to sleep, -1 without end.</returns>
    private long GoToSleep(ref Sleeper sleeper, long deadline)
    {
        long until = deadline;
        if (Timers.Earliest < _leaderDeadline)
        {
            _leaderDeadline = Timers.Earliest;
            _leader = sleeper.Leader = ++_lastLeader;
            until = Math.Min(until, _leaderDeadline);
        }

        _sleepers++;
        sleeper.IsSleeping = true;
        if (sleeper.Cancellation is { } cancellation)
            cancellation.IsSleeping = true;
        return until == long.MaxValue ? -1 : Math.Max(0, until - Clock.Now);
    }

    private void Wakened(ref Sleeper sleeper)
    {
        if (!sleeper.IsSleeping)
            return;
        sleeper.IsSleeping = false;
        _sleepers--;
        if (sleeper.Leader == _leader)
            _leaderDeadline = long.MaxValue;
        sleeper.Leader = -1;
        if (sleeper.Cancellation is not { } cancellation)
            return;
        cancellation.IsSleeping = false;
        if (cancellation.IsCounted)
        {
            cancellation.IsCounted = false;
            _pendingInterrupts--;
        }
    }

    /// <summary>
    /// Decides, with the lock held, whether the caller has to call <see cref="Poller.Wake"/> after releasing it.
    /// </summary>
    /// <param name="leaving">False for a scan that goes on: it will serve events and timers itself.</param>
    private bool NeedsWake(bool leaving = true)
    {
        if (_sleepers == 0 || _wakePending || _closed)
            return false;
        bool work = leaving && (_active.Hidden != 0 || Timers.Earliest < _leaderDeadline);
        _wakePending = work || _pendingInterrupts != 0;
        return _wakePending;
    }

    /// <summary>
    /// A wake-up that is passed on to an interrupted thread must not be taken again before that thread has come to it: with two
    /// bystanders that made 1,100 wake-ups of one, measured. It leaves soon; a steady stream of interruptions is not waited for.
    /// </summary>
    private void LetInterruptedLeave()
    {
        for (SpinWait spinner = default; Volatile.Read(ref _pendingInterrupts) != 0 && spinner.Count < MostSpins;)
            spinner.SpinOnce();
    }

    private ref struct Sleeper(WaitCancellation? cancellation)
    {
        internal readonly WaitCancellation? Cancellation = cancellation;
        internal bool IsSleeping;
        internal long Leader = -1;

        internal readonly bool IsCancelled => Cancellation is { IsRequested: true };
    }
}
