using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LibKqueueSharp;

/// <summary>
/// A queue of kernel events, as kqueue(2) has it: descriptors, files, processes, signals, timers and events of the
/// caller's own are registered, and one call waits for all of them on a thread that the caller owns.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="Control"/> is kevent(2). The other members are calls that read well for the usual cases; all of them
/// come down to it.
/// </para>
/// <para>
/// Any thread may call any member at any time, also while others wait: changes have effect at once (THR-005), and
/// after a delete has returned, no event of that registration is handed to anybody (CORE-DEL-002).
/// <see cref="Dispose"/> wakes all waiters; they and later calls throw <see cref="ObjectDisposedException"/>.
/// </para>
/// <para>
/// A registration belongs to its descriptor, not to the queue: closing a watched handle removes it. There is no need
/// to delete before closing.
/// </para>
/// </remarks>
/// <example>
/// One wait for a socket, a timer and an event from another thread:
/// <code language="csharp">
/// using System.Net.Sockets;
/// using LibKqueueSharp;
///
/// using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
/// socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
///
/// using Kqueue queue = new();
/// queue.Add(socket, EventFilter.Read);
/// queue.AddTimer(1, TimeSpan.FromMilliseconds(10));
/// queue.AddUserEvent(2);
/// ThreadPool.QueueUserWorkItem(_ => queue.Trigger(2, data: 42));
///
/// Span&lt;KEvent&gt; events = stackalloc KEvent[8];
/// for (bool done = false; !done;)
/// {
///     int count = queue.Wait(events, Timeout.InfiniteTimeSpan);
///     foreach (KEvent e in events[..count])
///     {
///         Console.WriteLine($"{e.Filter} {e.Ident}: {e.Data}");
///         done |= e.Filter == EventFilter.User;
///     }
/// }
/// </code>
/// </example>
public sealed partial class Kqueue : IDisposable
{
    private readonly BackendQueue _queue;
    private readonly AsyncWaiter _waiter;
    private volatile bool _disposed;

    /// <summary>Creates an empty queue that behaves as FreeBSD's, with the backend of this system (KQ-NEW-001).</summary>
    /// <exception cref="KqueueException">EMFILE, ENFILE or ENOMEM (KQ-NEW-004).</exception>
    /// <exception cref="PlatformNotSupportedException">There is no backend for this system.</exception>
    public Kqueue()
        : this(new KqueueOptions())
    {
    }

    /// <summary>Creates an empty queue.</summary>
    /// <param name="options">Whose behaviour it follows, and who provides it.</param>
    /// <exception cref="KqueueException">EMFILE, ENFILE or ENOMEM (KQ-NEW-004).</exception>
    /// <exception cref="PlatformNotSupportedException">No backend is given, and there is none for this system.</exception>
    public Kqueue(KqueueOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Backend = options.Backend ?? DefaultBackend;
        _queue = Backend.CreateQueue(options.Dialect);
        _waiter = new AsyncWaiter(_queue);
    }

    /// <summary>Creates an empty queue of a given backend.</summary>
    /// <param name="backend">Who provides it.</param>
    /// <param name="dialect">Whose behaviour it follows; null for FreeBSD's.</param>
    /// <exception cref="KqueueException">EMFILE, ENFILE or ENOMEM (KQ-NEW-004).</exception>
    public static Kqueue Create(KqueueBackend backend, Dialect? dialect = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        return new Kqueue(new KqueueOptions { Backend = backend, Dialect = dialect ?? Dialect.FreeBsd });
    }

    /// <summary>The backend of this system.</summary>
    /// <exception cref="PlatformNotSupportedException">There is none.</exception>
    public static KqueueBackend DefaultBackend => BackendChooser.Default;

    /// <summary>
    /// What queues of the default backend can do here; ask before relying on a filter. What this queue can do is told
    /// by the capabilities of its <see cref="Backend"/>.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">There is no backend for this system.</exception>
    public static KqueueCapabilities Capabilities => DefaultBackend.Capabilities;

    /// <summary>Who provides this queue.</summary>
    public KqueueBackend Backend { get; }

    internal BackendQueue Inner => _queue;

    internal bool IsDisposed => _disposed;

    /// <summary>Whose behaviour this queue follows.</summary>
    public Dialect Dialect => _queue.Dialect;

    /// <summary>
    /// The queue's own descriptor, readable for poll, epoll and other queues while an event is queued (KQ-POLL-001);
    /// it may be readable without one (KQ-POLL-004). It stays the queue's: never close it. Once it was asked for,
    /// each later call may cost a little more.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The queue is disposed of.</exception>
    public SafeHandle Descriptor
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _queue.Descriptor;
        }
    }

    /// <summary>How many descriptors the queue holds open for itself.</summary>
    public int DescriptorCount => _queue.DescriptorCount;

    /// <summary>How many registrations the queue holds; -1 where a kernel holds them and does not tell (BSD, macOS).</summary>
    public int KnoteCount => _queue.KnoteCount;

    /// <summary>
    /// One call of kevent(2): applies the changes in order (CALL-NCH-003), then takes events, waiting for the first.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A change that fails, or asks for a receipt, fills a record in <paramref name="events"/>; if there is any record,
    /// the call returns their number at once and takes no event (CALL-ERR-007). See <see cref="KEvent.IsRecord"/>.
    /// With as much room as changes, every failure is a record; without room it is an exception (CALL-ERR-004).
    /// Then earlier changes stay applied and later ones are not tried (CALL-ERR-005).
    /// </para>
    /// <para>
    /// Without room for events the call returns 0 at once, whatever the timeout (CALL-NEV-001). A signal does not end
    /// the wait: it goes on for the time that is left, and the changes are not applied twice (CALL-INTR-003).
    /// Both spans may be the same memory (CALL-ALIAS-001). Without a cancellation token nothing is allocated.
    /// </para>
    /// </remarks>
    /// <param name="changes">The changelist.</param>
    /// <param name="events">The eventlist.</param>
    /// <param name="timeout">
    /// How long to wait, on a monotonic clock: zero polls, <see cref="Timeout.InfiniteTimeSpan"/> has no end; another
    /// negative time is EINVAL, before or after the changes are applied as the dialect has it (CALL-TMO-009).
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the wait. Changes stay applied, unless the token was cancelled before the call. Events that were taken are
    /// returned, not dropped.
    /// </param>
    /// <returns>The number of records or events written; 0 when the time is over.</returns>
    /// <exception cref="KqueueException">
    /// The call failed. <see cref="KqueueException.Change"/> names the change that was at fault when
    /// <paramref name="events"/> is empty; when it has some room, but too little, kevent(2) does not tell which.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The queue is disposed of, before the call or during it.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled and no event was taken.</exception>
    public int Control(
        ReadOnlySpan<KEvent> changes,
        Span<KEvent> events,
        TimeSpan timeout,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        KeventTimeout wait = KeventTimeout.FromTimeSpan(timeout);
        if (events.IsEmpty && !changes.IsEmpty && wait.IsValid && (changes.Length == 1 || !AnyReceipt(changes)))
        {
            ApplyEach(changes);
            return 0;
        }

        if (cancellationToken.CanBeCanceled && !events.IsEmpty && wait != KeventTimeout.Zero)
            return ControlCancellable(changes, events, wait, cancellationToken);
        int count = Kevent(changes, events, wait, null, out Errno error);
        return error == Errno.None ? count : throw Failed(error);
    }

    /// <summary>Takes events, waiting for the first.</summary>
    /// <param name="events">Room for events; more than one call can hand out are left for the next (CALL-NEV-006).</param>
    /// <param name="timeout">How long to wait: zero polls, <see cref="Timeout.InfiniteTimeSpan"/> has no end.</param>
    /// <param name="cancellationToken">Ends the wait; events that were taken are returned, not dropped.</param>
    /// <returns>The number of events written; 0 when the time is over.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative and not infinite.</exception>
    /// <exception cref="ObjectDisposedException">The queue is disposed of, before the call or during it.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled and no event was taken.</exception>
    public int Wait(Span<KEvent> events, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        if (timeout != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        return Control([], events, timeout, cancellationToken);
    }

    /// <summary>
    /// Closes the queue: its registrations are gone (KQ-CLOSE-001), all waiters wake and throw
    /// <see cref="ObjectDisposedException"/>. May be called more than once, by any thread.
    /// </summary>
    public void Dispose()
    {
        // Written before the backend wakes anybody, so that a waiter that sees EBADF sees this too.
        _disposed = true;
        _queue.Dispose();
        _waiter.Dispose();
    }

    // kevent(2) without room tells an errno, not which change it belongs to. One call a change tells both, and differs
    // in nothing else: the changelist of one call is not applied as a unit either (CALL-NCH-003, CALL-ERR-005). Among
    // 1,000 user events it costs 39 ns a change instead of 16.
    private void ApplyEach(ReadOnlySpan<KEvent> changes)
    {
        foreach (ref readonly KEvent change in changes)
        {
            Errno error = ApplyOne(in change);
            if (error != Errno.None)
                throw Failed(error, in change);
        }
    }

    private Errno ApplyOne(in KEvent change)
    {
        Kevent(new ReadOnlySpan<KEvent>(in change), [], KeventTimeout.Zero, null, out Errno error);
        return error;
    }

    // A receipt without room ends the call on some systems and not on others (CORE-RCP-005): only one call can tell.
    private static bool AnyReceipt(ReadOnlySpan<KEvent> changes)
    {
        foreach (ref readonly KEvent change in changes)
        {
            if ((change.Flags & EventFlags.Receipt) != 0)
                return true;
        }

        return false;
    }

    private int ControlCancellable(
        ReadOnlySpan<KEvent> changes,
        Span<KEvent> events,
        KeventTimeout timeout,
        CancellationToken cancellationToken)
    {
        WaitCancellation cancellation = new();
        int count;
        Errno error;
        using (cancellationToken.UnsafeRegister(
            static state =>
            {
                var (queue, cancellation) = ((BackendQueue, WaitCancellation))state!;
                queue.Interrupt(cancellation);
            },
            (_queue, cancellation)))
        {
            count = Kevent(changes, events, timeout, cancellation, out error);
        }

        if (error != Errno.None)
            throw Failed(error);
        if (count == 0)
            cancellationToken.ThrowIfCancellationRequested();
        return count;
    }

    private int Kevent(
        ReadOnlySpan<KEvent> changes,
        Span<KEvent> events,
        KeventTimeout timeout,
        WaitCancellation? cancellation,
        out Errno error)
    {
        bool hasEnd = !timeout.IsInfinite && timeout != KeventTimeout.Zero;
        long start = hasEnd ? Stopwatch.GetTimestamp() : 0;
        int count = _queue.Kevent(changes, events, timeout, cancellation, out error);
        while (error == Errno.EINTR)
            count = _queue.Kevent([], events, Remaining(timeout, start), cancellation, out error);
        return count;
    }

    private static KeventTimeout Remaining(KeventTimeout timeout, long start)
    {
        if (timeout.IsInfinite)
            return timeout;
        long elapsed = Stopwatch.GetElapsedTime(start).Ticks * 100;
        long remaining = Math.Max(0, timeout.Nanoseconds - elapsed);
        return KeventTimeout.FromTimespec(remaining / 1_000_000_000, remaining % 1_000_000_000);
    }

    private Exception Failed(Errno error) =>
        IsClosed(error) ? new ObjectDisposedException(nameof(Kqueue)) : new KqueueException(error, "kevent", _queue.Describe(error));

    private Exception Failed(Errno error, in KEvent change) =>
        IsClosed(error) ? new ObjectDisposedException(nameof(Kqueue)) : new KqueueException(error, change, _queue.Explain(error, change), _queue.Describe(error));

    private bool IsClosed(Errno error) => error == Errno.EBADF && _disposed;
}
