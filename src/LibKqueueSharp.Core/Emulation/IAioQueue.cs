namespace LibKqueueSharp.Emulation;

/// <summary>The queue that an <see cref="AioJob"/> tells of its end: an emulated one, or a kernel's. Any thread may call any member.</summary>
internal interface IAioQueue
{
    /// <summary>Checks, registers and starts an operation.</summary>
    /// <returns>Why it was not started; nothing of it is held then.</returns>
    Errno Submit(AioJob job);

    /// <summary>Takes in what has ended; aio_error(2) has to tell it without a wait.</summary>
    void HarvestAio();

    /// <summary>An operation has ended, whatever the queue is by now.</summary>
    void AioEnded();

    /// <summary>An operation has ended on a thread that is in no call of the queue: its event becomes active.</summary>
    void PostAio(AioJob job);

    /// <summary>AIO-004: after the result was taken no event is handed out.</summary>
    void AioReturned(AioJob job);

    /// <summary>Also when the queue is gone: what it has begun can still be cancelled.</summary>
    /// <returns>False when the operation goes on.</returns>
    bool CancelAio(AioJob job);
}
