// SignalShutdown [PORT]
//
// A server that ends as it should. Each client sends lines, ends its side of the connection, and is told how many lines there were. SIGTERM or
// SIGINT ends the server when the clients that it has are served, and takes no new ones; the second signal ends it at once.
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using LibKqueueSharp;
using SignalShutdown;

const int SIGINT = 2;
const int SIGTERM = 15;
const nint Listener = -1;

// Watching a signal leaves its default action alone, which here is the end of this process.
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);

using Kqueue queue = new();
queue.Add(SIGINT, EventFilter.Signal);
queue.Add(SIGTERM, EventFilter.Signal);

using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
listener.Bind(new IPEndPoint(IPAddress.Loopback, args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 0));
listener.Listen();
queue.Add(listener, EventFilter.Read, udata: Listener);
Console.WriteLine($"listening on {listener.LocalEndPoint}");

Dictionary<nuint, LineCounter> clients = [];
bool isDraining = false;
KEvent[] events = new KEvent[64];
while (!isDraining || clients.Count > 0)
{
    int count = queue.Wait(events, Timeout.InfiniteTimeSpan);
    foreach (KEvent e in events[..count])
    {
        if (e.Filter == EventFilter.Signal)
        {
            if (isDraining || e.Data > 1)
            {
                Console.WriteLine($"ending at once, {clients.Count} clients are not served");
                return 128 + (int)e.Ident;
            }

            isDraining = true;
            listener.Close();
            Console.WriteLine($"draining {clients.Count} clients; another signal ends this at once");
        }
        else if (e.UData != Listener)
        {
            Serve(e.Ident);
        }
        else if (!isDraining)
        {
            Accept(e.Data);
        }
    }
}

Console.WriteLine("drained");
return 0;

// The event tells how many wait. One that gave up meanwhile is no longer among them.
void Accept(long waiting)
{
    for (; waiting > 0; waiting--)
    {
        LineCounter client;
        try
        {
            client = new(queue, listener.Accept());
        }
        catch (SocketException)
        {
            return;
        }

        clients.Add(client.Ident, client);
        Console.WriteLine($"{clients.Count} clients");
    }
}

void Serve(nuint ident)
{
    LineCounter client = clients[ident];
    if (client.Read())
        return;
    client.Dispose();
    clients.Remove(ident);
    Console.WriteLine($"{clients.Count} clients");
}
