namespace LibKqueueSharp.Kernels;

/// <summary>Asynchronous operations: by the kernel, or by a thread of ours (<see cref="AioSupport"/>).</summary>
internal sealed partial class BsdQueue
{
    private readonly AioSupport _support;

    /// <summary>The queue's number, which is the queue's while a thread is inside.</summary>
    internal int Number => _kq;

    /// <inheritdoc/>
    public override BackendAio? SubmitAio(in AioControl control, out Errno error)
    {
        if (!TryEnterForAio(out error))
            return null;
        try
        {
            return Operations.Submit(control, out error);
        }
        finally
        {
            Exit();
        }
    }

    /// <inheritdoc/>
    public override BackendAioList? SubmitAioList(ReadOnlySpan<AioControl> controls, nint udata, out Errno error)
    {
        if (!TryEnterForAio(out error))
            return null;
        try
        {
            return Operations.SubmitList(controls, udata, out error);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>One change of the queue's own. Any thread may call it at any time.</summary>
    internal Errno Apply(in RawEvent change)
    {
        if (!TryEnter())
        {
            Leave();
            return Errno.EBADF;
        }

        Span<byte> buffer = stackalloc byte[EventBuffer.SizeOf(EventLayout.WithExtension)];
        EventBuffer.Write(_abi.Layout, buffer, 0, change);
        int count = _library.Kevent(_kq, buffer, 1, [], 0, KeventTimeout.Zero, out int number);
        Exit();
        return count < 0 ? _abi.Errors.FromSystem(number) : Errno.None;
    }

    private AioOperations Operations => _translator.Operations ?? _translator.UseOperations(_support.For(this));

    private bool TryEnterForAio(out Errno error)
    {
        error = Errno.EBADF;
        if (!TryEnter())
        {
            Leave();
            return false;
        }

        error = Errno.ENOTSUP;
        if (_support.IsServed(_traits))
            return true;
        Exit();
        return false;
    }
}
