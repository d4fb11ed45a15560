using System.Net.Sockets;

namespace LibKqueueSharp.Samples.Tests;

[Platform("Linux")]
public sealed class SignalShutdownTests
{
    [TestCase("TERM")]
    [TestCase("INT")]
    public void WorkUnderWayIsFinishedAndNewClientsAreRefused(string signal)
    {
        using Sample server = new("SignalShutdown");
        int port = Client.Port(server);
        using Socket first = Client.Connect(port);
        using Socket second = Client.Connect(port);
        first.Send("one\ntwo\n"u8);
        server.Take("2 clients");

        server.Send(signal);
        server.Take("draining 2 clients; another signal ends this at once");
        Assert.That(() => Client.Connect(port), Throws.TypeOf<SocketException>());
        first.Send("three\n"u8);
        first.Shutdown(SocketShutdown.Send);
        Assert.That(Client.ReceiveAll(first), Is.EqualTo("3\n"), server.ToString());
        server.Take("1 clients");
        second.Send("alone\n"u8);
        second.Shutdown(SocketShutdown.Send);
        Assert.That(Client.ReceiveAll(second), Is.EqualTo("1\n"), server.ToString());
        server.Take("drained");
        Assert.That(server.WaitForExit(), Is.Zero, server.ToString());
    }

    [Test]
    public void NothingUnderWayEndsAtOnce()
    {
        using Sample server = new("SignalShutdown");
        Client.Port(server);
        server.Send("TERM");
        server.Take("drained");
        Assert.That(server.WaitForExit(), Is.Zero, server.ToString());
    }

    [TestCase("TERM", 143)]
    [TestCase("INT", 130)]
    public void SecondSignalEndsAtOnce(string signal, int code)
    {
        using Sample server = new("SignalShutdown");
        using Socket client = Client.Connect(Client.Port(server));
        server.Take("1 clients");
        server.Send("TERM");
        server.Take(line => line.StartsWith("draining 1 clients", StringComparison.Ordinal));
        server.Send(signal);
        server.Take("ending at once, 1 clients are not served");
        Assert.That(server.WaitForExit(), Is.EqualTo(code), server.ToString());
    }

    [Test]
    public void ManyClientsAreServedOneAfterTheOther()
    {
        using Sample server = new("SignalShutdown");
        int port = Client.Port(server);
        for (int lines = 0; lines < 50; lines++)
        {
            using Socket client = Client.Connect(port);
            for (int i = 0; i < lines; i++)
                client.Send("line\n"u8);
            client.Shutdown(SocketShutdown.Send);
            Assert.That(Client.ReceiveAll(client), Is.EqualTo($"{lines}\n"), server.ToString());
        }
    }
}
