using System.IO.Pipes;

namespace LibKqueueSharp.Kernels;

/// <summary>A byte in a pipe, by which a thread is woken. Any thread may call any member while it is open.</summary>
internal sealed class WakePipe : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AnonymousPipeServerStream _reader;
    private readonly AnonymousPipeClientStream _writer;

    /// <summary>
    /// A byte is in the pipe; written under <see cref="_gate"/>. One is enough: it wakes everybody until it is taken, and who takes it
    /// looks afterwards at what others asked for before they found it there.
    /// </summary>
    private bool _pending;

    /// <exception cref="KqueueException">EMFILE: it cannot be made.</exception>
    internal WakePipe()
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
        Reader = (int)_reader.SafePipeHandle.DangerousGetHandle();
    }

    /// <summary>The descriptor that becomes readable.</summary>
    internal int Reader { get; }

    /// <summary>The byte was seen.</summary>
    internal void Taken()
    {
        lock (_gate)
        {
            if (_pending)
                _reader.ReadByte();
            _pending = false;
        }
    }

    /// <summary>Makes the descriptor readable.</summary>
    internal void Wake()
    {
        lock (_gate)
        {
            if (!_pending)
                _writer.WriteByte(0);
            _pending = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _reader.Dispose();
    }
}
