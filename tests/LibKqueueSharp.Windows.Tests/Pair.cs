using System.Net;
using System.Net.Sockets;

namespace LibKqueueSharp.Windows.Tests;

/// <summary>A connection over the loopback: what is watched, and its peer.</summary>
internal sealed class Pair : IDisposable
{
    internal Pair(AddressFamily family = AddressFamily.InterNetwork)
    {
        IPAddress loopback = family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        using Socket listener = new(family, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(loopback, 0));
        listener.Listen(1);
        Peer = new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Peer.Connect(listener.LocalEndPoint!);
        Watched = listener.Accept();
        Watched.Blocking = false;
    }

    internal Socket Watched { get; }

    internal Socket Peer { get; }

    internal nuint Ident => (nuint)Watched.Handle;

    internal void Send(int bytes) => Peer.Send(new byte[bytes]);

    /// <summary>Reads what there is.</summary>
    internal int Drain()
    {
        int sum = 0;
        byte[] buffer = new byte[4096];
        while (true)
        {
            int read = Watched.Receive(buffer, SocketFlags.None, out SocketError error);
            if (error != SocketError.Success || read == 0)
                return sum;
            sum += read;
        }
    }

    internal int Read(int bytes) => Watched.Receive(new byte[bytes]);

    /// <summary>Ends the connection with a reset.</summary>
    internal void Reset()
    {
        Peer.LingerState = new LingerOption(true, 0);
        Peer.Close();
    }

    public void Dispose()
    {
        Watched.Dispose();
        Peer.Dispose();
    }
}
