using System.Diagnostics.CodeAnalysis;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>
/// kqueue(2) on Linux 5.11 or later: the engine over epoll, inotify, pidfd, timerfd and eventfd. A queue holds two descriptors;
/// a third and a fourth come when its own descriptor is asked for, others with the first file, the first socket that
/// needs separate edges, each process, and the first process whose forks are watched. It starts no thread.
/// </summary>
/// <remarks>All members may be called by any thread at any time.</remarks>
public sealed class LinuxBackend : KqueueBackend
{
    private readonly TimeProvider _time;
    private readonly int _connectorRoom;

    /// <summary>Creates the backend.</summary>
    public LinuxBackend()
        : this(TimeProvider.System)
    {
    }

    internal LinuxBackend(TimeProvider time, int connectorRoom = ProcessConnector.UsualRoom)
    {
        _time = time;
        _connectorRoom = connectorRoom;
    }

    /// <inheritdoc/>
    public override string Name => "linux";

    /// <inheritdoc/>
    public override KqueueCapabilities Capabilities => LinuxCapabilities.Read(_connectorRoom);

    /// <inheritdoc/>
    [SuppressMessage("Reliability", "CA2000", Justification = "The queue owns the poller.")]
    public override BackendQueue CreateQueue(Dialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        return new EmulatedQueue(new EpollPoller(_connectorRoom), dialect, _time);
    }
}
