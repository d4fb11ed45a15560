using System.Runtime;
using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Costs;

/// <summary>At most 160 managed bytes a knote, tables and heap included.</summary>
public sealed class MemoryTests
{
    private const int Count = 100_000;
    private const int MostBytes = 160;
    private const int Attempts = 3;

    /// <summary>The counts of one run and the next differ by up to 3 MB, of what the collector left unused, it seems: 8 bytes a knote of so many.</summary>
    private const int Queues = 4;

    [Test]
    public void HundredThousandUserEvents() => Measure(i => Change.User((nuint)i, EventFlags.Add));

    [Test]
    public void HundredThousandTimers() => Measure(i => Change.Timer((nuint)i, EventFlags.Add, 1000 + i));

    /// <summary>What else goes on in the process adds to a measurement: one of several is within the limit.</summary>
    private static void Measure(Func<int, KEvent> change)
    {
        KEvent[] changes = [.. Enumerable.Range(0, Count).Select(change)];
        List<double> bytes = [];
        do
            bytes.Add(BytesOf(changes));
        while (bytes[^1] > MostBytes && bytes.Count < Attempts);
        TestContext.Out.WriteLine(string.Join(", ", bytes));
        Assert.That(bytes[^1], Is.InRange(1, MostBytes), () => $"{string.Join(", ", bytes)}; {Heap()}");
    }

    private static double BytesOf(KEvent[] changes)
    {
        TestQueue[] queues = [.. Enumerable.Range(0, Queues).Select(_ => new TestQueue())];
        foreach (TestQueue kq in queues)
            kq.Apply(changes.AsSpan(0, 1));
        long before = UsedBytes();

        foreach (TestQueue kq in queues)
            kq.Apply(changes);

        double bytes = (double)(UsedBytes() - before) / (Queues * Count);
        foreach (TestQueue kq in queues)
        {
            Assert.That(kq.Queue.KnoteCount, Is.EqualTo(Count));
            kq.Dispose();
        }

        return bytes;
    }

    private static string Heap()
    {
        GCMemoryInfo info = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        IEnumerable<string> generations = info.GenerationInfo.ToArray().Select(g => $"{g.SizeAfterBytes} with {g.FragmentationAfterBytes} unused");
        return $"compacted: {info.Compacted}, pinned: {info.PinnedObjectsCount}, generations: {string.Join(", ", generations)}";
    }

    /// <summary>
    /// What a collection that moves nothing leaves between the objects may be counted as used: the tables that were outgrown (3.4 MB of 14 MB in two of
    /// three runs beside much other work).
    /// </summary>
    private static long UsedBytes()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        for (int i = 0; i < 2; i++)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: false);
    }
}
