namespace LibKqueueSharp;

/// <summary>One awaited wait. Exactly one of its methods completes the task; continuations run on the thread pool.</summary>
/// <param name="events">Where the events go; touched by <see cref="Run"/> only.</param>
/// <param name="cancellationToken">What the caller may cancel.</param>
internal sealed class AsyncWait(Memory<KEvent> events, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<int> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends the call that <see cref="Run"/> makes.</summary>
    internal WaitCancellation Cancellation { get; } = new();

    /// <summary>The number of events taken.</summary>
    internal Task<int> Task => _completion.Task;

    /// <summary>Waits on the calling thread, and completes the task with what came.</summary>
    /// <param name="queue">The queue to wait on.</param>
    internal void Run(BackendQueue queue)
    {
        try
        {
            int count;
            Errno error;
            do
            {
                count = queue.Kevent([], events.Span, KeventTimeout.Infinite, Cancellation, out error);
            }
            while (error == Errno.EINTR || (error == Errno.None && count == 0 && !Cancellation.IsRequested));

            if (error == Errno.EBADF)
                FailDisposed();
            else if (error != Errno.None)
                _completion.SetException(new KqueueException(error, "kevent", queue.Describe(error)));
            else if (count == 0)
                Cancel();
            else
                _completion.SetResult(count);
        }
        catch (Exception exception)
        {
            _completion.SetException(exception);
        }
    }

    /// <summary>Completes the task as cancelled.</summary>
    internal void Cancel() => _completion.SetCanceled(cancellationToken);

    /// <summary>Completes the task for a queue that was disposed of.</summary>
    internal void FailDisposed() => _completion.SetException(new ObjectDisposedException(nameof(Kqueue)));
}
