namespace LibKqueueSharp.Benchmarks.Queues;

/// <summary>
/// A queue, ours or the one in C: contenders are generic over it, so that both do literally the same work. Implemented by structs, for
/// which the runtime makes code of their own, without an indirection.
/// </summary>
internal interface IKeventQueue<TSelf> : IDisposable
    where TSelf : struct, IKeventQueue<TSelf>
{
    static abstract TSelf Create();

    /// <summary>One change; takes no event.</summary>
    void Apply(in KEvent change);

    /// <summary>Takes events, waiting for the first.</summary>
    int Wait(Span<KEvent> events);

    /// <summary>Takes events without waiting.</summary>
    int Poll(Span<KEvent> events);
}
