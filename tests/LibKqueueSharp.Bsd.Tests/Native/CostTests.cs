namespace LibKqueueSharp.Kernels.Tests;

/// <summary>One call of the kernel for one of ours, and not a byte for the collector.</summary>
[NonParallelizable]
public sealed class CostTests
{
    [Test]
    public void CallsAllocateNothing(
        [ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi,
        [Values(0, 1, 10, 400)] int changeCount,
        [Values(0, 1, 10, 400)] int room)
    {
        using BackendQueue queue = Abis.Echo(abi, out EchoLibrary c, Dialect.FreeBsd, echoes: true);
        KEvent[] changes = [.. Enumerable.Range(0, changeCount).Select(i => new KEvent((nuint)i, EventFilter.User, EventFlags.Add, (uint)UserNotes.Trigger))];
        KEvent[] events = new KEvent[room];
        for (int i = 0; i < 50; i++)
            queue.Kevent(changes, events, KeventTimeout.Zero, null, out _);

        long calls = c.Calls;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            queue.Kevent(changes, events, KeventTimeout.Zero, null, out _);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(allocated, Is.Zero);
        Assert.That(c.Calls - calls, Is.EqualTo(100));
    }

    [Test]
    public void InterruptibleCallsAllocateNothing([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi)
    {
        using BackendQueue queue = Abis.Echo(abi, out EchoLibrary c);
        WaitCancellation token = new();
        KEvent[] events = new KEvent[4];
        queue.Kevent([], events, KeventTimeout.Zero, token, out _);
        long calls = c.Calls;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            queue.Kevent([], events, KeventTimeout.Zero, token, out _);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(allocated, Is.Zero);
        Assert.That(c.Calls - calls, Is.EqualTo(100));
    }
}
