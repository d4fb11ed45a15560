// EchoServer [PORT]
//
// Sends back what comes. Sockets do not block, one thread serves them all, and a client that does not read costs one buffer: while its answer
// waits for room (WRITE), nothing more is read from it (READ with EV_DISPATCH is disabled by its event until it is enabled again).
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EchoServer;
using LibKqueueSharp;

using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
listener.Bind(new IPEndPoint(IPAddress.Loopback, args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 0));
listener.Listen();

using Kqueue queue = new();
queue.Add(listener, EventFilter.Read, EventFlags.Clear);
Console.WriteLine($"listening on {listener.LocalEndPoint}");

nuint listening = (nuint)listener.Handle;
Dictionary<nuint, Connection> connections = [];
KEvent[] events = new KEvent[64];
while (true)
{
    int count = queue.Wait(events, Timeout.InfiniteTimeSpan);
    foreach (KEvent e in events[..count])
    {
        if (e.Ident == listening)
            AcceptAll();
        else
            Serve(e);
    }
}

// EV_CLEAR tells of each change once: so all that wait are accepted.
void AcceptAll()
{
    while (true)
    {
        Socket socket;
        try
        {
            socket = listener.Accept();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
        {
            return;
        }
        catch (SocketException e)
        {
            // Without descriptors, for example. Those that wait are accepted when the next one comes.
            Console.Error.WriteLine($"accept: {e.Message}");
            return;
        }

        connections.Add((nuint)socket.Handle, new Connection(queue, socket));
    }
}

void Serve(KEvent e)
{
    Connection connection = connections[e.Ident];
    bool goesOn = e.Filter == EventFilter.Write ? connection.Send() : connection.Receive();
    if (goesOn)
        return;
    connections.Remove(e.Ident);
    connection.Dispose();
}
