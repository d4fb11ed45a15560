namespace LibKqueueSharp.Kernels;

/// <summary>
/// Ending waits: of one call (<see cref="Interrupt"/>) and of all (<see cref="BackendQueue.Dispose()"/>, KQ-CLOSE-003). A kernel tells an event to
/// any one of its waiters. So a thread that takes the wake-up and is not meant, or is not the only one, triggers it again.
/// </summary>
internal sealed partial class BsdQueue
{
    private const int ClosedBit = 1 << 30;

    private readonly Lock _gate = new();

    /// <summary>
    /// Threads inside, plus <see cref="ClosedBit"/> once closed. Changed by interlocked operations only. Who brings it to exactly
    /// ClosedBit is the last one and closes the descriptor: nobody can use its number any more.
    /// </summary>
    private int _inside;

    /// <summary>Calls that were interrupted and have not returned. Written under <see cref="_gate"/>; read without it, where a stale value costs a second wake-up.</summary>
    private int _interrupted;

    private bool IsClosed => (Volatile.Read(ref _inside) & ClosedBit) != 0;

    /// <inheritdoc/>
    public override void Interrupt(WaitCancellation cancellation)
    {
        ArgumentNullException.ThrowIfNull(cancellation);
        if (!TryEnter())
        {
            Leave();
            return;
        }

        bool waits;
        lock (_gate)
        {
            waits = cancellation.Request() && cancellation.IsSleeping;
            if (waits)
            {
                cancellation.IsCounted = true;
                _interrupted++;
            }
        }

        if (waits)
            _waker.Wake();
        Exit();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Inside before the bit is set, so that the descriptor is open for the wake-up. Who enters later sees the bit; who is inside
        // sees it when it is woken.
        if (TryEnter() && (Interlocked.Or(ref _inside, ClosedBit) & ClosedBit) == 0)
            Exit();
        else
            Leave();
    }

    /// <summary>Wakes one waiter, as if another were meant.</summary>
    internal void WakeOne() => _waker.Wake();

    private int CallInterruptible(
        ReadOnlySpan<KEvent> changes,
        Span<KEvent> events,
        KeventTimeout timeout,
        WaitCancellation cancellation,
        out Errno error)
    {
        lock (_gate)
        {
            // Requested before: the call takes what is there. Requested after: IsSleeping tells Interrupt to wake it.
            if (cancellation.IsRequested)
                timeout = KeventTimeout.Zero;
            cancellation.IsSleeping = true;
        }

        int count = CallUntilAnswered(changes, events, timeout, cancellation, out error);
        bool others;
        lock (_gate)
        {
            cancellation.IsSleeping = false;
            if (cancellation.IsCounted)
                _interrupted--;
            cancellation.IsCounted = false;
            others = _interrupted > 0;
        }

        if (others)
            _waker.Wake();
        return count;
    }

    // Backs off, so that the thread that is meant gets its turn: after some tries by sleeping for a millisecond.
    private void PassOn(ref SpinWait spin)
    {
        if (Volatile.Read(ref _interrupted) == 0)
            return;
        _waker.Wake();
        spin.SpinOnce();
    }

    /// <summary>Keeps the descriptor open until <see cref="Exit"/>. When it is false, <see cref="Leave"/> follows.</summary>
    private bool TryEnter() => (Interlocked.Increment(ref _inside) & ClosedBit) == 0;

    /// <summary>
    /// Leaves; in a closed queue it wakes the next. A thread that overlooks the bit has not taken the wake-up, which comes after the bit:
    /// whoever took it passes it on.
    /// </summary>
    /// <returns>False when the queue is closed.</returns>
    private bool Exit()
    {
        int inside = Volatile.Read(ref _inside);
        bool closed = (inside & ClosedBit) != 0;
        if (closed && (inside & ~ClosedBit) > 1 && !_handle.IsClosed)
            _waker.Wake();
        Leave();
        return !closed;
    }

    // A late caller may bring it to ClosedBit once more: disposing twice does nothing.
    private void Leave()
    {
        if (Interlocked.Decrement(ref _inside) != ClosedBit)
            return;
        _waker.Dispose();
        _handle.Dispose();
        _translator.Operations?.Closed();
    }
}
