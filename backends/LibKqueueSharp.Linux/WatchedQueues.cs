using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>
/// The queues that a queue watches with EVFILT_READ (clauses NEST-001 to NEST-008). Guarded by the watching queue's lock; the
/// lock of a watched queue is taken inside it, and never the other way round: a circle is refused when it is made.
/// </summary>
internal sealed class WatchedQueues
{
    /// <summary>A count of activations that no queue has: the next event is new in any case.</summary>
    internal const long Unseen = -1;

    private readonly Dictionary<int, EmulatedQueue> _queues = [];

    /// <summary>How many activations the queue that was counted last has had, ever.</summary>
    internal long Activations { get; private set; }

    internal Errno Begin(int fd, EmulatedQueue inner)
    {
        Errno error = inner.Watch(begin: true);
        if (error == Errno.None)
            _queues[fd] = inner;
        return error;
    }

    internal void End(int fd)
    {
        if (_queues.Remove(fd, out EmulatedQueue? inner))
            inner.Watch(begin: false);
    }

    /// <summary>How many events a watched queue holds; false when it is closed.</summary>
    internal bool TryCount(int fd, out int count)
    {
        count = 0;
        if (!_queues.TryGetValue(fd, out EmulatedQueue? inner) || EpollQueues.Find(fd) != inner)
            return false;
        count = inner.CountQueued(out long activations);
        Activations = activations;
        return true;
    }
}
