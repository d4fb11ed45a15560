using System.Net;
using System.Net.Sockets;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Sockets on 127.0.0.1.</summary>
internal sealed class WindowsSockets(SocketTable table) : ISocketCalls
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    public HostAnswer Pair(bool datagram, out long first, out long second)
    {
        (Socket one, Socket other) = datagram ? DatagramPair() : StreamPair();
        first = table.Adopt(one).Value;
        second = table.Adopt(other).Value;
        return HostAnswer.Success();
    }

    public HostAnswer Tcp() => table.Adopt(NewStream());

    public HostAnswer Udp() => table.Adopt(NewDatagram());

    public HostAnswer Listen(int backlog)
    {
        Socket socket = NewStream();
        socket.Bind(s_anyPort);
        socket.Listen(backlog);
        return table.Adopt(socket);
    }

    public HostAnswer Connect(long descriptor, int port)
    {
        HostAnswer answer = table.On(descriptor, s =>
        {
            s.Connect(new IPEndPoint(IPAddress.Loopback, port));
            return 0;
        });
        return answer.Error == "EAGAIN" ? HostAnswer.Failure("EINPROGRESS") : answer;
    }

    public HostAnswer PortOf(long descriptor) => table.On(descriptor, s => ((IPEndPoint)s.LocalEndPoint!).Port);

    public HostAnswer Accept(long listener)
    {
        Socket? accepted = null;
        HostAnswer answer = table.On(listener, s =>
        {
            accepted = s.Accept();
            return 0;
        });
        return answer.Succeeded ? table.Adopt(accepted!) : answer;
    }

    public HostAnswer SendTo(long descriptor, int port, int count) =>
        table.On(descriptor, s => s.SendTo(new byte[count], new IPEndPoint(IPAddress.Loopback, port)));

    public HostAnswer SendUrgent(long descriptor, int count) => table.On(descriptor, s => s.Send(new byte[count], SocketFlags.OutOfBand));

    public HostAnswer Peek(long descriptor, int count) => table.On(descriptor, s => s.Receive(new byte[count], SocketFlags.Peek));

    public HostAnswer Shutdown(long descriptor, bool read, bool write) => table.On(descriptor, s =>
    {
        s.Shutdown(read && write ? SocketShutdown.Both : read ? SocketShutdown.Receive : SocketShutdown.Send);
        return 0;
    });

    public HostAnswer LingerZero(long descriptor) => table.On(descriptor, s =>
    {
        s.LingerState = new LingerOption(true, 0);
        return 0;
    });

    public HostAnswer ReceiveLowWater(long descriptor, int count) => HostAnswer.NotSupported("Winsock has no SO_RCVLOWAT");

    public HostAnswer SendLowWater(long descriptor, int count) => HostAnswer.NotSupported("Winsock has no SO_SNDLOWAT");

    public HostAnswer StartListening(long descriptor, int backlog) => table.On(descriptor, s =>
    {
        if (!s.IsBound)
            s.Bind(s_anyPort);
        s.Listen(backlog);
        return 0;
    });

    public HostAnswer SendBuffer(long descriptor, int count) => table.On(descriptor, s => s.SendBufferSize = count);

    public HostAnswer ReceiveBuffer(long descriptor, int count) => table.On(descriptor, s => s.ReceiveBufferSize = count);

    private static Socket NewStream() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private static Socket NewDatagram()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(s_anyPort);
        return socket;
    }

    private static (Socket One, Socket Other) StreamPair()
    {
        using Socket listener = NewStream();
        listener.Bind(s_anyPort);
        listener.Listen(1);
        Socket one = NewStream();
        one.NoDelay = true;
        one.Connect(listener.LocalEndPoint!);
        Socket other = listener.Accept();
        other.NoDelay = true;
        return (one, other);
    }

    private static (Socket One, Socket Other) DatagramPair()
    {
        Socket one = NewDatagram();
        Socket other = NewDatagram();
        one.Connect(other.LocalEndPoint!);
        other.Connect(one.LocalEndPoint!);
        return (one, other);
    }
}
