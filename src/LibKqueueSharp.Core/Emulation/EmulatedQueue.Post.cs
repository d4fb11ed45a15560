namespace LibKqueueSharp.Emulation;

/// <summary>KNOTE() from outside: a thread that is in no call of the queue tells a filter that something has happened.</summary>
internal sealed partial class EmulatedQueue
{
    /// <summary>Calls <see cref="Filter.Posted"/> with the lock held, and wakes a sleeper. Called without the lock, by any thread.</summary>
    internal void Post(Filter filter, nint what)
    {
        if (!TryEnter())
            return;
        try
        {
            bool wake;
            lock (_gate)
            {
                if (_closed)
                    return;
                filter.Posted(what);
                UpdateExport();
                wake = NeedsWake();
            }

            if (wake)
                _poller.Wake();
        }
        finally
        {
            Exit();
        }
    }
}
