using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>EVFILT_READ on listening sockets: data is the real backlog (READ-LSTN).</summary>
internal sealed class ListenerTests : LinuxFixture
{
    private static readonly PairKind[] s_kinds = [PairKind.Tcp, PairKind.UnixStream, PairKind.UnixSeqPacket];

    [TestCaseSource(nameof(s_kinds))]
    public void DataIsTheBacklogAndDropsWithAccept(PairKind kind)
    {
        Fd listener = Listen(kind, out Func<Fd> connect);
        TestQueue q = NewQueue();
        q.AddRead(listener);
        q.ExpectSilence("nobody has connected");
        for (int i = 1; i <= 5; i++)
        {
            Keep(connect());
            q.Settle(Ev.Read(listener, i));
        }

        for (int i = 4; i >= 0; i--)
        {
            Keep(Sockets.Accept(listener));
            q.Settle(i == 0 ? [] : [Ev.Read(listener, i)]);
        }
    }

    [TestCaseSource(nameof(s_kinds))]
    public void ClearFiresForEachConnectionAndForAccept(PairKind kind)
    {
        Fd listener = Listen(kind, out Func<Fd> connect);
        TestQueue q = NewQueue();
        q.AddRead(listener, EventFlags.Clear);
        for (int i = 1; i <= 3; i++)
        {
            Keep(connect());
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(listener, i, EventFlags.Clear)));
            q.ExpectSilence();
        }

        Keep(Sockets.Accept(listener));
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(listener, 2, EventFlags.Clear)), "the trace tcp_listen_backlog_clear of FreeBSD");
        Keep(Sockets.Accept(listener));
        Keep(Sockets.Accept(listener));
        q.ExpectSilence("the backlog is empty");
    }

    [Test]
    public void ListenAfterAddSwitchesTheMeaning()
    {
        // READ-LSTN-005.
        Fd socket = Keep(Sockets.TcpSocket());
        TestQueue q = NewQueue();
        q.AddRead(socket);
        q.ExpectSilence();
        Assert.That(Syscall.listen(socket, 4), Is.Zero);
        SockaddrIn address = new();
        Assert.That(Syscall.getsockname(socket, address), Is.Zero);
        Fd client = Keep(Sockets.TcpSocket());
        Sockets.Connect(client, Syscall.ntohs(address.sin_port));
        q.Settle(Ev.Read(socket, 1));
    }

    [Test]
    public void AbortedConnectionStillCounts()
    {
        Fd listener = Keep(Sockets.TcpListener(out ushort port));
        TestQueue q = NewQueue();
        q.AddRead(listener);
        Fd client = Sockets.TcpSocket();
        Sockets.Connect(client, port);
        q.Settle(Ev.Read(listener, 1));
        Sockets.ResetOnClose(client);
        client.Dispose();
        q.Settle(Ev.Read(listener, 1));
        Keep(Sockets.Accept(listener));
        q.Settle();
    }

    private Fd Listen(PairKind kind, out Func<Fd> connect)
    {
        if (kind == PairKind.Tcp)
        {
            Fd tcp = Keep(Sockets.TcpListener(out ushort port));
            connect = () =>
            {
                Fd client = Sockets.TcpSocket();
                Sockets.Connect(client, port);
                return client;
            };
            return tcp;
        }

        UnixSocketType type = kind == PairKind.UnixStream ? UnixSocketType.SOCK_STREAM : UnixSocketType.SOCK_SEQPACKET;
        string path = Temp.Path("listener");
        connect = () => Sockets.UnixConnect(path, type);
        return Keep(Sockets.UnixListener(path, type));
    }
}
