using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>Kinds of connected descriptors.</summary>
internal enum PairKind
{
    Pipe,
    Fifo,
    UnixStream,
    UnixDatagram,
    UnixSeqPacket,
    Tcp,
    Udp,
    Terminal,
}

/// <summary>Two descriptors: what is written to <see cref="B"/> can be read from <see cref="A"/>.</summary>
internal sealed record Pair(Fd A, Fd B) : IDisposable
{
    /// <summary>Kinds where both ends read and write a stream.</summary>
    internal static readonly PairKind[] StreamSockets = [PairKind.UnixStream, PairKind.Tcp];

    /// <summary>Kinds that carry a stream of bytes.</summary>
    internal static readonly PairKind[] Streams = [PairKind.Pipe, PairKind.Fifo, PairKind.UnixStream, PairKind.Tcp];

    internal static readonly PairKind[] All =
    [
        PairKind.Pipe, PairKind.Fifo, PairKind.UnixStream, PairKind.UnixDatagram, PairKind.UnixSeqPacket,
        PairKind.Tcp, PairKind.Udp, PairKind.Terminal,
    ];

    internal static Pair Create(PairKind kind) => kind switch
    {
        PairKind.Pipe => Pipe(),
        PairKind.Fifo => Fifo(),
        PairKind.UnixStream => Sockets.Connected(UnixAddressFamily.AF_UNIX, UnixSocketType.SOCK_STREAM),
        PairKind.UnixDatagram => Sockets.Connected(UnixAddressFamily.AF_UNIX, UnixSocketType.SOCK_DGRAM),
        PairKind.UnixSeqPacket => Sockets.Connected(UnixAddressFamily.AF_UNIX, UnixSocketType.SOCK_SEQPACKET),
        PairKind.Tcp => Tcp(),
        PairKind.Udp => Udp(),
        PairKind.Terminal => Terminal(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    internal static Pair Pipe()
    {
        if (Syscall.pipe(out int read, out int write) < 0)
            throw new IOException("pipe");
        return new Pair(Fd.Opened(read), Fd.Opened(write));
    }

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }

    private static Pair Fifo()
    {
        using TempDirectory directory = new();
        string path = directory.Path("fifo");
        Assert.That(Syscall.mkfifo(path, FilePermissions.S_IRUSR | FilePermissions.S_IWUSR), Is.Zero);
        Fd read = Fd.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
        return new Pair(read, Fd.Open(path, OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK));
    }

    private static Pair Tcp()
    {
        using Fd listener = Sockets.TcpListener(out ushort port);
        Fd client = Sockets.TcpSocket();
        Sockets.Connect(client, port);
        return new Pair(Sockets.Accept(listener), client);
    }

    private static Pair Udp()
    {
        Fd a = Sockets.Udp(out ushort portOfA);
        Fd b = Sockets.Udp(out ushort portOfB);
        Sockets.Connect(a, portOfB);
        Sockets.Connect(b, portOfA);
        return new Pair(a, b);
    }

    /// <summary>A is the slave, in raw mode as far as it takes to count bytes: a line is readable when it is complete.</summary>
    private static unsafe Pair Terminal()
    {
        Fd master = Fd.Opened(Posix.OpenTerminal(Tmds.Linux.LibC.O_RDWR | Tmds.Linux.LibC.O_NOCTTY));
        byte* name = stackalloc byte[64];
        Assert.That(Posix.GrantTerminal(master) | Posix.UnlockTerminal(master) | Posix.TerminalName(master, name, 64), Is.Zero);
        string path = new((sbyte*)name);
        Fd slave = Fd.Open(path, OpenFlags.O_RDWR | OpenFlags.O_NOCTTY);
        Tmds.Linux.termios settings;
        Tmds.Linux.LibC.tcgetattr(slave, &settings);
        settings.c_lflag &= ~(Tmds.Linux.LibC.ICANON | Tmds.Linux.LibC.ECHO);
        settings.c_oflag = 0;
        Tmds.Linux.LibC.tcsetattr(slave, (int)Tmds.Linux.LibC.TCSANOW, &settings);
        return new Pair(slave, master);
    }
}
