using System.IO.Pipes;

namespace LibKqueueSharp.Kernels;

/// <summary>By a byte in a pipe, for kernels without user events (OpenBSD before 7.8): two descriptors a queue.</summary>
internal sealed class PipeWaker : Waker
{
    private readonly Lock _gate = new();
    private readonly AnonymousPipeServerStream _reader;
    private readonly AnonymousPipeClientStream _writer;
    private readonly nuint _ident;

    /// <summary>
    /// A byte is in the pipe; written under <see cref="_gate"/>. One is enough: it wakes every waiter until it is taken, and who takes it
    /// looks afterwards at what others asked for before they found it there.
    /// </summary>
    private bool _pending;

    internal PipeWaker(Translator translator)
    {
        try
        {
            _reader = new(PipeDirection.In);
        }
        catch (IOException e)
        {
            throw new KqueueException(Errno.EMFILE, "the pipe of the wake-up", e.Message);
        }

        _writer = new(PipeDirection.Out, _reader.ClientSafePipeHandle);
        _ident = (nuint)_reader.SafePipeHandle.DangerousGetHandle();
        Registration = translator.ToSystem(new(_ident, EventFilter.Read, EventFlags.Add));
    }

    /// <inheritdoc/>
    internal override RawEvent Registration { get; }

    /// <inheritdoc/>
    internal override int DescriptorCount => 2;

    /// <inheritdoc/>
    internal override bool Is(in KEvent e) => e.Filter == EventFilter.Read && e.Ident == _ident && !e.IsRecord;

    /// <inheritdoc/>
    internal override void Taken()
    {
        lock (_gate)
        {
            if (_pending)
                _reader.ReadByte();
            _pending = false;
        }
    }

    /// <inheritdoc/>
    internal override void Wake()
    {
        lock (_gate)
        {
            if (!_pending)
                _writer.WriteByte(0);
            _pending = true;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _writer.Dispose();
        _reader.Dispose();
    }
}
