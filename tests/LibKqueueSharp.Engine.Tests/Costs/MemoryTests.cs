using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Costs;

/// <summary>At most 160 managed bytes a knote, tables and heap included.</summary>
public sealed class MemoryTests
{
    private const int Count = 100_000;
    private const int MostBytes = 160;

    [Test]
    public void HundredThousandUserEvents() => Measure(i => Change.User((nuint)i, EventFlags.Add));

    [Test]
    public void HundredThousandTimers() => Measure(i => Change.Timer((nuint)i, EventFlags.Add, 1000 + i));

    private static void Measure(Func<int, KEvent> change)
    {
        KEvent[] changes = [.. Enumerable.Range(0, Count).Select(change)];
        using TestQueue kq = new();
        kq.Apply(changes.AsSpan(0, 1));
        long before = GC.GetTotalMemory(forceFullCollection: true);

        kq.Apply(changes);

        double bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(Count));
        Assert.That(bytes, Is.InRange(1, MostBytes));
        GC.KeepAlive(changes);
    }
}
