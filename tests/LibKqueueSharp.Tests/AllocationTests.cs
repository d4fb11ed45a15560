using System.Runtime.CompilerServices;

namespace LibKqueueSharp.Tests;

/// <summary>The steady path allocates nothing.</summary>
[NonParallelizable]
public sealed class AllocationTests
{
    private const int Rounds = 10_000;

    [Test]
    public void WaitControlAndTriggerAllocateNothing()
    {
        using Kqueue queue = new();
        queue.AddUserEvent(1);
        KEvent[] events = new KEvent[4];
        KEvent trigger = new(1, EventFilter.User, EventFlags.None, (uint)UserNotes.Trigger);
        AssertNoAllocation(() =>
        {
            queue.Trigger(1);
            int taken = queue.Wait(events, Timeout.InfiniteTimeSpan);
            taken += queue.Control(new ReadOnlySpan<KEvent>(in trigger), events, TimeSpan.FromSeconds(1));
            return taken == 2 && queue.Wait(events, TimeSpan.Zero) == 0;
        });
    }

    [Test]
    public void ReadyWaitAsyncAllocatesNothing()
    {
        using Kqueue queue = new();
        queue.AddUserEvent(1);
        KEvent[] events = new KEvent[4];
        AssertNoAllocation(() =>
        {
            queue.Trigger(1);
            ValueTask<int> wait = queue.WaitAsync(events);
            return wait.IsCompletedSuccessfully && wait.Result == 1;
        });
    }

    [Test]
    public void DescriptorEventsAllocateNothing()
    {
        using Kqueue queue = new();
        using TestPipe pipe = new();
        pipe.Write(1);
        queue.Add(pipe.Reader, EventFilter.Read);
        KEvent[] events = new KEvent[4];
        AssertNoAllocation(() =>
        {
            queue.Disable(pipe.Reader, EventFilter.Read);
            queue.Enable(pipe.Reader, EventFilter.Read);
            return queue.Wait(events, TimeSpan.FromSeconds(1)) == 1 && !queue.TryDelete(5, EventFilter.User);
        });
    }

    private static void AssertNoAllocation(Func<bool> round)
    {
        Measure(round, 100);
        (bool ok, long allocated) = Measure(round, Rounds);
        Assert.Multiple(() =>
        {
            Assert.That(ok, "a round went wrong");
            Assert.That(allocated, Is.Zero, $"bytes in {Rounds} rounds");
        });
    }

    // Compiled once: a loop that is replaced while it runs makes the runtime allocate on this thread.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (bool Ok, long Allocated) Measure(Func<bool> round, int rounds)
    {
        bool ok = true;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < rounds; i++)
            ok &= round();
        return (ok, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
