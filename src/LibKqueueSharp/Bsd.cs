namespace LibKqueueSharp;

/// <summary>
/// kqueue(2) by its C names, for porting C programs: <c>using static LibKqueueSharp.Bsd;</c>. Numbers are FreeBSD's on
/// every system, calls return -1 and set <see cref="errno"/>, and <see cref="KEvent"/> is <c>struct kevent</c>, with
/// its C field names as well (<c>ev.flags &amp; EV_EOF</c>). New code uses <see cref="Kqueue"/>.
/// </summary>
/// <remarks>
/// <para>
/// Any thread may call any member at any time. A signal ends a wait with EINTR, as in C (CALL-INTR-001).
/// </para>
/// <para>
/// What C gives and this cannot: spans are memory that exists, so bad pointers (EFAULT) cannot happen, except that a
/// count larger than its span is answered with EFAULT. Queues are always close-on-exec, also those of
/// <see cref="kqueue()"/> (KQ-NEW-007).
/// </para>
/// </remarks>
public static partial class Bsd
{
    private static readonly DescriptorTable s_queues = new();

    [ThreadStatic]
    private static Errno s_errno;

    /// <summary>
    /// Why this thread's last call of this class returned -1. A call that succeeds leaves it alone. With
    /// <c>using static LibKqueueSharp.Errno;</c> it compares as in C: <c>errno == EINTR</c>.
    /// </summary>
    public static Errno errno
    {
        get => s_errno;
        set => s_errno = value;
    }

    /// <summary>Creates a queue with the backend of this system and FreeBSD's behaviour (KQ-NEW-001).</summary>
    /// <returns>
    /// The queue's descriptor, a real one where the system has descriptors: readable for poll while an event is queued,
    /// and fit to be watched by another queue. Close it with <see cref="close"/>, and with nothing else. Or -1: EMFILE,
    /// ENFILE or ENOMEM (KQ-NEW-004).
    /// </returns>
    /// <exception cref="PlatformNotSupportedException">There is no backend for this system.</exception>
    public static int kqueue() => kqueue(new KqueueOptions());

    /// <summary>Creates a queue with another dialect or backend; C has no such call.</summary>
    /// <param name="options">Whose behaviour it follows, and who provides it.</param>
    /// <returns>The queue's descriptor, or -1: EMFILE, ENFILE or ENOMEM.</returns>
    /// <exception cref="PlatformNotSupportedException">No backend is given, and there is none for this system.</exception>
    public static int kqueue(KqueueOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            return s_queues.Add((options.Backend ?? Kqueue.DefaultBackend).CreateQueue(options.Dialect));
        }
        catch (KqueueException failure)
        {
            return Fail(failure.Error);
        }
    }

    /// <summary>Creates a queue (NetBSD's call; FreeBSD 14 has it too, KQ-NEW-009).</summary>
    /// <param name="flags">0 or <see cref="O_CLOEXEC"/>, which changes nothing: each queue is close-on-exec.</param>
    /// <returns>The queue's descriptor, or -1: EINVAL for another flag, EMFILE, ENFILE or ENOMEM.</returns>
    /// <exception cref="PlatformNotSupportedException">There is no backend for this system.</exception>
    public static int kqueue1(int flags) => (flags & ~O_CLOEXEC) == 0 ? kqueue() : Fail(Errno.EINVAL);

    /// <summary>Creates a queue (FreeBSD 14, KQ-NEW-006).</summary>
    /// <param name="flags">
    /// 0 or <see cref="KQUEUE_CLOEXEC"/>, which changes nothing: each queue is close-on-exec.
    /// </param>
    /// <returns>
    /// The queue's descriptor, or -1: EINVAL for another flag (KQ-NEW-008), also for <see cref="KQUEUE_CPONFORK"/>,
    /// which needs a kernel; EMFILE, ENFILE or ENOMEM.
    /// </returns>
    /// <exception cref="PlatformNotSupportedException">There is no backend for this system.</exception>
    public static int kqueuex(uint flags) => (flags & ~KQUEUE_CLOEXEC) == 0 ? kqueue() : Fail(Errno.EINVAL);

    /// <summary>
    /// Applies changes, then takes events; the spans are the lists. See <see cref="Kqueue.Control"/> for what a failed
    /// change does.
    /// </summary>
    /// <param name="kq">The queue.</param>
    /// <param name="changelist">The changes; <c>null</c> for none.</param>
    /// <param name="eventlist">Room for records and events; <c>null</c> for none.</param>
    /// <param name="timeout">How long to wait; <c>null</c> waits without end.</param>
    /// <returns>
    /// The number of records or events written, 0 when the time is over, or -1: EBADF when <paramref name="kq"/> is not
    /// a queue of this class, or was closed during the call (KQ-CLOSE-002, KQ-CLOSE-003); EINTR for a signal during the
    /// wait; EINVAL for a bad timeout (CALL-TMO-006, CALL-TMO-007); the errno of a change that found no room for its
    /// record (CALL-ERR-004).
    /// </returns>
    public static int kevent(int kq, ReadOnlySpan<KEvent> changelist, Span<KEvent> eventlist, timespec? timeout)
    {
        if (s_queues.Find(kq) is not { } queue)
            return Fail(Errno.EBADF);
        int count = queue.Kevent(changelist, eventlist, ToTimeout(timeout), null, out Errno error);
        return error == Errno.None ? count : Fail(error);
    }

    /// <summary>Applies changes, then takes events; with counts, as in C.</summary>
    /// <param name="kq">The queue.</param>
    /// <param name="changelist">The changes.</param>
    /// <param name="nchanges">How many of them to apply. A negative number is EINVAL or 0, as the dialect has it (CALL-NCH-002).</param>
    /// <param name="eventlist">Room for records and events.</param>
    /// <param name="nevents">
    /// How much of it to use. A negative number is EINVAL, after the changes were applied (CALL-NEV-004), or 0, as the
    /// dialect has it (CALL-NEV-003).
    /// </param>
    /// <param name="timeout">How long to wait; <c>null</c> waits without end.</param>
    /// <returns>
    /// As the other overload; -1 with EFAULT when a count is larger than its span, with nothing done (CALL-PTR-001).
    /// </returns>
    public static int kevent(
        int kq,
        ReadOnlySpan<KEvent> changelist,
        int nchanges,
        Span<KEvent> eventlist,
        int nevents,
        timespec? timeout)
    {
        if (s_queues.Find(kq) is not { } queue)
            return Fail(Errno.EBADF);
        if (nchanges > changelist.Length || nevents > eventlist.Length)
            return Fail(Errno.EFAULT);
        bool negativeIsError = queue.Dialect.NegativeCountIsError;
        if (nchanges < 0 && negativeIsError)
            return Fail(Errno.EINVAL);
        int count = kevent(kq, changelist[..Math.Max(0, nchanges)], eventlist[..Math.Max(0, nevents)], timeout);
        return count == 0 && nevents < 0 && negativeIsError ? Fail(Errno.EINVAL) : count;
    }

    /// <summary>
    /// Closes a queue (KQ-CLOSE-001). Threads that wait on it wake with EBADF, as on NetBSD, OpenBSD and macOS
    /// (KQ-CLOSE-003).
    /// </summary>
    /// <param name="kq">The queue.</param>
    /// <returns>0, or -1 with EBADF when this is not a queue of this class; nothing is closed then.</returns>
    public static int close(int kq)
    {
        if (s_queues.Remove(kq) is not { } queue)
            return Fail(Errno.EBADF);
        queue.Dispose();
        return 0;
    }

    /// <summary>Fills an event, as the macro does.</summary>
    /// <param name="kev">The event to fill.</param>
    /// <param name="ident">What is watched.</param>
    /// <param name="filter">The filter, <c>EVFILT_</c>.</param>
    /// <param name="flags">The actions, <c>EV_</c>.</param>
    /// <param name="fflags">The notes of the filter, <c>NOTE_</c>.</param>
    /// <param name="data">The filter's parameter.</param>
    /// <param name="udata">The caller's value.</param>
    public static void EV_SET(
        out KEvent kev,
        nuint ident,
        short filter,
        ushort flags,
        uint fflags = 0,
        long data = 0,
        nint udata = 0) =>
        kev = new KEvent(ident, (EventFilter)filter, (EventFlags)flags, fflags, data, udata);

    private static KeventTimeout ToTimeout(timespec? timeout) =>
        timeout is { } time ? KeventTimeout.FromTimespec(time.tv_sec, time.tv_nsec) : KeventTimeout.Infinite;

    private static int Fail(Errno error)
    {
        s_errno = error;
        return -1;
    }
}
