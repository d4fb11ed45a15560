using System.Net;
using System.Net.Sockets;

namespace LibKqueueSharp.Windows.Tests.Sockets;

/// <summary>With EV_CLEAR an end is told once for each change that asks for it, also when that change finds it.</summary>
internal sealed class EndedAlreadyTests
{
    [Test]
    public void EndBeforeRegistration()
    {
        using Pair pair = new();
        pair.Peer.Shutdown(SocketShutdown.Send);
        Await(pair.Watched, SelectMode.SelectRead);
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
        Ends(kq, Errno.None);
        kq.Quiet();
    }

    [Test]
    public void ResetBeforeRegistration([Values(EventFilter.Read, EventFilter.Write)] EventFilter filter)
    {
        using Pair pair = new();
        pair.Reset();
        Await(pair.Watched, SelectMode.SelectRead);
        using TestQueue kq = new();
        kq.Add(pair.Ident, filter, EventFlags.Clear);
        Ends(kq, Errno.ECONNRESET);
        kq.Quiet();
    }

    [Test]
    public void RefusalBeforeRegistration([Values(EventFilter.Read, EventFilter.Write)] EventFilter filter)
    {
        EndPoint nobody;
        using (Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            nobody = probe.LocalEndPoint!;
        }

        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        Assert.That(Assert.Throws<SocketException>(() => client.Connect(nobody))!.SocketErrorCode, Is.EqualTo(SocketError.WouldBlock));
        Await(client, SelectMode.SelectError);
        using TestQueue kq = new();
        kq.Add((nuint)client.Handle, filter, EventFlags.Clear);
        Ends(kq, Errno.ECONNREFUSED);
        kq.Quiet();
    }

    [Test]
    public void EndWhileDisabled()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
        kq.Apply(pair.Ident, EventFilter.Read, EventFlags.Disable);
        pair.Peer.Shutdown(SocketShutdown.Send);
        kq.Quiet();
        kq.Apply(pair.Ident, EventFilter.Read, EventFlags.Enable);
        Ends(kq, Errno.None);
        kq.Quiet();
    }

    /// <summary>EV_DISABLE before anything was asked, where EV_ADD asks nevertheless.</summary>
    [Test]
    public void EndBeforeRegistrationThatIsDisabled()
    {
        using Pair pair = new();
        pair.Peer.Shutdown(SocketShutdown.Send);
        Await(pair.Watched, SelectMode.SelectRead);
        using TestQueue kq = new(Dialect.NetBsd);
        kq.Add(pair.Ident, EventFilter.Read, EventFlags.Clear | EventFlags.Disable);
        kq.Quiet();
        kq.Apply(pair.Ident, EventFilter.Read, EventFlags.Enable);
        Ends(kq, Errno.None);
        kq.Quiet();
    }

    /// <summary>A reader who stops early asks again, and finds the end with that.</summary>
    [Test]
    public void EndBetweenReadingAndAskingAgain()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
        pair.Send(200);
        kq.One();
        Assert.That(pair.Drain(), Is.EqualTo(200));
        pair.Peer.Shutdown(SocketShutdown.Send);
        Await(pair.Watched, SelectMode.SelectRead);
        kq.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
        Ends(kq, Errno.None);
        kq.Quiet();
    }

    [Test]
    public void AddAgainTellsTheEndAgain([Values(EventFilter.Read, EventFilter.Write)] EventFilter filter)
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, filter, EventFlags.Clear);
        if (filter == EventFilter.Write)
            kq.One();
        pair.Reset();
        for (int i = 0; i < 3; i++)
        {
            Ends(kq, Errno.ECONNRESET);
            kq.Quiet();
            kq.Add(pair.Ident, filter, EventFlags.Clear);
        }
    }

    /// <summary>The end has come, by a call that takes nothing away.</summary>
    private static void Await(Socket socket, SelectMode mode) => Assert.That(socket.Poll(TestQueue.Patience, mode), Is.True);

    private static void Ends(TestQueue kq, Errno error)
    {
        KEvent e = kq.One();
        Assert.That((e.Flags & EventFlags.Eof, (Errno)e.FFlags), Is.EqualTo((EventFlags.Eof, error)), TestQueue.Describe([e]));
    }
}
