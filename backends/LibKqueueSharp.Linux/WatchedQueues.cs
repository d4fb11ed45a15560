using System.Diagnostics.CodeAnalysis;

namespace LibKqueueSharp.Linux;

/// <summary>
/// The queues that a queue watches with EVFILT_READ (clauses NEST-001 to NEST-008). The lock of a watched queue is taken inside that of
/// the watching one, and never the other way round: a circle is refused when it is made. epoll alone cannot tell: while the set of a
/// watched queue is being replaced, it knows nothing of the watch.
/// </summary>
internal sealed class WatchedQueues(EpollPoller watcher)
{
    /// <summary>A count of activations that no queue has: the next event is new in any case.</summary>
    internal const long Unseen = -1;

    // Who watches whom, of all queues. Innermost: no other lock is taken inside it.
    private static readonly Lock s_graph = new();

    // Changed under the watching queue's lock and s_graph together, read under either.
    private readonly Dictionary<int, EpollPoller> _queues = [];

    /// <summary>How many activations the queue that was counted last has had, ever.</summary>
    internal long Activations { get; private set; }

    /// <returns>EINVAL when the queues would watch each other in a circle.</returns>
    internal Errno Add(int fd, EpollPoller inner)
    {
        lock (s_graph)
        {
            if (inner.Queues.Reaches(watcher))
                return Errno.EINVAL;
            _queues[fd] = inner;
        }

        inner.Watchers.Add(watcher, fd);
        return Errno.None;
    }

    internal void Remove(int fd)
    {
        EpollPoller? inner;
        lock (s_graph)
        {
            if (!_queues.Remove(fd, out inner))
                return;
        }

        inner.Watchers.Remove(watcher, fd);
    }

    // epoll refuses chains of more than five, which bounds the depth.
    private bool Reaches(EpollPoller sought)
    {
        foreach (EpollPoller inner in _queues.Values)
        {
            if (inner == sought || inner.Queues.Reaches(sought))
                return true;
        }

        return false;
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
        if (!_queues.TryGetValue(fd, out inner) || EpollQueues.Named(fd) != inner || !inner.Queue.TryEnter())
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
