namespace LibKqueueSharp.Emulation;

/// <summary>
/// EVFILT_TIMER (clauses TIMER-001 to TIMER-STOP-001; filt_timer in FreeBSD's kern_event.c). No descriptor and no
/// thread: the queue looks at the heap when it scans, and sleeps no longer than the earliest deadline.
/// </summary>
internal sealed class TimerFilter(EmulatedQueue queue) : Filter(queue, EventFilter.Timer)
{
    private const long Never = long.MaxValue;
    private const TimerNotes Units =
        TimerNotes.Seconds | TimerNotes.Milliseconds | TimerNotes.Microseconds | TimerNotes.Nanoseconds;

    private readonly TimerHeap _heap = queue.Timers;

    /// <summary>Disabled timers: they run on (CORE-DIS-003), but wake no sleeper and do not make the queue's descriptor readable.</summary>
    private readonly TimerHeap _parked = new();

    internal override Errno Attach(Knote kn)
    {
        long now = Queue.Clock.Now;
        Errno error = Validate(kn, now, out long first, out long period);
        if (error != Errno.None)
            return error;
        if (((TimerNotes)kn.SavedFFlags & TimerNotes.Absolute) == 0)
            kn.Flags |= EventFlags.Clear;
        else if (Dialect.TimerAbsoluteIsOneShot)
            kn.Flags |= EventFlags.OneShot;
        Start(kn, now, first, period);
        return Errno.None;
    }

    internal override Errno Detach(Knote kn)
    {
        Stop(kn);
        return Errno.None;
    }

    internal override Errno Touch(Knote kn, ref KEvent change)
    {
        // TIMER-READD-003: only EV_ADD gives a timer new values.
        if ((change.Flags & EventFlags.Add) == 0 || !Dialect.TimerAddRestarts)
            return Errno.None;
        (uint fflags, long data) = (kn.SavedFFlags, kn.SavedData);
        if (Dialect.TimerKindIsFixed && ((fflags ^ change.FFlags) & (uint)TimerNotes.Absolute) != 0)
            return Errno.EINVAL;
        base.Touch(kn, ref change);
        long now = Queue.Clock.Now;
        Errno error = Validate(kn, now, out long first, out long period);
        if (error != Errno.None && !Dialect.TimerAddFailsLate)
        {
            (kn.SavedFFlags, kn.SavedData) = (fflags, data);
            return error;
        }

        // TIMER-READD-001: the old timer and its expirations are gone, also when the new values are bad (TIMER-READD-002).
        Stop(kn);
        Queue.Withdraw(kn);
        kn.Data = (long)error;
        if (error == Errno.None)
        {
            kn.Flags &= ~EventFlags.Error;
            Start(kn, now, first, period);
        }
        else
        {
            kn.Flags |= EventFlags.Error;
        }

        return Errno.None;
    }

    internal override void Disabled(Knote kn)
    {
        if (!_heap.Holds(kn))
            return;
        long deadline = _heap.DeadlineOf(kn);
        _heap.Remove(kn);
        _parked.Add(kn, deadline);
    }

    internal override void Enabled(Knote kn)
    {
        if (!_parked.Holds(kn))
            return;
        long deadline = _parked.DeadlineOf(kn);
        _parked.Remove(kn);
        Run(kn, deadline, Queue.Clock.Now);
    }

    internal override bool Event(Knote kn) => kn.Data != 0;

    internal override KEvent Take(Knote kn)
    {
        KEvent taken = base.Take(kn);
        kn.Flags &= ~EventFlags.Error;
        return taken;
    }

    /// <summary>Counts the expirations up to now; the next deadline follows from the last, so nothing drifts (TIMER-005).</summary>
    internal override long Expired(Knote kn, long deadline, long now)
    {
        long expirations = kn.State == Never ? 1 : (now - deadline) / kn.State + 1;
        kn.Data += expirations;
        Queue.Activate(kn);
        return kn.State == Never ? Never : QueueClock.Add(deadline, expirations * kn.State);
    }

    // TIMER-ZERO-002: what fires at once is queued before what later changes of the call activate (ORD-001).
    private void Start(Knote kn, long now, long first, long period)
    {
        kn.State = period;
        Run(kn, first, now);
    }

    private void Run(Knote kn, long deadline, long now)
    {
        if (deadline <= now)
            deadline = Expired(kn, deadline, now);
        if (deadline != Never)
            (kn.Is(KnoteStatus.Disabled) ? _parked : _heap).Add(kn, deadline);
    }

    private void Stop(Knote kn) => (_parked.Holds(kn) ? _parked : _heap).Remove(kn);

    private Errno Validate(Knote kn, long now, out long first, out long period)
    {
        TimerNotes notes = (TimerNotes)kn.SavedFFlags;
        long data = kn.SavedData;
        bool once = kn.Has(EventFlags.OneShot) || (notes & TimerNotes.Absolute) != 0;
        first = period = Never;
        if ((notes & ~(Units | TimerNotes.Absolute)) != 0 && !Dialect.TimerUnknownNotesAreIgnored)
            return Errno.EINVAL;
        if (!TryGetUnit(notes & Units, out long unit))
            return Errno.EINVAL;
        if (data < 0 && Dialect.TimerNegative == TimerNegativePolicy.Refused)
            return Errno.EINVAL;
        if (data < 0 && Dialect.TimerNegative == TimerNegativePolicy.Never)
            return Errno.None;
        if (data == 0 && once && Dialect.TimerOneShotZeroIsRefused)
            return Errno.EINVAL;
        if (data == 0 && !once && Dialect.TimerPeriodZero == TimerZeroPolicy.Refused)
            return Errno.EINVAL;
        if (data <= 0)
        {
            once |= Dialect.TimerPeriodZero == TimerZeroPolicy.Once;
            data = once ? 0 : 1;
        }

        if (data > Never / unit && Dialect.TimerOverflow != Errno.None)
            return Dialect.TimerOverflow;
        long span = data > Never / unit ? Never : data * unit;
        return (notes & TimerNotes.Absolute) != 0 ? PointInTime(span, out first) : Span(now, span, once, out first, out period);
    }

    private static Errno Span(long now, long span, bool once, out long first, out long period)
    {
        first = QueueClock.Add(now, span);
        period = once ? Never : span;
        return Errno.None;
    }

    // TIMER-ABS-005: turned into monotonic time once. FreeBSD 13 counts from the boot and refuses what lies before it.
    // Wall time is read first: what passes between the two readings makes the timer late and never early.
    private Errno PointInTime(long wall, out long first)
    {
        long left = wall == Never ? Never : wall - Queue.Clock.Wall;
        first = wall == Never ? Never : left + Queue.Clock.Now;
        return first < 0 && Dialect.TimerNegative == TimerNegativePolicy.Refused ? Errno.EINVAL : Errno.None;
    }

    private bool TryGetUnit(TimerNotes units, out long unit)
    {
        if (Dialect.TimerUnitsAreANumber && (units & (units - 1)) != 0)
            units = Aliased(units);
        unit = units switch
        {
            TimerNotes.None or TimerNotes.Milliseconds => 1_000_000,
            TimerNotes.Seconds => 1_000_000_000,
            TimerNotes.Microseconds => 1_000,
            TimerNotes.Nanoseconds => 1,
            _ => 0,
        };
        return unit != 0;
    }

    // TIMER-UNIT-003: milliseconds, seconds, microseconds and nanoseconds are 0 to 3 there, and are ORed.
    private static TimerNotes Aliased(TimerNotes units)
    {
        int number = ((units & TimerNotes.Seconds) != 0 ? 1 : 0)
            | ((units & TimerNotes.Microseconds) != 0 ? 2 : 0)
            | ((units & TimerNotes.Nanoseconds) != 0 ? 3 : 0);
        return number switch
        {
            1 => TimerNotes.Seconds,
            2 => TimerNotes.Microseconds,
            3 => TimerNotes.Nanoseconds,
            _ => TimerNotes.Milliseconds,
        };
    }
}
