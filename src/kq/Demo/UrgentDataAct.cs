using System.Net.Sockets;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>EXCEPT: urgent data of TCP.</summary>
internal sealed class UrgentDataAct : Act
{
    public override string Title => "Urgent data";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.Except];

    public override void Play(Stage stage)
    {
        (Socket client, Socket server) = Loopback.Connect();
        using (client)
        using (server)
        {
            nint urgent = stage.Name("TCP socket");
            stage.Queue.Add(server, EventFilter.Except, EventFlags.Clear, (uint)ReadWriteNotes.OutOfBand, udata: urgent);

            stage.Tell("send 3 ordinary bytes");
            client.Send("abc"u8);
            stage.ExpectNothing(TimeSpan.FromMilliseconds(30), "ordinary data is READ's");

            stage.Tell("send 1 urgent byte");
            client.Send("!"u8, SocketFlags.OutOfBand);
            stage.Expect(
                EventFilter.Except, urgent, "bytes wait, and urgent data", e => ((ReadWriteNotes)e.FFlags & ReadWriteNotes.OutOfBand) != 0);
        }
    }
}
