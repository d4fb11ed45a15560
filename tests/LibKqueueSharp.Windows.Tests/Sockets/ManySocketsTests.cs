namespace LibKqueueSharp.Windows.Tests.Sockets;

internal sealed class ManySocketsTests
{
    /// <summary>So many polls on the few handles that the queue has for them.</summary>
    [Test]
    public void AThousandSocketsAreToldOnceEach()
    {
        const int Pairs = 1_000;
        List<Pair> pairs = [];
        using TestQueue kq = new();
        try
        {
            while (pairs.Count < Pairs)
            {
                pairs.Add(new Pair());
                kq.Add(pairs[^1].Ident, EventFilter.Read, EventFlags.OneShot);
            }

            kq.Quiet();
            foreach (Pair pair in pairs)
                pair.Send(1);
            HashSet<nuint> told = [];
            KEvent[] events = new KEvent[256];
            while (told.Count < Pairs)
            {
                int count = kq.Queue.Wait(events, TestQueue.Patience);
                Assert.That(count, Is.Positive, $"{told.Count} of {Pairs}");
                foreach (KEvent e in events.AsSpan(0, count))
                    Assert.That(told.Add(e.Ident), Is.True, TestQueue.Describe([e]));
            }

            Assert.That(told, Is.EquivalentTo(pairs.Select(pair => pair.Ident)));
        }
        finally
        {
            pairs.ForEach(pair => pair.Dispose());
        }
    }

    /// <summary>Each asks whether the number stands for the same socket, and leaves a packet behind.</summary>
    [Test]
    public void AddsThatChangeNothingPileNothingUp()
    {
        OpenBackend backend = new();
        using Pair pair = new();
        using TestQueue kq = new(null, backend);
        for (int i = 0; i < 2_000; i++)
            kq.Add(pair.Ident, EventFilter.Read);
        Assert.That(backend.Poller.PollCount, Is.LessThan(500));
        kq.Quiet();
        pair.Send(3);
        Assert.That(kq.One().Data, Is.EqualTo(3));
        pair.Watched.Close();
        kq.Quiet();
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }
}
