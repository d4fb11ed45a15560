using System.IO.Pipes;

namespace LibKqueueSharp.Windows.Tests.Pipes;

/// <summary>A named pipe has no other end until a client connects, and may get another client when that one was sent away.</summary>
internal sealed class NamedPipeTests
{
    [Test]
    public void ServerIsWatchedBeforeItsClientConnects([Values] bool clear)
    {
        using NamedServer server = new();
        using TestQueue kq = new();
        kq.Add(server.Ident, EventFilter.Read, clear ? EventFlags.Clear : EventFlags.None);
        kq.Quiet();
        using NamedPipeClientStream client = server.Connect();
        kq.Quiet();
        client.Write("abc"u8);
        Assert.That(kq.One().Data, Is.EqualTo(3));
    }

    [Test]
    public void ServerCannotBeWrittenBeforeItsClientConnects()
    {
        using NamedServer server = new();
        using TestQueue kq = new();
        kq.Add(server.Ident, EventFilter.Write);
        kq.Quiet();
        using NamedPipeClientStream client = server.Connect();
        KEvent e = kq.One();
        Assert.That((e.IsEof, e.Data > 0), Is.EqualTo((false, true)), TestQueue.Describe([e]));
    }

    [Test]
    public void SentAwayIsTheEndOnBothSides([Values(EventFilter.Read, EventFilter.Write)] EventFilter filter)
    {
        using NamedServer server = new();
        using NamedPipeClientStream client = server.Connect();
        using TestQueue kq = new();
        kq.Add(server.Ident, filter, EventFlags.Clear);
        kq.Add((nuint)client.SafePipeHandle.DangerousGetHandle(), filter, EventFlags.Clear);
        if (filter == EventFilter.Write)
            Assert.That(kq.Poll(), Has.Length.EqualTo(2));
        kq.Quiet();
        server.Disconnect();
        List<KEvent> events = [];
        while (events.Count < 2)
        {
            KEvent[] some = new KEvent[2];
            int count = kq.Queue.Wait(some, TestQueue.Patience);
            Assert.That(count, Is.Positive);
            events.AddRange(some[..count]);
        }

        Assert.That(events.TrueForAll(e => e.IsEof), Is.True, TestQueue.Describe(events.ToArray()));
        kq.Quiet();
    }

    /// <summary>As a socket's end is told for each connection, and the first end is not the last.</summary>
    [Test]
    public void EachClientHasAnEnd([Values(EventFilter.Read, EventFilter.Write)] EventFilter filter)
    {
        using NamedServer server = new();
        using TestQueue kq = new(Dialect.NetBsd);
        kq.Add(server.Ident, filter, EventFlags.Clear);
        for (int i = 0; i < 3; i++)
        {
            using (NamedPipeClientStream client = server.Connect())
            {
                if (filter == EventFilter.Read)
                    client.Write(new byte[2]);
                KEvent e = kq.One();
                Assert.That((e.IsEof, e.Data > 0), Is.EqualTo((false, true)), TestQueue.Describe([e]));
                if (filter == EventFilter.Read)
                    server.Stream.ReadExactly(new byte[2]);
                kq.Quiet();
            }

            KEvent end = kq.One();
            Assert.That(end.IsEof, Is.True, TestQueue.Describe([end]));
            kq.Quiet();
            server.Disconnect();
        }
    }

    /// <summary>On Windows most questions about such a pipe wait for whoever reads from it.</summary>
    [Test]
    public void PipeThatIsReadIsDeletedAndItsQueueClosed([Values] bool close, [Values(EventFilter.Read, EventFilter.Write)] EventFilter filter)
    {
        using NamedServer server = new();
        using NamedPipeClientStream client = server.Connect();
        TestQueue kq = new();
        kq.Add(server.Ident, filter);
        Task<int> reading = Task.Factory.StartNew(() => server.Stream.Read(new byte[4]), TaskCreationOptions.LongRunning);
        Thread.Sleep(TestQueue.Silence);
        Task ended = Task.Run(() =>
        {
            if (!close)
                kq.Apply(server.Ident, filter, EventFlags.Delete);
            kq.Dispose();
        });
        bool inTime = ended.Wait(TestQueue.Patience);
        client.Write(new byte[1]);
        Assert.That((inTime, reading.Result), Is.EqualTo((true, 1)));
        ended.Wait();
    }
}
