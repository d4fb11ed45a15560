using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LibKqueueSharp.Samples.Tests;

/// <summary>Connects to a sample that has said where it listens.</summary>
internal static class Client
{
    private const int PatienceInMilliseconds = 60_000;

    public static int Port(Sample server)
    {
        string line = server.Take(l => l.StartsWith("listening on ", StringComparison.Ordinal));
        return int.Parse(line.AsSpan(line.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);
    }

    public static Socket Connect(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveTimeout = PatienceInMilliseconds,
            SendTimeout = PatienceInMilliseconds,
        };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    public static byte[] ReceiveExactly(Socket socket, int count)
    {
        byte[] received = new byte[count];
        for (int have = 0; have < count;)
        {
            int more = socket.Receive(received.AsSpan(have));
            Assert.That(more, Is.GreaterThan(0), $"the connection ended after {have} of {count} bytes");
            have += more;
        }

        return received;
    }

    /// <summary>What comes until the other side ends the connection.</summary>
    public static string ReceiveAll(Socket socket)
    {
        using MemoryStream received = new();
        byte[] buffer = new byte[1024];
        for (int count; (count = socket.Receive(buffer)) > 0;)
            received.Write(buffer, 0, count);
        return Encoding.ASCII.GetString(received.ToArray());
    }
}
