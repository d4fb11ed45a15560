namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>What a clause watches.</summary>
internal sealed partial class ClauseTest
{
    public (Descriptor Reader, Descriptor Writer) Pipe()
    {
        Must("pipe()", Host.Descriptors.Pipe(out long reader, out long writer));
        return (new(this, reader), new(this, writer));
    }

    /// <summary>A pipe with so many bytes in it.</summary>
    public (Descriptor Reader, Descriptor Writer) Pipe(int bytes)
    {
        (Descriptor reader, Descriptor writer) = Pipe();
        writer.Write(bytes);
        return (reader, writer);
    }

    /// <summary>Two connected UNIX sockets.</summary>
    public (Descriptor One, Descriptor Other) SocketPair(bool datagram = false)
    {
        Must("socketpair()", Host.Sockets.Pair(datagram, out long one, out long other));
        return (new(this, one), new(this, other));
    }
}
