namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>Finds a queue that spins: its waiter would burn a processor while nothing happens.</summary>
internal static class WakeUps
{
    /// <summary>
    /// Lets a thread wait on the queue for a while in which nothing happens, and looks at the processor time it used. A waiter that spins uses
    /// all of it; one that sleeps next to none.
    /// </summary>
    internal static void AreFew(TestQueue q)
    {
        const int milliseconds = 250;
        long ticks = 0;
        KEvent[] events = [];
        using TestThread waiter = new(() =>
        {
            long before = Used();
            events = q.Collect(16, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(milliseconds)));
            ticks = Used() - before;
        });
        waiter.Join();
        Assert.That(events, Is.Empty);
        Assert.That(ticks, Is.LessThan(milliseconds * 1_000_000L / 5), "nanoseconds of processor time while nothing happened");
    }

    /// <summary>Processor time of the calling thread in nanoseconds (the first field of schedstat).</summary>
    private static long Used() =>
        long.Parse(File.ReadAllText($"/proc/self/task/{Posix.GetThreadId()}/schedstat").Split(' ')[0]);
}
