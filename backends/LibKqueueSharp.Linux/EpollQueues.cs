using System.Collections.Concurrent;

namespace LibKqueueSharp.Linux;

/// <summary>
/// The queues of this process by the number of their descriptor, so that one can be recognised when another
/// queue is told to watch it. Thread-safe; a queue enters before its number is known to anybody and leaves before the
/// number can be reused. Weak, so that a queue that nobody disposes of is collected.
/// </summary>
internal static class EpollQueues
{
    private static readonly ConcurrentDictionary<int, WeakReference<EpollPoller>> s_queues = new();

    /// <summary>The queue that a number stands for. The entry alone does not tell where a program may close the number by itself: it is anything then.</summary>
    internal static EpollPoller? Find(int fd) => Named(fd) is { } queue && queue.StandsAt(fd) ? queue : null;

    /// <summary>The queue that has the number, or had it.</summary>
    internal static EpollPoller? Named(int fd) =>
        s_queues.TryGetValue(fd, out WeakReference<EpollPoller>? entry) && entry.TryGetTarget(out EpollPoller? queue) ? queue : null;

    /// <returns>The entry, for <see cref="Remove"/>.</returns>
    internal static WeakReference<EpollPoller> Add(int fd, EpollPoller queue) => s_queues[fd] = new WeakReference<EpollPoller>(queue);

    /// <summary>Removes an entry, and none that a later queue has made for the same number.</summary>
    internal static void Remove(int fd, WeakReference<EpollPoller> entry) => s_queues.TryRemove(new(fd, entry));
}
