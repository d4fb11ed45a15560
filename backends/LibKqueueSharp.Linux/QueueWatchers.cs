namespace LibKqueueSharp.Linux;

/// <summary>
/// Who watches a queue, so that its watchers can register its new epoll set when it has replaced the old one. Weak, so that a
/// watcher that nobody disposes of is collected. Thread-safe by a lock of its own, inside which no other is taken.
/// </summary>
internal sealed class QueueWatchers
{
    private readonly Lock _gate = new();

    // Written under _gate. An entry goes before its watcher is disposed of, so the watcher's descriptors are good while the lock is held.
    private readonly List<Entry> _entries = [];

    internal void Add(EpollPoller watcher, int fd)
    {
        lock (_gate)
        {
            _entries.RemoveAll(e => !e.Watcher.TryGetTarget(out _));
            _entries.Add(new Entry(new WeakReference<EpollPoller>(watcher), fd));
        }
    }

    internal void Remove(EpollPoller watcher, int fd)
    {
        lock (_gate)
            _entries.RemoveAll(e => !e.Watcher.TryGetTarget(out EpollPoller? target) || (target == watcher && e.Descriptor == fd));
    }

    internal void SetWasReplaced()
    {
        lock (_gate)
        {
            foreach (Entry entry in _entries)
            {
                if (entry.Watcher.TryGetTarget(out EpollPoller? watcher))
                    watcher.WatchedSetWasReplaced(entry.Descriptor);
            }
        }
    }

    private readonly record struct Entry(WeakReference<EpollPoller> Watcher, int Descriptor);
}
