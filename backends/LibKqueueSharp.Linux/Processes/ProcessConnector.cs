using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>
/// The kernel's process connector: a netlink socket that tells of every fork, exec and exit on the system, in order. A queue
/// has one while a knote of it asks for NOTE_FORK, NOTE_EXEC or NOTE_TRACK. Guarded by the queue's lock.
/// </summary>
/// <remarks>
/// It answers only in the initial namespaces, before Linux 6.6 only with CAP_NET_ADMIN; where it keeps silent, it cannot be
/// used. The unsafe blocks only pass the addresses of locals for the length of one call.
/// </remarks>
internal sealed unsafe class ProcessConnector : IDisposable
{
    private const int NETLINK_CONNECTOR = 11;
    private const uint CN_IDX_PROC = 1;
    private const uint CN_VAL_PROC = 1;
    private const uint PROC_CN_MCAST_LISTEN = 1;
    private const uint PROC_CN_MCAST_IGNORE = 2;
    private const ushort NLMSG_DONE = 3;
    private const int SO_ATTACH_FILTER = 26;
    private const int SO_RCVBUFFORCE = 33;
    private const int SO_RCVBUF = 8;
    private const int SOL_SOCKET = 1;
    private const int MSG_DONTWAIT = 0x40;
    private const Errno NoBuffers = (Errno)105;

    private const uint PROC_EVENT_NONE = 0;
    private const uint PROC_EVENT_FORK = 1;
    private const uint PROC_EVENT_EXEC = 2;
    private const uint PROC_EVENT_EXIT = 0x8000_0000;

    // struct nlmsghdr, struct cn_msg, struct proc_event.
    private const int AckAt = 16 + 12;
    private const int MessageAt = 16 + 20;
    private const int FactsAt = MessageAt + 16;
    private const int LongestMessage = 256;

    /// <summary>Bytes of the socket's buffer: room for some thousand messages between two looks.</summary>
    internal const int UsualRoom = 4 << 20;

    private readonly int _fd;

    private ProcessConnector(int fd) => _fd = fd;

    /// <summary>What the connector told of a process, whose id and not that of a thread is given.</summary>
    internal interface IListener
    {
        /// <summary>A process has a new child.</summary>
        void Forked(int parent, int child);

        /// <summary>A process executes another program.</summary>
        void Executed(int pid);

        /// <summary>A process has ended with a wait status.</summary>
        void Ended(int pid, int status);

        /// <summary>Some of the above were lost.</summary>
        void Overflowed();
    }

    /// <summary>Whether this process may use it; one try, which leaves nothing behind.</summary>
    internal static bool IsAvailable(int room = UsualRoom)
    {
        if (Create(room, out ProcessConnector? connector) != Errno.None)
            return false;
        connector!.Dispose();
        return true;
    }

    /// <returns>ENOTSUP where the kernel does not answer; EMFILE, ENFILE or ENOMEM where there is no room for it now.</returns>
    internal static Errno Create(int room, out ProcessConnector? connector)
    {
        connector = null;
        if (room == 0)
            return Errno.ENOTSUP;
        int fd = Sys.NetlinkSocket(NETLINK_CONNECTOR);
        if (fd < 0)
            return Reported((Errno)LibC.errno);
        ProcessConnector opened = new(fd);
        Errno error = Filter(fd);
        if (error == Errno.None)
            error = Bind(fd, room);
        if (error == Errno.None)
            error = opened.Subscribe();
        if (error == Errno.None)
            connector = opened;
        else
            Sys.Close(fd);
        return Reported(error);
    }

    private static Errno Reported(Errno error) => error switch
    {
        Errno.None or Errno.EMFILE or Errno.ENFILE => error,
        Errno.ENOMEM or NoBuffers => Errno.ENOMEM,
        _ => Errno.ENOTSUP,
    };

    internal Errno Register(int epfd, ulong token) =>
        Sys.EpollControl(epfd, Native.EPOLL_CTL_ADD, _fd, EpollEvents.In, token);

    /// <summary>A child that is just being made may hold the socket open: the set must not go on reporting it.</summary>
    internal void Unregister(int epfd) => Sys.EpollControl(epfd, Native.EPOLL_CTL_DEL, _fd, EpollEvents.None, 0);

    /// <summary>Hands everything on that the kernel has told up to now.</summary>
    internal void Drain(IListener listener)
    {
        byte* buffer = stackalloc byte[LongestMessage];
        bool lost = false;
        while (true)
        {
            long length = Native.Receive(_fd, buffer, LongestMessage, MSG_DONTWAIT);
            if (length >= 0)
                Tell(listener, new ReadOnlySpan<byte>(buffer, (int)length));
            else if (Native.LastError() == NoBuffers)
                lost = true;
            else if (Native.LastError() != Errno.EINTR)
                break;
        }

        // The kernel tells of the loss ahead of what it had queued before: a child whose fork is still to be read may have lost its exit.
        if (lost)
            listener.Overflowed();
    }

    public void Dispose()
    {
        // Kernels before 6.6 do not notice by themselves that a listener has gone, and go on making messages.
        Request(PROC_CN_MCAST_IGNORE, 0);
        Sys.Close(_fd);
    }

    /// <summary>In a child of fork(2): the parent goes on listening at the other copy.</summary>
    internal void AbandonInChild() => Sys.Close(_fd);

    private static void Tell(IListener listener, ReadOnlySpan<byte> message)
    {
        if (message.Length < FactsAt + 16)
            return;
        int At(ReadOnlySpan<byte> m, int field) => MemoryMarshal.Read<int>(m[(FactsAt + (4 * field))..]);
        switch (MemoryMarshal.Read<uint>(message[MessageAt..]))
        {
            case PROC_EVENT_FORK:
                listener.Forked(parent: At(message, 1), child: At(message, 3));
                break;
            case PROC_EVENT_EXEC:
                listener.Executed(At(message, 1));
                break;
            case PROC_EVENT_EXIT:
                listener.Ended(At(message, 1), At(message, 2));
                break;
        }
    }

    /// <summary>
    /// Lets the kernel drop what is no fork, exec or exit of a process: a runtime starts and ends threads all the time. Classic
    /// BPF, which loads words as if they were big-endian.
    /// </summary>
    private static Errno Filter(int fd)
    {
        const ushort load = 0x20;
        const ushort toX = 0x07;
        const ushort jumpIfEqual = 0x15;
        const ushort jumpIfX = 0x1d;
        const ushort verdict = 0x06;
        Instruction* program = stackalloc Instruction[]
        {
            new(load, 0, 0, MessageAt),
            new(jumpIfEqual, 11, 0, Loaded(PROC_EVENT_NONE)),
            new(jumpIfEqual, 10, 0, Loaded(PROC_EVENT_EXEC)),
            new(jumpIfEqual, 1, 0, Loaded(PROC_EVENT_FORK)),
            new(jumpIfEqual, 4, 9, Loaded(PROC_EVENT_EXIT)),
            new(load, 0, 0, FactsAt + 8),
            new(toX, 0, 0, 0),
            new(load, 0, 0, FactsAt + 12),
            new(jumpIfX, 4, 5, 0),
            new(load, 0, 0, FactsAt),
            new(toX, 0, 0, 0),
            new(load, 0, 0, FactsAt + 4),
            new(jumpIfX, 0, 1, 0),
            new(verdict, 0, 0, uint.MaxValue),
            new(verdict, 0, 0, 0),
        };
        Program wrapped = new() { Length = 15, Instructions = program };
        return Native.SetSocketOption(fd, SOL_SOCKET, SO_ATTACH_FILTER, &wrapped, (uint)sizeof(Program)) < 0 ? Native.LastError() : Errno.None;
    }

    private static uint Loaded(uint word) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word;

    private static Errno Bind(int fd, int room)
    {
        if (Native.SetSocketOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(int)) < 0)
            Native.SetSocketOption(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(int));
        Address address = new() { Family = (ushort)LibC.AF_NETLINK, Groups = CN_IDX_PROC };
        return Native.Bind(fd, &address, (uint)sizeof(Address)) < 0 ? Native.LastError() : Errno.None;
    }

    /// <summary>The answer is there when the request has been sent; what others do may come before it, and take its place in a full buffer.</summary>
    private Errno Subscribe()
    {
        uint ticket = (uint)Random.Shared.Next();
        if (!Request(PROC_CN_MCAST_LISTEN, ticket))
            return (Errno)LibC.errno;
        byte* buffer = stackalloc byte[LongestMessage];
        Errno silence = Errno.ENOTSUP;
        while (true)
        {
            long length = Native.Receive(_fd, buffer, LongestMessage, MSG_DONTWAIT);
            if (length < 0)
            {
                Errno error = Native.LastError();
                if (error == NoBuffers)
                    silence = error;
                else if (error != Errno.EINTR)
                    return silence;
            }
            else if (length >= FactsAt + 4)
            {
                ReadOnlySpan<byte> message = new(buffer, (int)length);
                if (MemoryMarshal.Read<uint>(message[MessageAt..]) == PROC_EVENT_NONE && MemoryMarshal.Read<uint>(message[AckAt..]) == ticket + 1)
                    return (Errno)MemoryMarshal.Read<int>(message[FactsAt..]);
            }
        }
    }

    private bool Request(uint operation, uint ticket)
    {
        Order order = new()
        {
            Length = (uint)sizeof(Order),
            Type = NLMSG_DONE,
            Index = CN_IDX_PROC,
            Value = CN_VAL_PROC,
            Ack = ticket,
            DataLength = sizeof(uint),
            Operation = operation,
        };
        return Sys.Send(_fd, new ReadOnlySpan<byte>(&order, sizeof(Order))) == sizeof(Order);
    }

    /// <summary>struct sock_filter.</summary>
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    /// <summary>struct sock_fprog.</summary>
    private struct Program
    {
        internal ushort Length;
        internal Instruction* Instructions;
    }

    /// <summary>struct sockaddr_nl.</summary>
    private struct Address
    {
        internal ushort Family;
        internal ushort Padding;
        internal uint Port;
        internal uint Groups;
    }

    /// <summary>struct nlmsghdr, struct cn_msg, enum proc_cn_mcast_op.</summary>
    private struct Order
    {
        internal uint Length;
        internal ushort Type;
        internal ushort Flags;
        internal uint MessageSequence;
        internal uint Port;
        internal uint Index;
        internal uint Value;
        internal uint Sequence;
        internal uint Ack;
        internal ushort DataLength;
        internal ushort DataFlags;
        internal uint Operation;
    }
}
