namespace LibKqueueSharp.Emulation;

/// <summary>
/// kqueue_scan in pieces, for a caller that does the sleep itself, where the poller would have slept. It has entered the queue
/// (<see cref="TryEnter"/>), has found nothing in it by a call that does not wait, and goes through the pieces again until something is there.
/// </summary>
internal sealed partial class EmulatedQueue
{
    /// <summary>Makes the caller a sleeper, unless something is there already.</summary>
    /// <param name="nanoseconds">For how long it wants to sleep.</param>
    /// <param name="leader">What <see cref="Awake"/> has to be given.</param>
    /// <param name="wait">How long to sleep; -1 when there may be an event without a sleep, and a call that does not wait has to look.</param>
    /// <returns>EBADF when the queue is closed.</returns>
    internal Errno FallAsleep(long nanoseconds, out long leader, out long wait)
    {
        Sleeper sleeper = new(null);
        lock (_gate)
        {
            bool ready = _closed || HasProgressed();
            wait = -1;
            if (!ready)
            {
                UpdateExport(idle: true);
                wait = GoToSleep(ref sleeper, QueueClock.Add(Clock.Now, nanoseconds));
            }

            leader = sleeper.Leader;
            return _closed ? Errno.EBADF : Errno.None;
        }
    }

    /// <summary>The caller has slept, and takes what there is.</summary>
    /// <param name="leader">What <see cref="FallAsleep"/> said.</param>
    /// <param name="scratch">What the kernel said, as for <see cref="Poller.Harvest"/>.</param>
    /// <param name="entries">How many entries of it.</param>
    /// <param name="events">Room for events; none when the caller will not come again: then another thread is woken for what there is.</param>
    /// <param name="error">What ended the sleep; why the call ends with -1.</param>
    internal int Awake(long leader, ReadOnlySpan<byte> scratch, int entries, Span<KEvent> events, ref Errno error)
    {
        bool wake;
        int count;
        Sleeper sleeper = new(null) { IsSleeping = true, Leader = leader };
        lock (_gate)
        {
            Wakened(ref sleeper);
            Absorb(scratch, entries);
            count = _closed ? 0 : Collect(events);
            error = _closed ? Errno.EBADF : count == 0 ? error : Errno.None;
            UpdateExport(idle: count == 0 && !events.IsEmpty);
            wake = NeedsWake();
        }

        SwitchPoint.Here();
        if (wake)
            _poller.Wake();
        return error == Errno.None ? count : -1;
    }
}
