namespace LibKqueueSharp;

/// <summary>
/// Waits on a queue for those who await it: one background thread, started by the first wait, serves one wait after
/// another and ends when this is disposed of.
/// </summary>
/// <param name="queue">The queue; whoever owns it disposes of it before this.</param>
internal sealed class AsyncWaiter(BackendQueue queue) : IDisposable
{
    internal const string ThreadName = "LibKqueueSharp wait";

    private readonly object _gate = new();
    private readonly LinkedList<AsyncWait> _pending = new();
    private Thread? _thread;
    private bool _disposed;

    /// <summary>Queues a wait. Its task completes when events were taken.</summary>
    /// <param name="events">Where the events go.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async ValueTask<int> WaitAsync(Memory<KEvent> events, CancellationToken cancellationToken)
    {
        AsyncWait wait = new(events, cancellationToken);
        Enqueue(wait);
        using (cancellationToken.UnsafeRegister(
            static state =>
            {
                var (waiter, wait) = ((AsyncWaiter, AsyncWait))state!;
                waiter.Cancel(wait);
            },
            (this, wait)))
        {
            return await wait.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Fails all waits that are not being served, and lets the thread end.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (AsyncWait wait in _pending)
                wait.FailDisposed();
            _pending.Clear();
            Monitor.Pulse(_gate);
        }
    }

    private void Enqueue(AsyncWait wait)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(Kqueue));
            _pending.AddLast(wait);
            Monitor.Pulse(_gate);
            if (_thread is null)
            {
                _thread = new Thread(Serve) { IsBackground = true, Name = ThreadName };
                _thread.UnsafeStart();
            }
        }
    }

    private void Cancel(AsyncWait wait)
    {
        bool notYetServed;
        lock (_gate)
            notYetServed = _pending.Remove(wait);
        if (notYetServed)
            wait.Cancel();
        else
            queue.Interrupt(wait.Cancellation);
    }

    private void Serve()
    {
        while (Next() is { } wait)
            wait.Run(queue);
    }

    private AsyncWait? Next()
    {
        lock (_gate)
        {
            while (_pending.First is null && !_disposed)
                Monitor.Wait(_gate);
            if (_pending.First is not { } first)
                return null;
            _pending.RemoveFirst();
            return first.Value;
        }
    }
}
