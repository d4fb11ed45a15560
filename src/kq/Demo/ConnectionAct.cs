using System.Net;
using System.Net.Sockets;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>A listening socket, and a connection from its beginning to its end.</summary>
internal sealed class ConnectionAct : Act
{
    public override string Title => "TCP: a listening socket counts its backlog, a connection comes and goes";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.Read, EventFilter.Write];

    public override void Play(Stage stage)
    {
        using Socket listener = Loopback.Listen();
        nint listening = stage.Name("listening socket");
        stage.Queue.Add(listener, EventFilter.Read, udata: listening);

        stage.Tell("connect twice");
        using Socket first = Loopback.NewSocket();
        using Socket second = Loopback.NewSocket();
        first.Connect((IPEndPoint)listener.LocalEndPoint!);
        second.Connect((IPEndPoint)listener.LocalEndPoint!);

        bool counts = !Limits(stage, "connections told of a listening socket");
        stage.Expect(EventFilter.Read, listening, "connections wait to be accepted", e => e.Data == (counts ? 2 : 1));

        stage.Tell("accept one");
        using Socket accepted = listener.Accept();
        stage.Expect(EventFilter.Read, listening, "connection waits to be accepted", e => e.Data == 1);
        stage.Queue.Delete(listener, EventFilter.Read);

        nint server = stage.Name("accepted socket");
        stage.Queue.Add(accepted, EventFilter.Write, EventFlags.OneShot, udata: server);
        stage.Expect(EventFilter.Write, server, "bytes of room", e => e.Data > 0);

        stage.Queue.Add(accepted, EventFilter.Read, EventFlags.Clear, udata: server);
        stage.Tell("the client sends 12 bytes");
        first.Send("GET / kqueue"u8);
        stage.Expect(EventFilter.Read, server, "bytes wait to be read", e => e is { Data: 12, IsEof: false });

        int left = 12;
        if (Limits(stage, "end of a connection told"))
            left -= accepted.Receive(new byte[12]);
        stage.Tell("the client closes");
        first.Close();
        stage.Expect(EventFilter.Read, server, "bytes still wait, then the connection ends", e => e.Data == left && e.IsEof);
    }

    private static bool Limits(Stage stage, string limit) => stage.Queue.Backend.Capabilities.Limits.Any(l => l.Key == limit);
}
