using System.Runtime.CompilerServices;

namespace LibKqueueSharp;

/// <content>Waits that do not hold a thread of the caller's.</content>
public sealed partial class Kqueue
{
    /// <summary>Takes events, waiting for the first without holding a thread of the caller's.</summary>
    /// <remarks>
    /// When something is ready, the call completes at once, on the caller's thread and without allocating. Otherwise
    /// the queue's background thread, named "LibKqueueSharp wait", does the waiting: there is one a queue, started by
    /// the first such wait, and it ends when the queue is disposed of. Several waits at one time are served in their
    /// order. Continuations run on the thread pool.
    /// </remarks>
    /// <param name="events">Room for events. It belongs to the queue until the wait has completed.</param>
    /// <param name="cancellationToken">Ends the wait; events that were taken are returned, not dropped.</param>
    /// <returns>The number of events written: at least 1, unless there is no room.</returns>
    /// <exception cref="ObjectDisposedException">The queue is disposed of, before the call or during the wait.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled and no event was taken.</exception>
    public ValueTask<int> WaitAsync(Memory<KEvent> events, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        int count = Kevent([], events.Span, KeventTimeout.Zero, null, out Errno error);
        if (error != Errno.None)
            return ValueTask.FromException<int>(Failed(error));
        return count > 0 || events.IsEmpty ? new(count) : _waiter.WaitAsync(events, cancellationToken);
    }

    /// <summary>
    /// Hands out events one by one, for <c>await foreach</c>, until it is cancelled or the queue is disposed of.
    /// </summary>
    /// <remarks>
    /// Each step takes one event from the queue. So none is lost when the loop is left, and none of a registration is
    /// handed out after the loop has deleted it. For batches use <see cref="WaitAsync"/>.
    /// </remarks>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <exception cref="ObjectDisposedException">The queue is disposed of.</exception>
    /// <exception cref="OperationCanceledException">The enumeration was cancelled.</exception>
    public async IAsyncEnumerable<KEvent> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        KEvent[] taken = new KEvent[1];
        while (true)
        {
            await WaitAsync(taken, cancellationToken).ConfigureAwait(false);
            yield return taken[0];
        }
    }
}
