using System.Runtime.InteropServices;

namespace LibKqueueSharp;

/// <summary>
/// One way to have kqueue(2) on a system: a factory of queues, and what they can do.
/// This type and <see cref="BackendQueue"/> are the contract of a backend; their comments are its specification.
/// </summary>
/// <remarks>All members may be called by any thread at any time.</remarks>
public abstract class KqueueBackend
{
    /// <summary>A short name in small letters, for people and command lines: <c>linux</c>, <c>windows</c>, <c>bsd</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What queues of this backend can do on this system, asked of the system and not assumed.</summary>
    public abstract KqueueCapabilities Capabilities { get; }

    /// <summary>
    /// Creates an empty queue, as kqueue(2) does (KQ-NEW-001). Its descriptors are close-on-exec.
    /// </summary>
    /// <param name="dialect">The system whose behaviour the queue follows where the BSDs differ.</param>
    /// <exception cref="KqueueException">EMFILE, ENFILE or ENOMEM (KQ-NEW-004); nothing has leaked.</exception>
    public abstract BackendQueue CreateQueue(Dialect dialect);
}

/// <summary>
/// A queue: the receiver of kevent(2). What each rule below cites is a conformance clause.
/// </summary>
/// <remarks>
/// All members may be called by any thread at any time, also while other threads are inside
/// <see cref="Kevent"/>; no lock is held across a wait (THR-005, THR-006).
/// </remarks>
public abstract class BackendQueue : IDisposable
{
    /// <summary>The dialect that the queue follows: the one that it was created with, or what a kernel makes of it.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>
    /// The queue's own descriptor: readable for poll, select and epoll while at least one event is queued
    /// (KQ-POLL-001); a false positive is allowed, a false negative is not (KQ-POLL-004). The queue owns it.
    /// Asking for it may cost each later call something; who does not need it does not ask.
    /// </summary>
    public abstract SafeHandle Descriptor { get; }

    /// <summary>How many descriptors the queue holds open for itself, <see cref="Descriptor"/> included.</summary>
    public abstract int DescriptorCount { get; }

    /// <summary>How many registrations the queue holds; -1 where a kernel holds them and does not tell.</summary>
    public abstract int KnoteCount { get; }

    /// <summary>
    /// One call of kevent(2): applies the changes in order (CALL-NCH-003), then takes events.
    /// </summary>
    /// <remarks>
    /// A change that fails, or asks for a receipt, fills a record while there is room; if a record was written, the
    /// call returns the number of records at once, takes no event and does not wait (CALL-ERR-007).
    /// Without room the call fails with the errno of the change; earlier changes stay applied, later ones are not tried
    /// (CALL-ERR-004, CALL-ERR-005). Without room for events the call returns 0 at once (CALL-NEV-001).
    /// <paramref name="changes"/> and <paramref name="events"/> may be the same memory (CALL-ALIAS-001); no more than
    /// the returned number of elements is written, except for records that a failing call had written already
    /// (CALL-NEV-005, CALL-ERR-006).
    /// A steady loop allocates nothing.
    /// </remarks>
    /// <param name="changes">The changelist.</param>
    /// <param name="events">The eventlist.</param>
    /// <param name="timeout">How long to wait for the first event.</param>
    /// <param name="cancellation">Ends the wait early, with 0, when <see cref="Interrupt"/> is called with it; null when nobody will.</param>
    /// <param name="error">
    /// Why the call failed: EBADF when the queue was disposed of, before or during the call; EINTR when a signal was
    /// handled during the wait, after all changes were applied (CALL-INTR-001); EINVAL for an invalid timeout; the errno
    /// of a change. <see cref="Errno.None"/> otherwise.
    /// </param>
    /// <returns>The number of records or events written, or -1.</returns>
    public abstract int Kevent(
        ReadOnlySpan<KEvent> changes,
        Span<KEvent> events,
        KeventTimeout timeout,
        WaitCancellation? cancellation,
        out Errno error);

    /// <summary>
    /// What lies behind an error of a change, and what would help: a limit of the system and its present value, a right that the
    /// program has not. For messages to people; it may take system calls.
    /// </summary>
    /// <param name="error">The error that the change was given.</param>
    /// <param name="change">The change.</param>
    /// <returns>One sentence without a full stop, or null when there is nothing to add to the name of the error.</returns>
    public virtual string? Explain(Errno error, in KEvent change) => null;

    /// <summary>
    /// aio_read(2), aio_write(2), aio_fsync(2): submits an operation whose completion is an EVFILT_AIO event of this queue (AIO-001).
    /// </summary>
    /// <param name="control">The operation.</param>
    /// <param name="error">
    /// Why nothing was submitted: EBADF for a closed queue or file, or one that is not open for this; EINVAL for a negative offset, other flags than
    /// AIO-005 names, or a sync of what has no disk behind it; EAGAIN when too many are under way; ENOMEM; ENOTSUP where there is no such I/O.
    /// </param>
    /// <returns>The operation, or null.</returns>
    public virtual BackendAio? SubmitAio(in AioControl control, out Errno error)
    {
        error = Errno.ENOTSUP;
        return null;
    }

    /// <summary>
    /// lio_listio(2) with LIO_NOWAIT: submits operations, and gives one EVFILT_LIO event when all are finished (LIO-001). The event is
    /// level-triggered until <see cref="BackendAio.Return"/> was called for each member.
    /// </summary>
    /// <param name="controls">The operations. Members that are not silent have their own events as well (LIO-002).</param>
    /// <param name="udata">What the list's event carries.</param>
    /// <param name="error">
    /// EBADF for a closed queue, EINVAL without a member, ENOTSUP: nothing was submitted. EIO when a member could not be submitted; the
    /// others are under way, and the list is returned.
    /// </param>
    /// <returns>The list, or null.</returns>
    public virtual BackendAioList? SubmitAioList(ReadOnlySpan<AioControl> controls, nint udata, out Errno error)
    {
        error = Errno.ENOTSUP;
        return null;
    }

    /// <summary>
    /// An error as the system itself calls it, for messages to people: its name and its number there, which need not be that of
    /// <see cref="Errno"/>. <c>EAGAIN (35)</c> on a BSD.
    /// </summary>
    /// <param name="error">The error.</param>
    public virtual string Describe(Errno error) => $"{error} ({(int)error})";

    /// <summary>
    /// Makes the call that carries <paramref name="cancellation"/> return 0, if it waits or comes to wait. Other
    /// callers notice nothing. Calling it again has no effect.
    /// </summary>
    /// <param name="cancellation">The token of one call.</param>
    public abstract void Interrupt(WaitCancellation cancellation);

    /// <summary>
    /// Closes the queue: all registrations are gone (KQ-CLOSE-001), every thread inside <see cref="Kevent"/> returns
    /// with EBADF, and so do later calls. May be called more than once.
    /// </summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Does the work of <see cref="Dispose()"/>.</summary>
    /// <param name="disposing">Always true; there is no finalizer here.</param>
    protected abstract void Dispose(bool disposing);
}

/// <summary>
/// Ends one wait early: handed to <see cref="BackendQueue.Kevent"/> and to <see cref="BackendQueue.Interrupt"/>.
/// One object serves one call.
/// </summary>
public sealed class WaitCancellation
{
    private volatile bool _requested;

    // Written by the queue under its lock.
    internal bool IsSleeping;
    internal bool IsCounted;

    /// <summary>True once the wait was told to end.</summary>
    public bool IsRequested => _requested;

    /// <summary>
    /// Called by a backend's <see cref="BackendQueue.Interrupt"/> before it wakes the waiter. The volatile write is
    /// seen by the waiter that the wake-up reaches.
    /// </summary>
    /// <returns>False when it was requested before.</returns>
    public bool Request() => !Interlocked.Exchange(ref _requested, true);
}
