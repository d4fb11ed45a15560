namespace LibKqueueSharp.Emulation;

/// <summary>kqueue_close: every thread inside returns with EBADF, and the poller goes with the last of them.</summary>
internal sealed partial class EmulatedQueue
{
    private const int ClosedBit = 1 << 30;

    /// <summary>
    /// Threads inside, plus <see cref="ClosedBit"/> once closed. Changed by interlocked operations only. Who brings it to
    /// exactly ClosedBit is the last one and disposes of the poller: nobody can use its descriptors any more, so their
    /// numbers may be reused.
    /// </summary>
    private int _inside;

    /// <summary>A late caller may bring <see cref="_inside"/> there once more; only the first disposes. Interlocked.</summary>
    private bool _pollerDisposed;

    protected override void Dispose(bool disposing)
    {
        if (!TryEnter())
            return;
        if ((Interlocked.Or(ref _inside, ClosedBit) & ClosedBit) == 0)
        {
            SwitchPoint.Here();
            lock (_gate)
            {
                DiscardAll();
                _closed = true;
                _poller.WakeAll();
            }
        }

        Exit();
    }

    /// <summary>
    /// This is a child of fork(2), where the parent's threads do not exist: closes the copies of the descriptors and leaves what they stand
    /// for alone, since the parent uses it. Called by the only thread of the process.
    /// </summary>
    internal void AbandonInChild()
    {
        (_inside, _closed, _pollerDisposed) = (ClosedBit, true, true);
        _poller.AbandonInChild();
    }

    /// <summary>
    /// The poller's descriptors are not its own any more: the queue is closed, and none of them is used or closed. Who sleeps in the poller is not woken.
    /// </summary>
    internal void AbandonLost()
    {
        Interlocked.Or(ref _inside, ClosedBit);
        Interlocked.Exchange(ref _pollerDisposed, true);
        GC.SuppressFinalize(_poller);
        lock (_gate)
            _closed = true;
    }

    private void DiscardAll()
    {
        int bucket = 0;
        while (Table.Any(ref bucket) is { } kn)
            Discard(kn);
        foreach (Filter? filter in _filters)
            filter?.DiscardAll();
    }

    /// <summary>Keeps the poller until <see cref="Exit"/>; false when the queue is closed.</summary>
    internal bool TryEnter()
    {
        SwitchPoint.Here();
        if ((Interlocked.Increment(ref _inside) & ClosedBit) == 0)
            return true;
        Exit();
        return false;
    }

    internal void Exit()
    {
        SwitchPoint.Here();
        if (Interlocked.Decrement(ref _inside) == ClosedBit && !Interlocked.Exchange(ref _pollerDisposed, true))
            _poller.Dispose();
    }
}
