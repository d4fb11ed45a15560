namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>A thread that waits in one call of kevent.</summary>
internal sealed class Waiter
{
    // Long enough for a thread to fall asleep, most of the time; no clause depends on it.
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(20);

    private readonly TestQueue _queue;
    private readonly WaitCancellation _cancellation = new();
    private readonly Thread _thread;
    private readonly TimeSpan _patience;
    private volatile CallResult? _result;
    private volatile Exception? _thrown;

    public Waiter(TestQueue queue, int room, KeventTimeout timeout, TimeSpan patience)
    {
        _queue = queue;
        _patience = patience;
        _thread = new(() => Run(room, timeout)) { IsBackground = true, Name = "waiter" };
        _thread.Start();
    }

    /// <summary>Gives threads time to fall asleep, or to wake up when they should not.</summary>
    public static void Moment() => Thread.Sleep(s_moment);

    /// <summary>What the call answered; it must return soon.</summary>
    public CallResult Result()
    {
        if (!_thread.Join(_patience))
            throw new ClauseFailedException("a thread was to return from kevent, and still waits there");
        return _thrown is null ? _result! : throw new ClauseFailedException($"kevent threw {_thrown}");
    }

    /// <summary>The call must return one event of an ident.</summary>
    public KEvent Expect(nuint ident)
    {
        KEvent e = Result().MustReturn(1)[0];
        return e.Ident == ident ? e : throw new ClauseFailedException($"a waiting thread was to get {ident}, and got {e}");
    }

    /// <summary>The call must go on waiting.</summary>
    public void ExpectWaiting()
    {
        Moment();
        if (_result is { } result)
            throw new ClauseFailedException($"a thread was to go on waiting in kevent, and got {result}");
    }

    /// <summary>Makes the call return without an event.</summary>
    public void Cancel() => _queue.Interrupt(_cancellation);

    /// <summary>Whether the thread has left the call.</summary>
    public bool HasReturned => _thread.Join(TimeSpan.Zero);

    private void Run(int room, KeventTimeout timeout)
    {
        try
        {
            CallResult result;
            do
                result = _queue.CallOnce([], room, timeout, _cancellation);
            while (result is { Count: < 0, Error: Errno.EINTR });
            _result = result;
        }
        catch (Exception e)
        {
            _thrown = e;
        }
    }
}
