namespace LibKqueueSharp.Linux.Signals;

/// <summary>
/// A signal, and the filters of all queues that have a knote for it. A filter is held weakly: a queue that nobody disposed of is collected, and its
/// place goes with the next delivery.
/// </summary>
internal sealed class SignalWatch
{
    private static readonly SignalWatch?[] s_all = new SignalWatch?[SignalNumbers.Count];

    private readonly Lock _gate = new();
    private readonly int _signal;
    private readonly HandledSignal _handled;

    /// <summary>Replaced as a whole under <c>_gate</c>; a delivery reads it without.</summary>
    private volatile WeakReference<SignalFilter>[] _filters = [];

    private SignalWatch(int signal)
    {
        _signal = signal;
        _handled = new HandledSignal(signal, Deliver);
    }

    internal static SignalWatch Of(int signal)
    {
        if (Volatile.Read(ref s_all[signal]) is { } known)
            return known;
        SignalWatch fresh = new(signal);
        return Interlocked.CompareExchange(ref s_all[signal], fresh, null) ?? fresh;
    }

    /// <summary>Called with the lock of the filter's queue held, which is taken first; so no queue is called under <c>_gate</c>.</summary>
    internal Errno Add(WeakReference<SignalFilter> filter)
    {
        lock (_gate)
        {
            Errno error = _handled.Install();
            if (error == Errno.None)
                _filters = [.. _filters, filter];
            else if (_filters.Length == 0)
                _handled.Dispose();
            return error;
        }
    }

    /// <summary>The program may have installed a handler of its own since.</summary>
    internal Errno Refresh()
    {
        lock (_gate)
            return _handled.Install();
    }

    internal void Remove(WeakReference<SignalFilter> filter)
    {
        lock (_gate)
        {
            if (_filters.Length == 0)
                return;
            _filters = [.. _filters.Where(f => f != filter)];
            if (_filters.Length == 0)
                _handled.Dispose();
        }
    }

    private void Deliver()
    {
        foreach (WeakReference<SignalFilter> entry in _filters)
        {
            if (entry.TryGetTarget(out SignalFilter? filter))
                filter.Deliver(_signal);
            else
                Remove(entry);
        }
    }
}
