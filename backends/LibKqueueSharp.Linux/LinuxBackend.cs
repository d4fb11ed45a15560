using System.Diagnostics.CodeAnalysis;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>
/// kqueue(2) on Linux 5.11 or later: the engine over epoll, inotify, pidfd, timerfd and eventfd. A queue holds two descriptors;
/// a third and a fourth come when its own descriptor is asked for, others with the first file, the first socket that
/// needs separate edges, each process, the first process whose forks are watched, each signal that every thread blocks, and the first asynchronous
/// operation. It starts no thread, except for asynchronous operations where io_uring is not allowed, or that outlive their queue.
/// </summary>
/// <remarks>All members may be called by any thread at any time.</remarks>
public sealed class LinuxBackend : KqueueBackend
{
    private readonly TimeProvider _time;
    internal const int UsualAioLimit = 65_536;

    private readonly int _connectorRoom;
    private readonly int _aioLimit;

    /// <summary>Creates the backend.</summary>
    public LinuxBackend()
        : this(TimeProvider.System)
    {
    }

    internal LinuxBackend(TimeProvider time, int connectorRoom = ProcessConnector.UsualRoom, int aioLimit = UsualAioLimit)
    {
        _time = time;
        _connectorRoom = connectorRoom;
        _aioLimit = aioLimit;
    }

    /// <summary>
    /// How often files of EVFILT_VNODE are compared with what they were, by fstat(2), in addition to what inotify tells: for
    /// network file systems, where other machines change files without a word, and for <c>/proc</c> and <c>/sys</c>. It costs one or two system
    /// calls a registration each time. Zero, the default, relies on inotify alone. Counts for queues that are created afterwards.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The interval is negative, or shorter than a millisecond.</exception>
    public TimeSpan FileInterval
    {
        get;
        init
        {
            if (value != TimeSpan.Zero)
                ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1));
            field = value;
        }
    }

    /// <summary>
    /// Whether operations of EVFILT_AIO go through io_uring(7) where the system allows it, which is the default. Otherwise threads do them: up to four for
    /// files, which all queues share, and one for pipes, sockets and terminals; they end when they have nothing to do. The results are the same. Counts for queues that
    /// are created afterwards.
    /// </summary>
    public bool UsesIoUring { get; init; } = true;

    /// <inheritdoc/>
    public override string Name => "linux";

    /// <inheritdoc/>
    public override KqueueCapabilities Capabilities => LinuxCapabilities.Read(_connectorRoom, UsesIoUring && Uring.IsAllowed);

    /// <inheritdoc/>
    [SuppressMessage("Reliability", "CA2000", Justification = "The queue owns the poller.")]
    public override BackendQueue CreateQueue(Dialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        EpollPoller poller = new(_connectorRoom)
        {
            FileInterval = (long)FileInterval.TotalNanoseconds,
            UsesIoUring = UsesIoUring,
            AioLimit = _aioLimit,
        };
        return new EmulatedQueue(poller, dialect, _time);
    }
}
