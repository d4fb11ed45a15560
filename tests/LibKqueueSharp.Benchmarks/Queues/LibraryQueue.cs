namespace LibKqueueSharp.Benchmarks.Queues;

/// <summary>The library, through the calls that its users make.</summary>
internal readonly struct LibraryQueue(Kqueue queue) : IKeventQueue<LibraryQueue>
{
    public static LibraryQueue Create() => new(new Kqueue());

    public void Apply(in KEvent change) => queue.Apply(in change);

    public int Wait(Span<KEvent> events) => queue.Wait(events, Timeout.InfiniteTimeSpan);

    public int Poll(Span<KEvent> events) => queue.Wait(events, TimeSpan.Zero);

    public void Dispose() => queue.Dispose();
}
