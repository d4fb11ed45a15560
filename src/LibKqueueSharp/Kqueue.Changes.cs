namespace LibKqueueSharp;

/// <content>Changes: generic ones, and those of the usual cases.</content>
public sealed partial class Kqueue
{
    /// <summary>Applies one change; takes no event and does not wait.</summary>
    /// <param name="change">The change.</param>
    /// <exception cref="KqueueException">The change was refused; <see cref="KqueueException.Change"/> names it.</exception>
    /// <exception cref="ObjectDisposedException">The queue is disposed of.</exception>
    public void Apply(in KEvent change) => Control(new ReadOnlySpan<KEvent>(in change), [], TimeSpan.Zero);

    /// <summary>Applies changes in order; takes no event and does not wait.</summary>
    /// <param name="changes">The changelist.</param>
    /// <exception cref="KqueueException">
    /// A change was refused; <see cref="KqueueException.Change"/> names it. Earlier ones stay applied, later ones were
    /// not tried (CALL-ERR-005).
    /// </exception>
    /// <exception cref="ObjectDisposedException">The queue is disposed of.</exception>
    public void Apply(ReadOnlySpan<KEvent> changes) => Control(changes, [], TimeSpan.Zero);

    /// <summary>Applies one change that may be refused in the normal course of things; nothing is thrown then.</summary>
    /// <param name="change">The change.</param>
    /// <param name="error">Why it was refused: ENOENT for no such registration, ESRCH for no such process.</param>
    /// <returns>True when it was applied.</returns>
    /// <exception cref="ObjectDisposedException">The queue is disposed of.</exception>
    public bool TryApply(in KEvent change, out Errno error)
    {
        error = ApplyOne(in change);
        ObjectDisposedException.ThrowIf(IsClosed(error), this);
        return error == Errno.None;
    }

    /// <summary>Registers (ident, filter), or changes what is registered (EV_ADD, CORE-ADD-004).</summary>
    /// <remarks>
    /// Without flags the registration is level-triggered: it is handed out by every wait while its condition holds.
    /// <see cref="EventFlags.Clear"/> makes it edge-triggered, <see cref="EventFlags.OneShot"/> removes it and
    /// <see cref="EventFlags.Dispatch"/> disables it with its first event; the last two suit several threads on one
    /// queue. The flags of the first registration stay (CORE-ADD-010).
    /// </remarks>
    /// <param name="ident">What to watch. Closing a handle removes its registrations.</param>
    /// <param name="filter">What to watch for.</param>
    /// <param name="flags">Flags beside <see cref="EventFlags.Add"/>.</param>
    /// <param name="notes">Notes of the filter, for example of <see cref="ReadWriteNotes"/>.</param>
    /// <param name="data">The filter's parameter.</param>
    /// <param name="udata">A value that comes back with each event.</param>
    /// <exception cref="KqueueException">
    /// The change was refused: EBADF for a closed descriptor, EINVAL for one that the filter cannot watch, ENOTSUP for
    /// a filter that the backend does not serve (see <see cref="Capabilities"/>).
    /// </exception>
    /// <exception cref="ObjectDisposedException">The handle is closed, or the queue is disposed of.</exception>
    public void Add(
        Ident ident,
        EventFilter filter,
        EventFlags flags = EventFlags.None,
        uint notes = 0,
        long data = 0,
        nint udata = 0) =>
        ApplyOrThrow(ident, new KEvent(0, filter, EventFlags.Add | flags, notes, data, udata));

    /// <summary>Lets a disabled registration deliver again (EV_ENABLE); what happened meanwhile is delivered then.</summary>
    /// <param name="ident">What is watched.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="notes">The notes of the registration once more: a change rewrites them (CORE-MOD-002).</param>
    /// <param name="data">The data of the registration once more.</param>
    /// <remarks>udata is kept, except with a dialect that cannot (macOS), where it becomes 0.</remarks>
    /// <exception cref="KqueueException">The change was refused: ENOENT when there is no such registration.</exception>
    /// <exception cref="ObjectDisposedException">The handle is closed, or the queue is disposed of.</exception>
    public void Enable(Ident ident, EventFilter filter, uint notes = 0, long data = 0) =>
        ApplyOrThrow(ident, new KEvent(0, filter, EventFlags.Enable | KeepUData, notes, data));

    /// <summary>Keeps a registration, but lets it deliver nothing until <see cref="Enable"/> (EV_DISABLE, CORE-DIS-001).</summary>
    /// <param name="ident">What is watched.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="notes">The notes of the registration once more: a change rewrites them (CORE-MOD-002).</param>
    /// <param name="data">The data of the registration once more.</param>
    /// <remarks>udata is kept, except with a dialect that cannot (macOS), where it becomes 0.</remarks>
    /// <exception cref="KqueueException">The change was refused: ENOENT when there is no such registration.</exception>
    /// <exception cref="ObjectDisposedException">The handle is closed, or the queue is disposed of.</exception>
    public void Disable(Ident ident, EventFilter filter, uint notes = 0, long data = 0) =>
        ApplyOrThrow(ident, new KEvent(0, filter, EventFlags.Disable | KeepUData, notes, data));

    /// <summary>
    /// Removes a registration with its queued event (EV_DELETE). Once this has returned, no wait hands out an event of
    /// it (CORE-DEL-002); one that another thread has already got from its wait is that thread's.
    /// </summary>
    /// <param name="ident">What is watched.</param>
    /// <param name="filter">The filter.</param>
    /// <exception cref="KqueueException">ENOENT: no such registration. EBADF: the descriptor is closed.</exception>
    /// <exception cref="ObjectDisposedException">The handle is closed, or the queue is disposed of.</exception>
    public void Delete(Ident ident, EventFilter filter) =>
        ApplyOrThrow(ident, new KEvent(0, filter, EventFlags.Delete));

    /// <summary>Removes a registration that may be gone, for example a one-shot one; otherwise as <see cref="Delete"/>.</summary>
    /// <param name="ident">What is watched.</param>
    /// <param name="filter">The filter.</param>
    /// <returns>False when there is no such registration (ENOENT).</returns>
    /// <exception cref="KqueueException">Another error than ENOENT.</exception>
    /// <exception cref="ObjectDisposedException">The handle is closed, or the queue is disposed of.</exception>
    public bool TryDelete(Ident ident, EventFilter filter) =>
        ApplyUnless(Errno.ENOENT, ident, new KEvent(0, filter, EventFlags.Delete));

    /// <summary>Watches what happens to a file or a directory; it is followed when renamed (VNODE-001).</summary>
    /// <param name="file">An open handle or descriptor of it.</param>
    /// <param name="notes">What to watch for. An event carries what happened in <see cref="KEvent.FFlags"/>.</param>
    /// <param name="udata">A value that comes back with each event.</param>
    /// <exception cref="KqueueException">The change was refused: EINVAL when this is no file, ENOSPC at the system's limit.</exception>
    /// <exception cref="ObjectDisposedException">The handle is closed, or the queue is disposed of.</exception>
    public void AddVnode(Ident file, VnodeNotes notes, nint udata = 0) =>
        Add(file, EventFilter.Vnode, EventFlags.Clear, (uint)notes, 0, udata);

    /// <summary>
    /// Watches a process, if it is still there. Its exit is reported and not collected: who started it can still wait
    /// for it (PROC-007).
    /// </summary>
    /// <param name="processId">The process.</param>
    /// <param name="notes">What to watch for; with <see cref="ProcessNotes.Exit"/>, data is the wait status (PROC-002).</param>
    /// <param name="udata">A value that comes back with each event.</param>
    /// <returns>False when there is no such process (ESRCH): it may just have ended.</returns>
    /// <exception cref="KqueueException">Another error than ESRCH.</exception>
    /// <exception cref="ObjectDisposedException">The queue is disposed of.</exception>
    public bool TryAddProcess(int processId, ProcessNotes notes = ProcessNotes.Exit, nint udata = 0) =>
        ApplyUnless(Errno.ESRCH, processId, new KEvent(0, EventFilter.Process, EventFlags.Add, (uint)notes, 0, udata));

    /// <summary>
    /// Starts a timer, or starts it anew. It never fires early, and does not drift (TIMER-004, TIMER-005); an event's
    /// data counts the periods since the last one.
    /// </summary>
    /// <param name="id">A number of the caller's; timers have their own, beside those of user events.</param>
    /// <param name="period">
    /// The period, on a monotonic clock; a part of a microsecond is rounded up. Zero is what the dialect makes of it
    /// (TIMER-ZERO-001).
    /// </param>
    /// <param name="flags">Flags beside <see cref="EventFlags.Add"/>: <see cref="EventFlags.OneShot"/> fires once.</param>
    /// <param name="udata">A value that comes back with each event.</param>
    /// <exception cref="ArgumentOutOfRangeException">The period is negative.</exception>
    /// <exception cref="KqueueException">The change was refused.</exception>
    /// <exception cref="ObjectDisposedException">The queue is disposed of.</exception>
    public void AddTimer(nuint id, TimeSpan period, EventFlags flags = EventFlags.None, nint udata = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        if (period.Ticks % TimeSpan.TicksPerMillisecond == 0)
            Add(id, EventFilter.Timer, flags, (uint)TimerNotes.None, period.Ticks / TimeSpan.TicksPerMillisecond, udata);
        else
            Add(id, EventFilter.Timer, flags, (uint)TimerNotes.Microseconds, MicrosecondsRoundedUp(period.Ticks), udata);
    }

    /// <summary>Starts a timer that fires once, at a point in time, and at once when that is past (TIMER-ABS-002).</summary>
    /// <param name="id">A number of the caller's.</param>
    /// <param name="deadline">
    /// When to fire. It is turned into a monotonic time now: setting the clock later does not move it (TIMER-ABS-005).
    /// </param>
    /// <param name="udata">A value that comes back with the event.</param>
    /// <remarks>kevent(2) itself refuses a time before the boot on FreeBSD; this call does not.</remarks>
    /// <exception cref="KqueueException">The change was refused.</exception>
    /// <exception cref="ObjectDisposedException">The queue is disposed of.</exception>
    public void AddDeadline(nuint id, DateTimeOffset deadline, nint udata = 0)
    {
        if (deadline <= DateTimeOffset.UtcNow)
        {
            Add(id, EventFilter.Timer, EventFlags.OneShot, (uint)TimerNotes.Nanoseconds, 1, udata);
            return;
        }

        long ticks = deadline.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        Add(
            id,
            EventFilter.Timer,
            EventFlags.OneShot,
            (uint)(TimerNotes.Absolute | TimerNotes.Microseconds),
            MicrosecondsRoundedUp(ticks),
            udata);
    }

    /// <summary>Registers an event of the caller's own, to be fired by <see cref="Trigger"/> from any thread (USER-001).</summary>
    /// <param name="id">A number of the caller's; user events have their own, beside those of timers.</param>
    /// <param name="flags">
    /// Flags beside <see cref="EventFlags.Add"/>. <see cref="EventFlags.Clear"/> hands the event out once a trigger;
    /// without it the event stays active until it is deleted (USER-006, USER-007).
    /// </param>
    /// <param name="udata">A value that comes back with each event.</param>
    /// <exception cref="KqueueException">The change was refused.</exception>
    /// <exception cref="ObjectDisposedException">The queue is disposed of.</exception>
    public void AddUserEvent(nuint id, EventFlags flags = EventFlags.Clear, nint udata = 0) =>
        Add(id, EventFilter.User, flags, 0, 0, udata);

    /// <summary>
    /// Fires a user event: wakes a waiter, or is there for the next wait. Several triggers before it is taken give one
    /// event (USER-008). Allocates nothing.
    /// </summary>
    /// <param name="id">The number given to <see cref="AddUserEvent"/>.</param>
    /// <param name="notes">
    /// An operation on the event's 24 flags, and its operand: <c>UserNotes.Or | (UserNotes)4</c>. The flags come back
    /// in <see cref="KEvent.FFlags"/> (USER-FF-001 to USER-FF-009).
    /// </param>
    /// <param name="data">What the event carries; the last trigger counts (USER-DATA-001).</param>
    /// <remarks>udata is kept, except with a dialect that cannot (macOS), where it becomes 0.</remarks>
    /// <exception cref="KqueueException">ENOENT: there is no such event (USER-005).</exception>
    /// <exception cref="ObjectDisposedException">The queue is disposed of.</exception>
    public void Trigger(nuint id, UserNotes notes = UserNotes.None, long data = 0) =>
        ApplyOrThrow(id, new KEvent(0, EventFilter.User, KeepUData, (uint)(UserNotes.Trigger | notes), data));

    // FreeBSD rewrites udata with each change and has EV_KEEPUDATA against it (CORE-KEEP-001); NetBSD and OpenBSD
    // rewrite it with EV_ADD only (CORE-MOD-001).
    private EventFlags KeepUData =>
        _queue.Dialect.HasForceOneShotAndKeepUData ? EventFlags.KeepUData : EventFlags.None;

    private static long MicrosecondsRoundedUp(long ticks) =>
        ticks / TimeSpan.TicksPerMicrosecond + (ticks % TimeSpan.TicksPerMicrosecond > 0 ? 1 : 0);

    private bool ApplyUnless(Errno expected, Ident ident, KEvent change)
    {
        Errno error = ApplyOne(ident, ref change);
        if (error == expected)
            return false;
        return error == Errno.None ? true : throw Failed(error, in change);
    }

    private void ApplyOrThrow(Ident ident, KEvent change)
    {
        Errno error = ApplyOne(ident, ref change);
        if (error != Errno.None)
            throw Failed(error, in change);
    }

    // The reference keeps the handle's number from being closed and given to another file during the call.
    private Errno ApplyOne(Ident ident, ref KEvent change)
    {
        bool referenced = false;
        try
        {
            change.Ident = ident.Acquire(ref referenced);
            return ApplyOne(in change);
        }
        finally
        {
            if (referenced)
                ident.Release();
        }
    }
}
