using System.Diagnostics.CodeAnalysis;

namespace LibKqueueSharp.Linux;

/// <summary>
/// The queues that a queue watches with EVFILT_READ (clauses NEST-001 to NEST-008). Guarded by the watching queue's lock; the
/// lock of a watched queue is taken inside it, and never the other way round: a circle is refused when it is made, before that.
/// </summary>
internal sealed class WatchedQueues(EpollPoller watcher)
{
    /// <summary>A count of activations that no queue has: the next event is new in any case.</summary>
    internal const long Unseen = -1;

    private readonly Dictionary<int, EpollPoller> _queues = [];

    /// <summary>How many activations the queue that was counted last has had, ever.</summary>
    internal long Activations { get; private set; }

    internal void Add(int fd, EpollPoller inner)
    {
        _queues[fd] = inner;
        inner.Watchers.Add(watcher, fd);
    }

    internal void Remove(int fd)
    {
        if (_queues.Remove(fd, out EpollPoller? inner))
            inner.Watchers.Remove(watcher, fd);
    }

    internal Errno Begin(int fd) => _queues[fd].Queue.Watch(begin: true);

    internal void End(int fd)
    {
        if (_queues.TryGetValue(fd, out EpollPoller? inner))
            inner.Queue.Watch(begin: false);
        Remove(fd);
    }

    /// <summary>
    /// The watched queue, if the number still stands for it. It keeps its descriptors until <see cref="Emulation.EmulatedQueue.Exit"/>.
    /// </summary>
    internal bool TryEnter(int fd, [NotNullWhen(true)] out EpollPoller? inner)
    {
        if (!_queues.TryGetValue(fd, out inner) || EpollQueues.Find(fd) != inner || !inner.Queue.TryEnter())
            return false;
        if (inner.IsShownAs(fd))
            return true;
        inner.Queue.Exit();
        return false;
    }

    internal bool Stands(int fd)
    {
        if (!TryEnter(fd, out EpollPoller? inner))
            return false;
        inner.Queue.Exit();
        return true;
    }

    /// <summary>How many events a watched queue holds; false when it is closed.</summary>
    internal bool TryCount(int fd, out int count)
    {
        count = 0;
        if (!Stands(fd))
            return false;
        count = _queues[fd].Queue.CountQueued(out long activations);
        Activations = activations;
        return true;
    }
}
