using System.Net.Sockets;

namespace LibKqueueSharp.Windows.Tests.Sockets;

internal sealed class LevelTests
{
    [Test]
    public void DataArrivesBeforeTheWait()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        pair.Send(5);
        kq.Add(pair.Ident, EventFilter.Read);
        Assert.That(kq.One().Data, Is.EqualTo(5));
    }

    [Test]
    public void DataArrivesDuringTheWait([Values(AddressFamily.InterNetwork, AddressFamily.InterNetworkV6)] AddressFamily family)
    {
        using Pair pair = new(family);
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read);
        using Timer timer = new(_ => pair.Send(7), null, 50, Timeout.Infinite);
        KEvent e = kq.One();
        Assert.That((e.Ident, e.Filter, e.Data), Is.EqualTo((pair.Ident, EventFilter.Read, 7L)));
    }

    [Test]
    public void LevelRepeatsUntilDrained()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read);
        pair.Send(10);
        Assert.That(kq.One().Data, Is.EqualTo(10));
        Assert.That(kq.One().Data, Is.EqualTo(10));
        pair.Read(4);
        Assert.That(kq.One().Data, Is.EqualTo(6));
        pair.Drain();
        kq.Quiet();
        pair.Send(3);
        Assert.That(kq.One().Data, Is.EqualTo(3));
    }

    [Test]
    public void DrainedBeforeTheScanIsNoEvent()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read);
        pair.Send(10);
        Thread.Sleep(50);
        pair.Drain();
        kq.Quiet();
        pair.Send(1);
        Assert.That(kq.One().Data, Is.EqualTo(1));
    }

    [Test]
    public void NothingReachesALowWaterMarkOfZero()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, notes: (uint)ReadWriteNotes.LowWater, data: 0);
        Assert.That(kq.One().Data, Is.Zero);
        pair.Send(2);
        KEvent e = kq.One();
        Assert.That(e.Data, Is.EqualTo(2), TestQueue.Describe([e]));
    }

    [Test]
    public void RegisteringThreadHasEnded([Values] bool clear)
    {
        using Pair pair = new();
        using TestQueue kq = new();
        Thread other = new(() => kq.Add(pair.Ident, EventFilter.Read, clear ? EventFlags.Clear : EventFlags.None));
        other.Start();
        other.Join();
        kq.Quiet();
        pair.Send(3);
        Assert.That(kq.One().Data, Is.EqualTo(3));
    }

    [Test]
    public void LowWaterMarkIsSilentBelowIt()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, notes: (uint)ReadWriteNotes.LowWater, data: 10);
        pair.Send(9);
        kq.Quiet();
        pair.Send(1);
        Assert.That(kq.One().Data, Is.EqualTo(10));
    }

    [Test]
    public void LowWaterMarkDoesNotHideTheEnd()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, notes: (uint)ReadWriteNotes.LowWater, data: 10);
        pair.Reset();
        Assert.That(kq.One().Flags & EventFlags.Eof, Is.EqualTo(EventFlags.Eof));
    }

    [Test]
    public void OneShotIsGoneAfterItsEvent()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, EventFlags.OneShot);
        pair.Send(1);
        Assert.That(kq.One().Data, Is.EqualTo(1));
        kq.Quiet();
        Assert.That(kq.Try(pair.Ident, EventFilter.Read, EventFlags.Delete), Is.EqualTo(Errno.ENOENT));
    }

    [Test]
    public void DispatchIsSilentUntilEnabled()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, EventFlags.Dispatch);
        pair.Send(1);
        Assert.That(kq.One().Data, Is.EqualTo(1));
        pair.Send(1);
        kq.Quiet();
        kq.Apply(pair.Ident, EventFilter.Read, EventFlags.Enable);
        Assert.That(kq.One().Data, Is.EqualTo(2));
        pair.Drain();
        kq.Apply(pair.Ident, EventFilter.Read, EventFlags.Enable);
        kq.Quiet();
        pair.Send(5);
        Assert.That(kq.One().Data, Is.EqualTo(5));
    }

    [Test]
    public void DisabledWhileThePollIsUnderWay()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read);
        kq.Apply(pair.Ident, EventFilter.Read, EventFlags.Disable);
        pair.Send(1);
        kq.Quiet();
        kq.Apply(pair.Ident, EventFilter.Read, EventFlags.Enable);
        Assert.That(kq.One().Data, Is.EqualTo(1));
    }

    [Test]
    public void DeleteThenAddWhileThePollIsUnderWay()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        for (int i = 0; i < 20; i++)
        {
            kq.Add(pair.Ident, EventFilter.Read);
            kq.Apply(pair.Ident, EventFilter.Read, EventFlags.Delete);
        }

        pair.Send(1);
        kq.Quiet();
        kq.Add(pair.Ident, EventFilter.Read);
        Assert.That(kq.One().Data, Is.EqualTo(1));
    }

    [Test]
    public void OneSocketInTwoQueues()
    {
        using Pair pair = new();
        using TestQueue a = new();
        using TestQueue b = new();
        a.Add(pair.Ident, EventFilter.Read);
        b.Add(pair.Ident, EventFilter.Read);
        pair.Send(2);
        Assert.That(a.One().Data, Is.EqualTo(2));
        Assert.That(b.One().Data, Is.EqualTo(2));
    }

    [Test]
    public void RoomToWriteUntilTheBufferIsFull()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Write);
        Assert.That(kq.One().Data, Is.GreaterThan(0));
        Fill(pair.Watched);
        Assert.That(kq.Poll(), Is.Empty);
        Empty(pair.Peer);
        Assert.That(kq.One().Data, Is.GreaterThan(0));
    }

    /// <summary>The deviation send-room.</summary>
    [Test]
    public void WriteTellsTheSizeOfTheBuffer()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Write);
        Assert.That(kq.One().Data, Is.EqualTo(pair.Watched.SendBufferSize));
        pair.Watched.Send(new byte[3000]);
        Assert.That(kq.One().Data, Is.EqualTo(pair.Watched.SendBufferSize));
    }

    [Test]
    public void ReadAndWriteOfOneSocket()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read);
        kq.Add(pair.Ident, EventFilter.Write);
        Assert.That(kq.One().Filter, Is.EqualTo(EventFilter.Write));
        pair.Send(1);
        Assert.That(() => kq.Poll().Length, Is.EqualTo(2).After(5000, 20));
    }

    [Test]
    public void Datagrams()
    {
        using Socket watched = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using Socket sender = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        watched.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        using TestQueue kq = new();
        kq.Add((nuint)watched.Handle, EventFilter.Read);
        kq.Quiet();
        sender.SendTo(new byte[9], watched.LocalEndPoint!);
        Assert.That(kq.One().Data, Is.EqualTo(9));
        watched.Receive(new byte[9]);
        kq.Quiet();
        sender.SendTo([], watched.LocalEndPoint!);
        Assert.That(kq.One().Data, Is.Zero);
    }

    [Test]
    public void UrgentData()
    {
        using Pair pair = new();
        using TestQueue kq = new(Dialect.OpenBsd);
        kq.Add(pair.Ident, EventFilter.Except, notes: (uint)ReadWriteNotes.OutOfBand);
        pair.Send(3);
        kq.Quiet();
        pair.Peer.Send([1], SocketFlags.OutOfBand);
        Assert.That(kq.One().FFlags, Is.EqualTo((uint)ReadWriteNotes.OutOfBand));
    }

    private static void Fill(Socket socket)
    {
        byte[] chunk = new byte[65536];
        for (SocketError error = SocketError.Success; error == SocketError.Success;)
            socket.Send(chunk, SocketFlags.None, out error);
    }

    private static void Empty(Socket socket)
    {
        byte[] buffer = new byte[1 << 20];
        socket.Blocking = false;
        for (int idle = 0; idle < 20;)
        {
            socket.Receive(buffer, SocketFlags.None, out SocketError error);
            if (error == SocketError.Success)
                continue;
            idle++;
            Thread.Sleep(5);
        }
    }
}
