using System.Net.Sockets;

namespace LibKqueueSharp.Windows.Tests.Sockets;

internal sealed class ExceptTests
{
    [Test]
    public void EndAfterUrgentDataThatNobodyAskedFor([Values] bool clear, [Values] bool reset)
    {
        using Pair pair = new();
        using TestQueue kq = new(Dialect.MacOs);
        kq.Add(pair.Ident, EventFilter.Except, clear ? EventFlags.Clear : EventFlags.None);
        pair.Peer.Send(new byte[1], SocketFlags.OutOfBand);
        kq.Quiet();
        EndOrReset(pair, reset);
        Assert.That(kq.One().IsEof, Is.True);
    }

    [Test]
    public void EndAfterUrgentDataThatWasToldOnce([Values] bool reset)
    {
        using Pair pair = new();
        using TestQueue kq = new(Dialect.MacOs);
        kq.Add(pair.Ident, EventFilter.Except, EventFlags.Clear, (uint)ReadWriteNotes.OutOfBand);
        pair.Peer.Send(new byte[1], SocketFlags.OutOfBand);
        KEvent e = kq.One();
        Assert.That((e.FFlags, e.IsEof), Is.EqualTo(((uint)ReadWriteNotes.OutOfBand, false)), TestQueue.Describe([e]));
        kq.Quiet();
        EndOrReset(pair, reset);
        e = kq.One();
        Assert.That(e.IsEof, Is.True, TestQueue.Describe([e]));
        kq.Quiet();
    }

    private static void EndOrReset(Pair pair, bool reset)
    {
        if (reset)
            pair.Reset();
        else
            pair.Peer.Shutdown(SocketShutdown.Send);
    }
}
