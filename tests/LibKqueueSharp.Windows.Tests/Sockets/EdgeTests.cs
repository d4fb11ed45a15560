using System.Reflection;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows.Tests.Sockets;

internal sealed class EdgeTests
{
    [Test]
    public void DispatchedAndEnabledWhereEnablingAsksNothing([Values] bool drained, [Values] bool meanwhile)
    {
        using Pair pair = new();
        using TestQueue kq = new(Dialect.NetBsd);
        kq.Add(pair.Ident, EventFilter.Read, EventFlags.Dispatch);
        pair.Send(2);
        Assert.That(kq.One().Data, Is.EqualTo(2));
        if (drained)
            pair.Drain();
        if (meanwhile)
            pair.Send(2);
        kq.Apply(pair.Ident, EventFilter.Read, EventFlags.Enable);
        if (!meanwhile)
        {
            kq.Quiet();
            pair.Send(2);
        }

        Assert.That(kq.One().Data, Is.EqualTo(drained ? 2 : 4));
    }

    [Test]
    public void UndrainedIsSilent()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
        pair.Send(10);
        Assert.That(kq.One().Data, Is.EqualTo(10));
        kq.Quiet();
        kq.Quiet();
    }

    [Test]
    public void MoreBytesAreAnEdge()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
        pair.Send(10);
        Assert.That(kq.One().Data, Is.EqualTo(10));
        pair.Send(5);
        Assert.That(kq.One().Data, Is.EqualTo(15));
    }

    [Test]
    public void DrainedAndFilledToTheSameSizeIsAnEdge()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
        pair.Send(10);
        for (int i = 0; i < 50; i++)
        {
            Assert.That(kq.One().Data, Is.EqualTo(10), $"round {i}");
            Assert.That(pair.Drain(), Is.EqualTo(10));
            pair.Send(10);
        }
    }

    [Test]
    public void DrainedIsSilentUntilMoreComes()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
        for (int i = 0; i < 3; i++)
        {
            pair.Send(10);
            Assert.That(kq.One().Data, Is.EqualTo(10));
            pair.Drain();
            kq.Quiet();
        }
    }

    [Test]
    public void AddAgainTellsWhatIsThere()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
        pair.Send(10);
        Assert.That(kq.One().Data, Is.EqualTo(10));
        kq.Quiet();
        kq.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
        Assert.That(kq.One().Data, Is.EqualTo(10));
    }

    [Test]
    public void EdgesOfOneSocketInTwoQueues()
    {
        using Pair pair = new();
        using TestQueue a = new();
        using TestQueue b = new();
        a.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
        b.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
        for (int i = 0; i < 10; i++)
        {
            pair.Send(4);
            Assert.That(a.One().Data, Is.EqualTo(4));
            Assert.That(b.One().Data, Is.EqualTo(4));
            pair.Drain();
        }
    }

    [Test]
    public void RoomIsToldOnce()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        kq.Add(pair.Ident, EventFilter.Write, EventFlags.Clear);
        kq.One();
        kq.Quiet();
        pair.Watched.Send(new byte[100]);
        kq.Quiet();
    }

    /// <summary>A record is told to all queues with EV_CLEAR registrations; one that looks at none has no use for it.</summary>
    [Test]
    public void RecordDoesNotWaitForAQueueThatLooksAtNothing()
    {
        OpenBackend backend = new();
        using Pair pair = new();
        using TestQueue kq = new(null, backend);
        kq.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
        using ManualResetEventSlim held = new(false);
        using ManualResetEventSlim told = new(false);
        Task holder = Task.Factory.StartNew(() => Hold(backend.Poller.Queue, held, told), TaskCreationOptions.LongRunning);
        Assert.That(held.Wait(TestQueue.Patience), Is.True);
        Task teller = Task.Factory.StartNew(backend.Poller.EdgeRecorded, TaskCreationOptions.LongRunning);
        bool inTime = teller.Wait(TestQueue.Patience);
        told.Set();
        holder.Wait();
        teller.Wait();
        Assert.That(inTime, Is.True);
    }

    private static void Hold(EmulatedQueue queue, ManualResetEventSlim held, ManualResetEventSlim told)
    {
        Lock gate = (Lock)typeof(EmulatedQueue).GetField("_gate", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(queue)!;
        lock (gate)
        {
            held.Set();
            told.Wait();
        }
    }
}
