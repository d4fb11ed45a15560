using System.Collections.Concurrent;

namespace LibKqueueSharp;

/// <summary>The queues of <see cref="Bsd"/> by their descriptor numbers. Any thread may call any member.</summary>
internal sealed class DescriptorTable
{
    private readonly ConcurrentDictionary<int, BackendQueue> _queues = new();

    /// <summary>Takes a queue in.</summary>
    /// <param name="queue">The queue; the table owns it, and disposes of it when this fails.</param>
    /// <returns>The number of its descriptor.</returns>
    /// <exception cref="KqueueException">There is no descriptor left for it.</exception>
    internal int Add(BackendQueue queue)
    {
        int number;
        try
        {
            number = (int)queue.Descriptor.DangerousGetHandle();
        }
        catch
        {
            queue.Dispose();
            throw;
        }

        _queues.AddOrUpdate(
            number,
            static (_, added) => added,
            static (_, stale, added) =>
            {
                Abandon(stale);
                return added;
            },
            queue);
        return number;
    }

    /// <summary>Finds a queue.</summary>
    /// <param name="number">The number of its descriptor.</param>
    internal BackendQueue? Find(int number) => _queues.GetValueOrDefault(number);

    /// <summary>Gives a queue up.</summary>
    /// <param name="number">The number of its descriptor.</param>
    /// <returns>The queue, now the caller's to dispose of; null when there is none.</returns>
    internal BackendQueue? Remove(int number) => _queues.TryRemove(number, out BackendQueue? queue) ? queue : null;

    // The number was closed behind the table's back and is the new queue's now. The stale handle must not close it.
    private static void Abandon(BackendQueue stale)
    {
        stale.Descriptor.SetHandleAsInvalid();
        stale.Dispose();
    }
}
