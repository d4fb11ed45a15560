using System.Runtime.InteropServices;
using LibKqueueSharp.Windows.Tests.Processes;

namespace LibKqueueSharp.Windows.Tests.Waits;

/// <summary>Exits by wait-completion packets, which Wine lacks.</summary>
internal sealed class PacketTests
{
    private readonly StandInPackets _packets = new();
    private readonly OpenBackend _backend;

    public PacketTests() => _backend = new OpenBackend(_packets);

    [TearDown]
    public void EachPacketIsClosed() => Assert.That(_packets.Count, Is.Zero);

    [Test]
    public void ExitCode()
    {
        StandInPackets packets = new();
        using TestChild child = new("exit 300");
        using TestQueue kq = new(backend: new OpenBackend(packets));
        Add(kq, child.Id, ProcessNotes.Exit);
        kq.Quiet();
        child.Proceed();
        KEvent e = kq.One();
        Assert.That((e.Ident, e.Data, e.IsEof), Is.EqualTo((child.Id, 300L, true)), TestQueue.Describe([e]));
        Assert.That((packets.Associations, kq.Queue.KnoteCount), Is.EqualTo((1, 0)));
    }

    [Test]
    public void ExitIsSeenByAPoll()
    {
        using TestChild child = new("exit 2");
        using TestQueue kq = new(backend: _backend);
        Add(kq, child.Id, ProcessNotes.Exit);
        child.Proceed();
        child.WaitForExit();
        KEvent[] events = [];
        Assert.That(SpinWait.SpinUntil(() => (events = kq.Poll()).Length != 0, TestQueue.Patience), Is.True);
        Assert.That(events[0].Data, Is.EqualTo(2), TestQueue.Describe(events));
    }

    [Test]
    public void DeletedBeforeTheExit()
    {
        using TestChild child = new("exit 2");
        using TestQueue kq = new(backend: _backend);
        Add(kq, child.Id, ProcessNotes.Exit);
        kq.Apply(child.Id, EventFilter.Process, EventFlags.Delete);
        child.Proceed();
        child.WaitForExit();
        kq.Quiet();
    }

    [Test]
    public void DeletedWhileThePacketIsInThePort([Values] bool leaves)
    {
        StandInPackets packets = new() { LeavesPackets = leaves };
        using TestChild child = new("exit 2");
        using TestChild other = new("exit 3");
        using TestQueue kq = new(backend: new OpenBackend(packets));
        Add(kq, child.Id, ProcessNotes.Exit);
        child.Proceed();
        child.WaitForExit();
        Thread.Sleep(TestQueue.Silence);
        kq.Apply(child.Id, EventFilter.Process, EventFlags.Delete);
        Add(kq, other.Id, ProcessNotes.Exit);
        kq.Quiet();
        other.Proceed();
        Assert.That(kq.One().Data, Is.EqualTo(3));
        Assert.That(packets.Count, Is.Zero);
    }

    [Test]
    public void DeletedWhileAThreadHasThePacket()
    {
        using TestChild child = new("exit 2");
        using TestQueue kq = new(backend: _backend);
        Add(kq, child.Id, ProcessNotes.Exit);
        child.Proceed();
        Span<byte> scratch = stackalloc byte[32];
        nint port = _backend.Poller.Port;
        Assert.That(Sys.TakePackets(port, scratch, (uint)TestQueue.Patience.TotalMilliseconds), Is.EqualTo(1));
        Native.Packet taken = MemoryMarshal.Read<Native.Packet>(scratch);
        kq.Apply(child.Id, EventFilter.Process, EventFlags.Delete);
        Native.PostQueuedCompletionStatus(port, taken.Bytes, taken.Key, taken.Context);
        kq.Quiet();
    }

    [Test]
    public void ManyExits()
    {
        const int count = 20;
        TestChild[] children = [.. Enumerable.Range(0, count).Select(i => new TestChild($"exit {i}"))];
        using (TestQueue kq = new(backend: _backend))
        {
            foreach (TestChild child in children)
                Add(kq, child.Id, ProcessNotes.Exit);
            foreach (TestChild child in children)
                child.Proceed();
            Dictionary<nuint, long> codes = [];
            KEvent[] events = new KEvent[4];
            while (codes.Count < count)
            {
                int n = kq.Queue.Wait(events, TestQueue.Patience);
                Assert.That(n, Is.Not.Zero);
                foreach (KEvent e in events[..n])
                    codes.Add(e.Ident, e.Data);
            }

            Assert.That(children.Select(child => codes[child.Id]), Is.EqualTo(Enumerable.Range(0, count).Select(i => (long)i)));
        }

        foreach (TestChild child in children)
            child.Dispose();
    }

    [Test]
    public void ForkBeforeTheExit()
    {
        using TestChild child = new("cmd /c exit 9& exit 4");
        using TestQueue kq = new(backend: _backend);
        Add(kq, child.Id, ProcessNotes.Fork | ProcessNotes.Exit);
        child.Proceed();
        child.WaitForExit();
        uint notes = 0;
        KEvent e;
        do
        {
            e = kq.One();
            notes |= e.FFlags;
        }
        while (!e.IsEof);
        Assert.That(((ProcessNotes)notes, e.Data), Is.EqualTo((ProcessNotes.Fork | ProcessNotes.Exit, 4L)), TestQueue.Describe([e]));
    }

    [Test]
    public void ForksAskedForAfterTheExit()
    {
        using TestChild child = new("exit 4");
        using TestQueue kq = new(backend: _backend);
        Add(kq, child.Id, ProcessNotes.Exit);
        child.Proceed();
        child.WaitForExit();
        Add(kq, child.Id, ProcessNotes.Fork | ProcessNotes.Exit);
        KEvent e = kq.One();
        Assert.That(((ProcessNotes)e.FFlags, e.Data), Is.EqualTo((ProcessNotes.Exit, 4L)), TestQueue.Describe([e]));
    }

    [Test]
    public void ClosedWithAProcessThatRuns()
    {
        using TestChild child = new("exit 2");
        using (TestQueue kq = new(backend: _backend))
            Add(kq, child.Id, ProcessNotes.Exit);
        child.Proceed();
        Assert.That(child.WaitForExit(), Is.EqualTo(2));
    }

    [Test]
    public void FallbacksDoWithout() => Assert.That(
        new WindowsBackend { Fallbacks = true }.Capabilities.Limits.Where(limit => limit.Value.StartsWith("no", StringComparison.Ordinal)).Count(), Is.EqualTo(2));

    private static void Add(TestQueue kq, nuint process, ProcessNotes notes) => kq.Add(process, EventFilter.Process, notes: (uint)notes);
}
