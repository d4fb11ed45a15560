using System.Collections.Concurrent;
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

    /// <summary>Closing and deleting while others wait, with and without an edge under way.</summary>
    [Test]
    [NeedsWindows("Wine's server dies on an assertion")]
    public void SocketsWithClearAreClosedByManyWhileOthersWait()
    {
        const int Workers = 4;
        const int Each = 500;
        using TestQueue kq = new();
        ConcurrentDictionary<nint, TaskCompletionSource> told = new();
        bool done = false;
        Task[] waiters = [.. Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(Wait, TaskCreationOptions.LongRunning))];
        Task[] workers = [.. Enumerable.Range(0, Workers).Select(i => Task.Factory.StartNew(() => Churn(i), TaskCreationOptions.LongRunning))];
        bool inTime = Task.WaitAll(workers, TestQueue.Patience * 10);
        Volatile.Write(ref done, true);
        Task.WaitAll(waiters);
        Assert.That(inTime, Is.True);
        kq.Quiet();
        Assert.That(kq.Queue.KnoteCount, Is.Zero);

        void Wait()
        {
            KEvent[] events = new KEvent[4];
            while (!Volatile.Read(ref done))
            {
                int count = kq.Queue.Wait(events, TimeSpan.FromMilliseconds(200));
                foreach (KEvent e in events.AsSpan(0, count))
                {
                    if (told.TryGetValue(e.UData, out TaskCompletionSource? one))
                        one.TrySetResult();
                }
            }
        }

        void Churn(int worker)
        {
            Random random = new(worker);
            for (int i = 0; i < Each; i++)
            {
                using Pair pair = new();
                TaskCompletionSource one = new();
                nint name = worker * Each + i + 1;
                told[name] = one;
                bool early = random.Next(2) == 0;
                if (early)
                    pair.Send(1);
                kq.Queue.Control([new KEvent(pair.Ident, EventFilter.Read, EventFlags.Add | EventFlags.Clear, 0, 0, name)], [], TimeSpan.Zero);
                if (random.Next(2) == 0)
                    kq.Add(pair.Ident, EventFilter.Write, EventFlags.Clear | EventFlags.Disable);
                if (!early)
                    pair.Send(1);
                Assert.That(one.Task.Wait(TestQueue.Patience), Is.True, $"worker {worker}, socket {i}, sent {(early ? "before" : "after")} EV_ADD");
                if (random.Next(3) == 0)
                    kq.Apply(pair.Ident, EventFilter.Read, EventFlags.Delete);
                told.TryRemove(name, out _);
            }
        }
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
