namespace LibKqueueSharp.Linux.Signals;

/// <summary>
/// A signal, and the filters of all queues that have a knote for it. A filter is held weakly: a queue that nobody disposed of is collected, and its
/// place goes with the next delivery, or when another comes or goes.
/// </summary>
internal sealed class SignalWatch
{
    private static readonly SignalWatch?[] s_all = new SignalWatch?[SignalNumbers.Count];

    private readonly Lock _gate = new();
    private readonly int _signal;
    private readonly HandledSignal _handled;

    /// <summary>Replaced as a whole under <c>_gate</c>; a delivery reads it without.</summary>
    private volatile WeakReference<SignalFilter>[] _filters = [];

    /// <summary>
    /// What was taken and would be pending without us: one of a standard signal, the first of a real-time signal. Guarded by <c>_gate</c>.
    /// </summary>
    private readonly List<SignalInfo> _taken = [];

    private SignalWatch(int signal)
    {
        _signal = signal;
        _handled = new HandledSignal(signal, () => Tell(_filters, 1));
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
                _filters = [.. LivingOthers(filter), filter];
            else if (_filters.Length == 0)
                LetGo();
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
            _filters = [.. LivingOthers(filter)];
            if (_filters.Length == 0)
                LetGo();
        }
    }

    /// <summary>
    /// Whether a signalfd may take the signal: no thread lets it in, and neither a handler nor a signalfd of the program's waits for it. SIGCHLD that is
    /// ignored is not recorded (SIG-004).
    /// </summary>
    internal bool IsForTheTaking()
    {
        if (SignalMasks.EveryThreadBlocks(_signal) != true || SignalMasks.AnotherSignalFdReads(_signal))
            return false;
        lock (_gate)
            return !_handled.HasHandlerOfTheProgram();
    }

    /// <summary>
    /// Takes what is pending, for every filter, unless a thread lets it in by now. Called with the lock of one filter's queue held; the others
    /// are told on a thread of the pool, so that no queue is locked under another's lock.
    /// </summary>
    /// <remarks>
    /// The masks take longer to read than a signal to come. What is taken was pending before the first look, so that a thread which began to wait
    /// for it during the look has got it; and what was sent to such a thread after that look is given back when the second one finds the thread.
    /// </remarks>
    /// <returns>How often the signal was pending, which the caller counts for its own filter.</returns>
    internal int Take(SignalFd opened, WeakReference<SignalFilter> own)
    {
        List<SignalInfo> taken = [];
        WeakReference<SignalFilter>[] others;
        lock (_gate)
        {
            if (!opened.IsReadable() || IsLetIn)
                return 0;
            while (opened.TryTake(out SignalInfo info))
                taken.Add(info);
            if (taken.Count != 0 && IsLetIn)
            {
                SendAgain(taken);
                return 0;
            }

            _taken.AddRange(taken.Take(SignalNumbers.MostPending(_signal) - _taken.Count));
            others = [.. LivingOthers(own)];
        }

        if (taken.Count != 0 && others.Length != 0)
            ThreadPool.UnsafeQueueUserWorkItem(_ => Tell(others, taken.Count), null);
        return taken.Count;
    }

    /// <summary>A thread lets the signal in. When that cannot be told, none does: it was so when the signalfd was opened.</summary>
    private bool IsLetIn => SignalMasks.EveryThreadBlocks(_signal) == false;

    /// <summary>The last filter has gone: what was taken is pending again (SIG-006), and has its effect if a thread lets it in by now.</summary>
    private void LetGo()
    {
        _handled.Dispose();
        SendAgain(_taken);
        _taken.Clear();
    }

    private static void SendAgain(List<SignalInfo> taken)
    {
        foreach (SignalInfo info in taken)
            info.SendAgain();
    }

    private IEnumerable<WeakReference<SignalFilter>> LivingOthers(WeakReference<SignalFilter> filter) =>
        _filters.Where(f => f != filter && f.TryGetTarget(out _));

    /// <summary>Called without a lock.</summary>
    private void Tell(WeakReference<SignalFilter>[] filters, int deliveries)
    {
        foreach (WeakReference<SignalFilter> entry in filters)
        {
            if (entry.TryGetTarget(out SignalFilter? filter))
                filter.Deliver(_signal, deliveries);
            else
                Remove(entry);
        }
    }
}
