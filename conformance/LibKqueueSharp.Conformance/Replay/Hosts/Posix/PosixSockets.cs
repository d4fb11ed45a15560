using Mono.Unix.Native;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>socket(2) and what belongs to it, on 127.0.0.1.</summary>
internal sealed class PosixSockets(PosixDescriptorTable table, Func<string, string> place) : ISocketCalls
{
    public HostAnswer Pair(bool datagram, out long first, out long second)
    {
        int result = Syscall.socketpair(
            UnixAddressFamily.AF_UNIX,
            datagram ? UnixSocketType.SOCK_DGRAM : UnixSocketType.SOCK_STREAM,
            0,
            out int one,
            out int other);
        first = one;
        second = other;
        if (result < 0)
            return PosixDescriptorTable.LastError();
        HostAnswer adoptedFirst = table.Adopt(one);
        HostAnswer adoptedSecond = table.Adopt(other);
        return !adoptedFirst.Succeeded ? adoptedFirst : adoptedSecond.Succeeded ? HostAnswer.Success() : adoptedSecond;
    }

    public HostAnswer Tcp() => Inet(UnixSocketType.SOCK_STREAM);

    public HostAnswer Udp()
    {
        HostAnswer socket = Inet(UnixSocketType.SOCK_DGRAM);
        return socket.Succeeded ? BindTo(socket) : socket;
    }

    public HostAnswer Listen(int backlog)
    {
        HostAnswer socket = Inet(UnixSocketType.SOCK_STREAM);
        if (socket.Succeeded)
            socket = BindTo(socket);
        if (!socket.Succeeded)
            return socket;
        HostAnswer listening = table.On(socket.Value, d => Syscall.listen(d, backlog));
        return listening.Succeeded ? socket : listening;
    }

    public HostAnswer Connect(long descriptor, int port) => table.On(descriptor, d => Syscall.connect(d, Loopback(port)));

    public HostAnswer PortOf(long descriptor)
    {
        SockaddrIn address = new();
        HostAnswer named = table.On(descriptor, d => Syscall.getsockname(d, address));
        return named.Succeeded ? HostAnswer.Success(Syscall.ntohs(address.sin_port)) : named;
    }

    public HostAnswer Accept(long listener)
    {
        HostAnswer accepted = table.On(listener, d => Syscall.accept(d, null));
        return accepted.Succeeded ? table.Adopt(accepted.Value, arrivesLater: true) : accepted;
    }

    public HostAnswer SendTo(long descriptor, int port, int count) => table.On(
        descriptor,
        d => Syscall.sendto(d, new byte[count], (ulong)count, MessageFlags.MSG_NOSIGNAL, Loopback(port)));

    public HostAnswer SendUrgent(long descriptor, int count) => table.On(
        descriptor,
        d => Syscall.send(d, new byte[count], (ulong)count, MessageFlags.MSG_OOB | MessageFlags.MSG_NOSIGNAL));

    public HostAnswer Peek(long descriptor, int count) => table.On(
        descriptor,
        d => Syscall.recv(d, new byte[count], (ulong)count, MessageFlags.MSG_PEEK));

    public HostAnswer Shutdown(long descriptor, bool read, bool write) => table.On(
        descriptor,
        d => Syscall.shutdown(d, read && write ? ShutdownOption.SHUT_RDWR : read ? ShutdownOption.SHUT_RD : ShutdownOption.SHUT_WR));

    public HostAnswer LingerZero(long descriptor) => table.On(
        descriptor,
        d => Syscall.setsockopt(d, UnixSocketProtocol.SOL_SOCKET, UnixSocketOptionName.SO_LINGER, new Linger { l_onoff = 1, l_linger = 0 }));

    public HostAnswer ReceiveLowWater(long descriptor, int count) => SetOption(descriptor, UnixSocketOptionName.SO_RCVLOWAT, count);

    public HostAnswer SendLowWater(long descriptor, int count) => SetOption(descriptor, UnixSocketOptionName.SO_SNDLOWAT, count);

    public HostAnswer SendBuffer(long descriptor, int count) => SetOption(descriptor, UnixSocketOptionName.SO_SNDBUF, count);

    public HostAnswer ReceiveBuffer(long descriptor, int count) => SetOption(descriptor, UnixSocketOptionName.SO_RCVBUF, count);

    public HostAnswer ReceiveLowWaterOf(long descriptor) => GetOption(descriptor, UnixSocketOptionName.SO_RCVLOWAT);

    public HostAnswer TakeError(long descriptor) => GetOption(descriptor, UnixSocketOptionName.SO_ERROR);

    public HostAnswer StartListening(long descriptor, int backlog) => table.On(descriptor, d => Syscall.listen(d, backlog));

    public HostAnswer Unix() => table.Adopt(Syscall.socket(UnixAddressFamily.AF_UNIX, UnixSocketType.SOCK_STREAM, 0));

    public HostAnswer ListenUnix(string path, int backlog)
    {
        HostAnswer socket = Unix();
        if (!socket.Succeeded)
            return socket;
        HostAnswer listening = table.On(
            socket.Value,
            d => Syscall.bind(d, new SockaddrUn(place(path))) < 0 ? -1 : Syscall.listen(d, backlog));
        return listening.Succeeded ? socket : listening;
    }

    public HostAnswer ConnectUnix(string path)
    {
        HostAnswer socket = Unix();
        if (!socket.Succeeded)
            return socket;
        HostAnswer connected = table.On(socket.Value, d => Syscall.connect(d, new SockaddrUn(place(path))));
        return connected.Succeeded ? socket : connected;
    }

    public unsafe HostAnswer SendDescriptor(long descriptor, long passed, int count) => table.On(descriptor, d =>
    {
        byte[] control = new byte[Syscall.CMSG_SPACE(sizeof(int))];
        Cmsghdr header = new()
        {
            cmsg_len = (long)Syscall.CMSG_LEN(sizeof(int)),
            cmsg_level = UnixSocketProtocol.SOL_SOCKET,
            cmsg_type = UnixSocketControlMessage.SCM_RIGHTS,
        };
        Msghdr message = new() { msg_control = control, msg_controllen = control.Length };
        header.WriteToBuffer(message, 0);
        BitConverter.TryWriteBytes(control.AsSpan((int)Syscall.CMSG_DATA(message, 0)), (int)passed);
        fixed (byte* bytes = new byte[count])
        {
            message.msg_iov = [new() { iov_base = (nint)bytes, iov_len = (ulong)count }];
            message.msg_iovlen = 1;
            return Syscall.sendmsg(d, message, MessageFlags.MSG_NOSIGNAL);
        }
    });

    private HostAnswer GetOption(long descriptor, UnixSocketOptionName option)
    {
        int value = 0;
        HostAnswer answer = table.On(descriptor, d => Syscall.getsockopt(d, UnixSocketProtocol.SOL_SOCKET, option, out value));
        return answer.Succeeded ? HostAnswer.Success(value) : answer;
    }

    private static SockaddrIn Loopback(int port) => new()
    {
        sa_family = UnixAddressFamily.AF_INET,
        sin_addr = new InAddr(127, 0, 0, 1),
        sin_port = Syscall.htons((ushort)port),
    };

    private HostAnswer Inet(UnixSocketType type) =>
        table.Adopt(Syscall.socket(UnixAddressFamily.AF_INET, type, 0), arrivesLater: true);

    private HostAnswer BindTo(HostAnswer socket)
    {
        HostAnswer bound = table.On(socket.Value, d => Syscall.bind(d, Loopback(0)));
        return bound.Succeeded ? socket : bound;
    }

    private HostAnswer SetOption(long descriptor, UnixSocketOptionName option, int value) => table.On(
        descriptor,
        d => Syscall.setsockopt(d, UnixSocketProtocol.SOL_SOCKET, option, value));
}
