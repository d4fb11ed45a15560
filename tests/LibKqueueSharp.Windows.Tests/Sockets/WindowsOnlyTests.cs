using System.Net;
using System.Net.Sockets;
using LibKqueueSharp.Windows.Tests.Files;

namespace LibKqueueSharp.Windows.Tests.Sockets;

/// <summary>Written from the documentation and never run: Wine 8 has none of it.</summary>
internal sealed class WindowsOnlyTests
{
    [Test]
    [NeedsWindows("Wine has no sockets of AF_UNIX")]
    public void UnixSocketsAreListenedToReadAndEnded()
    {
        using Scratch scratch = new();
        using TestQueue kq = new();
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(scratch["socket"]));
        listener.Listen(1);
        kq.Add((nuint)listener.Handle, EventFilter.Read);
        kq.Quiet();
        Socket peer = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        peer.Connect(new UnixDomainSocketEndPoint(scratch["socket"]));
        Assert.That(kq.One().Ident, Is.EqualTo((nuint)listener.Handle));
        using Socket accepted = listener.Accept();
        kq.Apply((nuint)listener.Handle, EventFilter.Read, EventFlags.Delete);

        nuint ident = (nuint)accepted.Handle;
        kq.Add(ident, EventFilter.Write, EventFlags.OneShot);
        Assert.That(kq.One().Filter, Is.EqualTo(EventFilter.Write));
        kq.Add(ident, EventFilter.Read);
        kq.Quiet();
        peer.Send(new byte[3]);
        Assert.That(kq.One().Data, Is.EqualTo(3));
        accepted.Receive(new byte[3]);
        kq.Quiet();
        peer.Dispose();
        Assert.That(kq.One().IsEof, Is.True);
    }

    /// <summary>READ-SOCK-008: it fires, without EV_EOF.</summary>
    [Test]
    [NeedsWindows("Wine does not tell a UDP socket that nobody listened")]
    public void RefusedDatagramFires()
    {
        using Socket closed = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        EndPoint nobody = closed.LocalEndPoint!;
        closed.Dispose();
        using Socket sender = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Connect(nobody);
        using TestQueue kq = new();
        kq.Add((nuint)sender.Handle, EventFilter.Read);
        sender.Send(new byte[1]);
        KEvent e = kq.One();
        Assert.That((e.Filter, e.IsEof), Is.EqualTo((EventFilter.Read, false)), TestQueue.Describe([e]));
    }
}
