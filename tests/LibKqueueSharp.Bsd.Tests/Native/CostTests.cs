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

        ExpectNoAllocation(c, () => queue.Kevent(changes, events, KeventTimeout.Zero, null, out _));
    }

    [Test]
    public void InterruptibleCallsAllocateNothing([ValueSource(typeof(KqueueAbi), nameof(KqueueAbi.All))] KqueueAbi abi)
    {
        using BackendQueue queue = Abis.Echo(abi, out EchoLibrary c);
        WaitCancellation token = new();
        KEvent[] events = new KEvent[4];
        queue.Kevent([], events, KeventTimeout.Zero, token, out _);
        ExpectNoAllocation(c, () => queue.Kevent([], events, KeventTimeout.Zero, token, out _));
    }

    /// <summary>A collection meanwhile counts the rest of the thread's allocation room: one of several measurements is without.</summary>
    private static void ExpectNoAllocation(EchoLibrary c, Action call)
    {
        const int calls = 100;
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5 && least != 0; attempt++)
        {
            long callsBefore = c.Calls;
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < calls; i++)
                call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.That(c.Calls - callsBefore, Is.EqualTo(calls));
        }

        Assert.That(least, Is.Zero);
    }
}
