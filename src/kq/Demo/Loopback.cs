using System.Net;
using System.Net.Sockets;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>TCP sockets on the loopback.</summary>
internal static class Loopback
{
    private const int Backlog = 8;

    public static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public static Socket Listen()
    {
        Socket listener = NewSocket();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(Backlog);
        return listener;
    }

    public static (Socket Client, Socket Server) Connect()
    {
        using Socket listener = Listen();
        Socket client = NewSocket();
        client.Connect((IPEndPoint)listener.LocalEndPoint!);
        return (client, listener.Accept());
    }
}
