using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>What stands behind a descriptor, found out when its first event is looked at.</summary>
internal enum DescriptorKind : byte
{
    Unknown,
    Pipe,
    TcpSocket,
    UnixStream,
    OtherStream,
    Datagram,
    Queue,
    EventFd,
    Terminal,
    OtherPollable,
    File,
    Directory,
    UnpollableDevice,
}

/// <summary>
/// One descriptor number that has knotes, 32 bytes in an array indexed by the number. Guarded by the queue's lock.
/// </summary>
internal struct Descriptor
{
    /// <summary>The knotes of this descriptor, one for each filter, through <see cref="Knote.Link"/>.</summary>
    internal Knote? Chain;

    /// <summary>Changes with every registration, so that an event of an earlier one is recognised.</summary>
    internal uint Generation;
    internal uint Harvest;

    /// <summary>SO_RCVLOWAT of an AF_UNIX socket, which the kernel does not apply to readiness.</summary>
    internal int LowWater;

    private ushort _first;
    private ushort _second;
    private ushort _ready;

    internal DescriptorKind Kind;

    /// <summary>O_RDONLY, O_WRONLY or O_RDWR.</summary>
    internal byte Access;

    /// <summary>Which of the two registrations the harvest spoke of: bit 0 the first, bit 1 the second.</summary>
    internal byte Told;

    internal bool IsRegistered;

    /// <summary>The first registration is edge-triggered.</summary>
    internal bool IsEdge;

    private Seen _seen;


    /// <summary>What is registered with the queue's epoll set; <see cref="IsRegistered"/> tells whether anything is.</summary>
    internal EpollEvents First
    {
        readonly get => Unpack(_first);
        set => _first = Pack(value);
    }

    /// <summary>What is registered with the second epoll set; None when nothing is.</summary>
    internal EpollEvents Second
    {
        readonly get => Unpack(_second);
        set => _second = Pack(value);
    }

    /// <summary>What the harvest with number <see cref="Harvest"/> reported, of the registrations in <see cref="Told"/>.</summary>
    internal EpollEvents Ready
    {
        readonly get => Unpack(_ready);
        set => _ready = Pack(value);
    }

    /// <summary>The stream socket listened when its last event was looked at.</summary>
    internal bool IsListening
    {
        readonly get => (_seen & Seen.Listening) != 0;
        set => _seen = value ? _seen | Seen.Listening : _seen & ~Seen.Listening;
    }

    /// <summary>A watched queue whose new set could not be registered: the kernel tells nothing of it.</summary>
    internal bool IsBlind
    {
        readonly get => (_seen & Seen.Blind) != 0;
        set => _seen = value ? _seen | Seen.Blind : _seen & ~Seen.Blind;
    }

    /// <summary>Some harvest reported an end. An edge is not reported again, and later events of the other direction do not show it.</summary>
    internal bool HasEnded
    {
        readonly get => (_seen & Seen.End) != 0;
        set => _seen = value ? _seen | Seen.End : _seen & ~Seen.End;
    }

    // EPOLLET is bit 31, all others that are used are below bit 15.
    private static ushort Pack(EpollEvents events) => (ushort)((uint)events | (uint)events >> 16);

    private static EpollEvents Unpack(ushort packed) => (EpollEvents)((packed & 0x7fffu) | (packed & 0x8000u) << 16);

    [Flags]
    private enum Seen : byte
    {
        None = 0,
        Listening = 1,
        End = 2,
        Blind = 4,
    }
}
