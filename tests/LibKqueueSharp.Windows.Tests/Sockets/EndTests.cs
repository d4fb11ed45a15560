using System.Net;
using System.Net.Sockets;

namespace LibKqueueSharp.Windows.Tests.Sockets;

internal sealed class EndTests
{
    [Test]
    public void PeerShutsDownItsSide([Values] bool clear)
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, clear ? EventFlags.Clear : EventFlags.None);
        pair.Peer.Shutdown(SocketShutdown.Send);
        KEvent e = kq.One();
        Assert.That((e.Flags & EventFlags.Eof, e.FFlags, e.Data), Is.EqualTo((EventFlags.Eof, 0u, 0L)), TestQueue.Describe([e]));
        if (clear)
            kq.Quiet();
        else
            Assert.That(kq.One().Flags & EventFlags.Eof, Is.EqualTo(EventFlags.Eof));
    }

    [Test]
    public void BytesBeforeTheEndAreNotLost([Values] bool clear)
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, clear ? EventFlags.Clear : EventFlags.None);
        pair.Send(6);
        pair.Peer.Shutdown(SocketShutdown.Send);
        KEvent e = kq.One();
        Assert.That(e.Data, Is.EqualTo(6), TestQueue.Describe([e]));
        Assert.That(pair.Drain(), Is.EqualTo(6));
        while ((e.Flags & EventFlags.Eof) == 0)
            e = kq.One();
    }

    [Test]
    public void ResetTellsItsErrorInFflags([Values] bool clear)
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, clear ? EventFlags.Clear : EventFlags.None);
        kq.Quiet();
        pair.Reset();
        KEvent e = kq.One();
        Assert.That((e.Flags & EventFlags.Eof, (Errno)e.FFlags), Is.EqualTo((EventFlags.Eof, Errno.ECONNRESET)), TestQueue.Describe([e]));
        if (clear)
            kq.Quiet();
    }

    [Test]
    public void WriterHearsOfTheReset()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Write, EventFlags.Clear);
        Assert.That(kq.One().Flags & EventFlags.Eof, Is.EqualTo(EventFlags.None));
        kq.Quiet();
        pair.Reset();
        KEvent e = kq.One();
        Assert.That((e.Flags & EventFlags.Eof, (Errno)e.FFlags), Is.EqualTo((EventFlags.Eof, Errno.ECONNRESET)), TestQueue.Describe([e]));
    }

    [Test]
    public void OwnShutdownEndsWriting()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        pair.Watched.Shutdown(SocketShutdown.Send);
        kq.Add(pair.Ident, EventFilter.Write);
        Assert.That(kq.One().Flags & EventFlags.Eof, Is.EqualTo(EventFlags.Eof));
    }

    [Test]
    public void WritingStaysEndedWhenThePeerEndsToo()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Write);
        pair.Watched.Shutdown(SocketShutdown.Send);
        Assert.That(kq.One().Flags & EventFlags.Eof, Is.EqualTo(EventFlags.Eof));
        pair.Peer.Shutdown(SocketShutdown.Send);
        Thread.Sleep(50);
        KEvent e = kq.One();
        Assert.That(e.Flags & EventFlags.Eof, Is.EqualTo(EventFlags.Eof), TestQueue.Describe([e]));
    }

    [Test]
    public void CloseDropsTheRegistrationWithoutAnEvent([Values] bool clear, [Values] bool hadEvent)
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, clear ? EventFlags.Clear : EventFlags.None);
        kq.Add(pair.Ident, EventFilter.Write, EventFlags.Disable);
        if (hadEvent)
        {
            pair.Send(1);
            kq.One();
        }

        pair.Watched.Close();
        kq.Quiet();
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void CloseThenReuseNumber()
    {
        using TestQueue kq = new();
        for (int i = 0; i < 50; i++)
        {
            using Pair first = new();
            nuint ident = first.Ident;
            kq.Add(ident, EventFilter.Read, EventFlags.Clear);
            first.Send(1);
            kq.One();
            first.Watched.Close();
            using Pair second = new();
            kq.Add(second.Ident, EventFilter.Read);
            Assert.That(kq.Poll(), Is.Empty);
            second.Send(2);
            Assert.That(kq.One().Data, Is.EqualTo(2));
            kq.Apply(second.Ident, EventFilter.Read, EventFlags.Delete);
        }
    }

    [Test]
    public void ListenerCountsAtLeastOne()
    {
        using Socket listener = Listener();
        using TestQueue kq = new();
        kq.Add((nuint)listener.Handle, EventFilter.Read);
        kq.Quiet();
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        Assert.That(kq.One().Data, Is.GreaterThanOrEqualTo(1));
        Assert.That(kq.One().Data, Is.GreaterThanOrEqualTo(1));
        using Socket accepted = listener.Accept();
        kq.Quiet();
    }

    [Test]
    public void ListenerWithClearTellsEachConnectionThatIsAccepted()
    {
        using Socket listener = Listener();
        using TestQueue kq = new();
        kq.Add((nuint)listener.Handle, EventFilter.Read, EventFlags.Clear);
        for (int i = 0; i < 5; i++)
        {
            using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            client.Connect(listener.LocalEndPoint!);
            kq.One();
            kq.Quiet();
            using Socket accepted = listener.Accept();
        }
    }

    [Test]
    public void ConnectionIsWritableOnceItStands()
    {
        using Socket listener = Listener();
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        using TestQueue kq = new();
        kq.Add((nuint)client.Handle, EventFilter.Write);
        kq.Quiet();
        Connect(client, listener.LocalEndPoint!);
        Assert.That(kq.One().Flags & EventFlags.Eof, Is.EqualTo(EventFlags.None));
    }

    [Test]
    public void RefusedConnection([Values(EventFilter.Read, EventFilter.Write)] EventFilter filter, [Values] bool before)
    {
        EndPoint nobody;
        using (Socket listener = Listener())
            nobody = listener.LocalEndPoint!;
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        using TestQueue kq = new();
        if (before)
            kq.Add((nuint)client.Handle, filter);
        Connect(client, nobody);
        if (!before)
            kq.Add((nuint)client.Handle, filter);
        KEvent e = kq.One();
        Assert.That((e.Flags & EventFlags.Eof, (Errno)e.FFlags), Is.EqualTo((EventFlags.Eof, Errno.ECONNREFUSED)), TestQueue.Describe([e]));
    }

    [Test]
    public void NeverConnectedIsSilent([Values(EventFilter.Read, EventFilter.Write)] EventFilter filter)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using TestQueue kq = new();
        kq.Add((nuint)socket.Handle, filter);
        kq.Quiet();
    }

    [Test]
    public void WhatIsNoSocketIsRefused()
    {
        using TestQueue kq = new();
        Assert.That(kq.Try(0x7ff0, EventFilter.Read, EventFlags.Add), Is.EqualTo(Errno.EBADF));
        using EventWaitHandle other = new(false, EventResetMode.AutoReset);
        Assert.That(
            kq.Try((nuint)other.SafeWaitHandle.DangerousGetHandle(), EventFilter.Read, EventFlags.Add), Is.EqualTo(Errno.ENOTSUP));
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    private static Socket Listener()
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(8);
        return listener;
    }

    private static void Connect(Socket client, EndPoint to)
    {
        try
        {
            client.Connect(to);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
        {
        }
    }
}
