using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>What a clause watches.</summary>
internal sealed partial class ClauseTest
{
    private const int Backlog = 16;

    private int _names;

    /// <summary>poll(2), fstat(2) and the like on the descriptor of a queue; without them the clause is not applicable.</summary>
    public IQueueDescriptorCalls QueueDescriptors =>
        Host.QueueDescriptors ?? throw new ClauseNotApplicableException("this system has no calls on the descriptor of a queue");

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

    /// <summary>Two connected TCP sockets.</summary>
    public (Descriptor Client, Descriptor Server) TcpPair()
    {
        Descriptor listener = Listener();
        Descriptor client = ConnectTo(listener);
        Descriptor server = listener.Accept();
        listener.Close();
        return (client, server);
    }

    /// <summary>A TCP socket without a connection.</summary>
    public Descriptor Tcp() => New("socket(tcp)", Host.Sockets.Tcp());

    /// <summary>A UDP socket bound to a free port.</summary>
    public Descriptor Udp() => New("socket(udp)", Host.Sockets.Udp());

    /// <summary>A TCP socket that listens on a free port.</summary>
    public Descriptor Listener(int backlog = Backlog) => New($"listen({backlog})", Host.Sockets.Listen(backlog));

    /// <summary>A new TCP socket, connected to a listening one.</summary>
    public Descriptor ConnectTo(Descriptor listener)
    {
        Descriptor client = Tcp();
        HostAnswer answer = client.Connect(listener.Port);
        Check(answer.Succeeded || answer.Error == "EINPROGRESS", $"connect failed: {answer.Error}");
        Settle();
        return client;
    }

    /// <summary>A port on which nobody listens.</summary>
    public int ClosedPort()
    {
        Descriptor listener = Listener();
        int port = listener.Port;
        listener.Close();
        return port;
    }

    /// <summary>A UNIX stream socket without a connection.</summary>
    public Descriptor Unix() => New("socket(unix)", Host.Sockets.Unix());

    /// <summary>A UNIX stream socket that listens, and its path.</summary>
    public (Descriptor Listener, string Path) UnixListener(int backlog = Backlog)
    {
        string path = NewPath();
        return (New($"listen({path})", Host.Sockets.ListenUnix(path, backlog)), path);
    }

    /// <summary>A new UNIX stream socket, connected.</summary>
    public Descriptor ConnectUnix(string path) => New($"connect({path})", Host.Sockets.ConnectUnix(path));

    /// <summary>A path in a fresh folder, where nothing is yet.</summary>
    public string NewPath() => $"/t/{++_names}";

    /// <summary>A new file of so many bytes; the result is its path.</summary>
    public string NewFile(int bytes)
    {
        string path = NewPath();
        Must($"make({path}, {bytes})", Host.Files.Make(path, bytes));
        return path;
    }

    /// <summary>A new FIFO; the result is its path.</summary>
    public string NewFifo()
    {
        string path = NewPath();
        Must($"mkfifo({path})", Host.Files.MakeFifo(path));
        return path;
    }

    /// <summary>Opens a file, without blocking; paths outside <c>/t</c> mean themselves.</summary>
    public Descriptor Open(string path, HostOpenMode mode = HostOpenMode.ReadOnly) => New($"open({path}, {mode})", Host.Files.Open(path, mode));

    /// <summary>A new file of so many bytes, open at its start.</summary>
    public Descriptor OpenFile(int bytes, HostOpenMode mode = HostOpenMode.ReadWrite) => Open(NewFile(bytes), mode);

    /// <summary>An eventfd.</summary>
    public Descriptor EventCounter(int count) => New($"eventfd({count})", Host.Descriptors.EventCounter(count));

    /// <summary>A pseudo-terminal.</summary>
    public (Descriptor Master, Descriptor Slave) Terminal()
    {
        Must("openpty()", Host.Descriptors.Terminal(out long master, out long slave));
        return (new(this, master), new(this, slave));
    }

    internal Descriptor New(string call, HostAnswer answer) => new(this, Must(call, answer));
}
