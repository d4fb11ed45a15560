using System.Net.Sockets;
using System.Text;

namespace LibKqueueSharp.Samples.Tests;

[Platform("Linux")]
public sealed class EchoServerTests
{
    private Sample _server = null!;
    private int _port;

    [SetUp]
    public void Start()
    {
        _server = new Sample("EchoServer");
        _port = Client.Port(_server);
    }

    [TearDown]
    public void Stop() => _server.Dispose();

    [Test]
    public void ManyClientsGetBackWhatEachSent()
    {
        Socket[] clients = [.. Enumerable.Range(0, 100).Select(_ => Client.Connect(_port))];
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < clients.Length; i++)
                clients[i].Send(Message(round, i));
            for (int i = 0; i < clients.Length; i++)
                Assert.That(Client.ReceiveExactly(clients[i], Message(round, i).Length), Is.EqualTo(Message(round, i)), $"client {i}");
        }

        foreach (Socket client in clients)
            client.Dispose();
    }

    [Test]
    public void ClientThatDoesNotReadIsNotReadFrom()
    {
        byte[] chunk = new byte[64 * 1024];
        Random.Shared.NextBytes(chunk);
        using Socket slow = Client.Connect(_port);
        slow.Blocking = false;
        using MemoryStream sent = new();
        bool isFull = false;
        while (!isFull && sent.Length < 1L << 30)
        {
            int count = slow.Send(chunk, SocketFlags.None, out SocketError error);
            if (error == SocketError.Success)
                sent.Write(chunk, 0, count);
            else
                isFull = !slow.Poll(TimeSpan.FromSeconds(2), SelectMode.SelectWrite);
        }

        Assert.That(isFull, Is.True, $"{sent.Length} bytes were taken from a client that reads nothing");
        using Socket other = Client.Connect(_port);
        other.Send("still served"u8);
        Assert.That(Client.ReceiveExactly(other, 12), Is.EqualTo("still served"u8.ToArray()));

        slow.Blocking = true;
        Assert.That(Client.ReceiveExactly(slow, (int)sent.Length).AsSpan().SequenceEqual(sent.ToArray()), Is.True, "what came back is not what was sent");
    }

    [Test]
    public void LastBytesComeBackBeforeTheEnd()
    {
        using Socket client = Client.Connect(_port);
        byte[] message = new byte[300_000];
        Random.Shared.NextBytes(message);
        Task sending = Task.Run(() =>
        {
            client.Send(message);
            client.Shutdown(SocketShutdown.Send);
        });
        Assert.That(Client.ReceiveExactly(client, message.Length).AsSpan().SequenceEqual(message), Is.True);
        sending.Wait();
        Assert.That(client.Receive(new byte[1]), Is.Zero, "the end");
    }

    [Test]
    public void ClientThatBreaksOffHarmsNobody()
    {
        for (int i = 0; i < 50; i++)
        {
            Socket client = Client.Connect(_port);
            client.Send(new byte[100_000]);
            client.LingerState = new LingerOption(true, 0);
            client.Close();
        }

        using Socket other = Client.Connect(_port);
        other.Send("hello"u8);
        Assert.That(Client.ReceiveExactly(other, 5), Is.EqualTo("hello"u8.ToArray()), _server.ToString());
    }

    private static byte[] Message(int round, int client) => Encoding.ASCII.GetBytes($"round {round} of client {client}\n");
}
