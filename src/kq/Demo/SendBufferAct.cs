using System.Net.Sockets;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>EMPTY: all that was sent has been acknowledged.</summary>
internal sealed class SendBufferAct : Act
{
    public override string Title => "EMPTY: all that was sent has arrived";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.Empty];

    public override void Play(Stage stage)
    {
        (Socket sender, Socket receiver) = Loopback.Connect();
        using (sender)
        using (receiver)
        {
            long sent = Fill(sender);
            stage.Tell($"send {sent} bytes to somebody who does not read");
            nint buffer = stage.Name("send buffer");
            stage.Queue.Add(sender, EventFilter.Empty, EventFlags.OneShot, udata: buffer);
            stage.ExpectNothing(TimeSpan.FromMilliseconds(50), "the send buffer is not empty");

            stage.Tell("read them all");
            Drain(receiver, sent);
            stage.Expect(EventFilter.Empty, buffer, "the send buffer is empty", e => e.Data == 0);
        }
    }

    private static long Fill(Socket sender)
    {
        byte[] chunk = new byte[64 * 1024];
        sender.Blocking = false;
        long sent = 0;
        while (true)
        {
            int count = sender.Send(chunk, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
                return sent;
            sent += error == SocketError.Success ? count : throw new SocketException((int)error);
        }
    }

    private static void Drain(Socket receiver, long total)
    {
        byte[] chunk = new byte[64 * 1024];
        for (long received = 0; received < total;)
        {
            int count = receiver.Receive(chunk);
            received += count > 0 ? count : throw new DemoException("the connection ended too early");
        }
    }
}
