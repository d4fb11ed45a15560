using System.Runtime.CompilerServices;

namespace LibKqueueSharp.Emulation;

/// <summary>kqueue_scan: waits, and hands out active knotes.</summary>
internal sealed partial class EmulatedQueue
{
    [SkipLocalsInit]
    private int Scan(Span<KEvent> events, KeventTimeout timeout, WaitCancellation? cancellation, out Errno error)
    {
        Span<byte> scratch = stackalloc byte[Poller.ScratchFor(events.Length)];
        Sleeper sleeper = new(cancellation);
        long deadline = timeout.IsInfinite ? long.MaxValue
            : timeout.Nanoseconds == 0 ? 0
            : QueueClock.Add(Clock.Now, timeout.Nanoseconds);
        while (true)
        {
            long wait = 0;
            if (deadline != 0 || !MustAsk)
            {
                // Nothing to ask of the kernel: events that are queued already cost no system call.
                if (TryScanQueued(events, deadline, ref sleeper, out wait, out int queued, out error))
                    return queued;
            }

            SwitchPoint.Here();
            int entries = -1;
            Errno interrupted = wait != 0 || MustAsk
                ? _poller.Wait(scratch, events.Length, wait, out entries)
                : Errno.None;
            SwitchPoint.Here();
            bool wake;
            bool done;
            int count;
            lock (_gate)
            {
                Wakened(ref sleeper);
                Absorb(scratch, entries, hasLooked: wait != 0 && entries > 0);
                count = _closed ? 0 : Collect(events);
                error = _closed ? Errno.EBADF : count == 0 ? interrupted : Errno.None;
                done = count != 0 || error != Errno.None || sleeper.IsCancelled || (IsOver(deadline) && !_poller.MustAskAgain);
                UpdateExport(idle: count == 0);
                wake = NeedsWake(leaving: done);
            }

            SwitchPoint.Here();
            if (wake)
                _poller.Wake();
            if (done)
                return error == Errno.None ? count : -1;
            if (wake)
                LetInterruptedLeave();
        }
    }

    /// <summary>The part of a scan before the wait: takes what is queued, or gets ready to sleep.</summary>
    /// <returns>True when the call is over.</returns>
    private bool TryScanQueued(
        Span<KEvent> events, long deadline, ref Sleeper sleeper, out long wait, out int count, out Errno error)
    {
        bool wake;
        bool done;
        wait = 0;
        lock (_gate)
        {
            error = _closed ? Errno.EBADF : Errno.None;
            count = 0;
            bool ready = HasWork();
            if (!_closed && !MustAsk && ready)
            {
                ExpireTimers();
                count = Collect(events);
                ready = HasWork();
            }

            UpdateExport(idle: count == 0);
            done = count != 0 || _closed || ((deadline == 0 || sleeper.IsCancelled) && !MustAsk);
            if (!done && !ready && !sleeper.IsCancelled && !HasProgressed())
                wait = GoToSleep(ref sleeper, deadline);
            wake = done && NeedsWake(leaving: true);
        }

        SwitchPoint.Here();
        if (wake)
            _poller.Wake();
        if (error != Errno.None)
            count = -1;
        return done;
    }

    /// <summary>
    /// The kernel may have something: a registration's event, or the wake-up of a sleeper that was served otherwise and which makes
    /// the queue's descriptor readable until it is taken. Read without the lock: what races with the call comes after it.
    /// </summary>
    private bool MustAsk => _poller.HasInterest || (_exported && _wakePending);

    /// <summary>
    /// Takes in what the kernel reported and what the clock made due. Called with the lock held; <paramref name="hasLooked"/> when the
    /// caller looked for progress before it slept, and the kernel woke it for another event.
    /// </summary>
    private void Absorb(ReadOnlySpan<byte> scratch, int entries, bool hasLooked = false)
    {
        if (_closed)
            return;
        if (_poller.HasInterest && !hasLooked)
            _poller.BeforeScan();
        _poller.Harvest(scratch, entries);
        ExpireTimers();
    }

    private void ExpireTimers()
    {
        if (Timers.Count == 0)
            return;
        long now = Clock.Now;
        while (Timers.Earliest <= now)
        {
            Knote kn = Timers.First;
            long next = kn.Filter.Expired(kn, Timers.Earliest, now);
            if (next == long.MaxValue)
                Timers.Remove(kn);
            else
                Timers.MoveFirst(next);
        }
    }

    /// <summary>
    /// Whether there may be an event that would not end a sleep in the poller at once. Level-triggered knotes that the kernel
    /// watches do: leaving them out saves one epoll_wait of two in a loop that serves what it gets.
    /// </summary>
    private bool HasWork() => _active.Hidden != 0 || (Timers.Count != 0 && Timers.Earliest <= Clock.Now);

    /// <summary>Whether something that the kernel raises no event for came about before the call: it must not wait for the end of a sleep.</summary>
    private bool HasProgressed()
    {
        if (_poller.HasInterest)
            _poller.BeforeScan();
        return HasWork();
    }

    private bool IsOver(long deadline) => deadline != long.MaxValue && (deadline == 0 || Clock.Now >= deadline);

    /// <summary>
    /// Fills the eventlist from the list of active knotes. Each is asked once more whether its condition holds
    /// (ORD-007, ORD-008); a level-triggered one goes back to the tail (ORD-002). Called with the lock held.
    /// </summary>
    private int Collect(Span<KEvent> events)
    {
        int count = 0;
        uint scan = NextScan();
        while (count < events.Length && _active.Head is { } kn && kn.Scan != scan)
        {
            _active.Remove(kn);
            if (kn.Is(KnoteStatus.Disabled))
                continue;
            if (!kn.Is(KnoteStatus.Forced) && !kn.Filter.Event(kn))
            {
                // The filter may have found its object gone and discarded the knote: then this writes to a pooled one.
                kn.Status &= ~KnoteStatus.Active;
                continue;
            }

            events[count++] = kn.Filter.Take(kn);
            AfterDelivery(kn, scan);
        }

        return count;
    }

    // 0 is the mark of a knote that no scan has put back.
    private uint NextScan() => _scan = _scan == uint.MaxValue ? 1 : _scan + 1;

    private void AfterDelivery(Knote kn, uint scan)
    {
        if (kn.Has(EventFlags.OneShot))
        {
            Discard(kn);
            return;
        }

        bool clear = kn.Has(EventFlags.Clear);
        bool dispatch = kn.Has(EventFlags.Dispatch) && !(clear && Dialect.ClearOutranksDispatch);
        if (dispatch)
        {
            kn.Status |= KnoteStatus.Disabled;
            kn.Filter.Disabled(kn);
        }

        if (clear || dispatch)
        {
            kn.Status &= ~KnoteStatus.Active;
            return;
        }

        kn.Scan = scan;
        _active.AddTail(kn, IsHidden(kn));
    }
}
