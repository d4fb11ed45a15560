using System.Collections.Concurrent;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>
/// The queues of this process by the number of their descriptor, so that one can be recognised when another
/// queue is told to watch it. Thread-safe; a queue enters before its number is known to anybody and leaves before the
/// number can be reused.
/// </summary>
internal static class EpollQueues
{
    private static readonly ConcurrentDictionary<int, EmulatedQueue> s_queues = new();

    internal static EmulatedQueue? Find(int fd) => s_queues.TryGetValue(fd, out EmulatedQueue? queue) ? queue : null;

    internal static void Add(int fd, EmulatedQueue queue) => s_queues[fd] = queue;

    internal static void Remove(int fd) => s_queues.TryRemove(fd, out _);
}
