using System.Globalization;

namespace LibKqueueSharp.Windows.Tests;

/// <summary>A queue, with failures that show whole events.</summary>
internal sealed class TestQueue(Dialect? dialect = null, KqueueBackend? backend = null) : IDisposable
{
    /// <summary>How long something that must happen may take: the machine may be busy.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>How long nothing may happen. Shorter than that proves little, longer costs time in each test.</summary>
    internal static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(120);

    internal Kqueue Queue { get; } = Kqueue.Create(backend ?? new WindowsBackend(), dialect);

    internal void Apply(nuint ident, EventFilter filter, EventFlags flags, uint notes = 0, long data = 0) =>
        Queue.Control([new KEvent(ident, filter, flags, notes, data)], [], TimeSpan.Zero);

    internal void Add(nuint ident, EventFilter filter, EventFlags flags = EventFlags.None, uint notes = 0, long data = 0) =>
        Apply(ident, filter, EventFlags.Add | flags, notes, data);

    internal Errno Try(nuint ident, EventFilter filter, EventFlags flags)
    {
        KEvent[] records = new KEvent[1];
        Queue.Control([new KEvent(ident, filter, flags | EventFlags.Receipt, 0, 0)], records, TimeSpan.Zero);
        return (Errno)records[0].Data;
    }

    /// <summary>The next event, which must come.</summary>
    internal KEvent One()
    {
        KEvent[] events = new KEvent[8];
        int count = Queue.Wait(events, Patience);
        Assert.That(count, Is.EqualTo(1), () => Describe(events.AsSpan(0, count)));
        return events[0];
    }

    internal KEvent[] Poll(int room = 16)
    {
        KEvent[] events = new KEvent[room];
        return events[..Queue.Wait(events, TimeSpan.Zero)];
    }

    /// <summary>Nothing comes for a while.</summary>
    internal void Quiet()
    {
        KEvent[] events = new KEvent[8];
        int count = Queue.Wait(events, Silence);
        Assert.That(count, Is.Zero, () => Describe(events.AsSpan(0, count)));
    }

    internal static string Describe(ReadOnlySpan<KEvent> events)
    {
        List<string> lines = [];
        foreach (KEvent e in events)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{e.Filter} {e.Ident} {e.Flags} fflags {e.FFlags:x} data {e.Data}"));
        return string.Join('\n', lines);
    }

    public void Dispose() => Queue.Dispose();
}
