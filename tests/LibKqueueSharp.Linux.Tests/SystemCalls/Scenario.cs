using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests.SystemCalls;

/// <summary>One measured loop and what it holds.</summary>
internal sealed class Scenario : IDisposable
{
    private readonly List<IDisposable> _kept = [];
    private readonly KEvent[] _events = new KEvent[64];

    internal TestQueue Queue { get; } = new();

    internal Action Step { get; set; } = () => { };

    internal Pair NewPair(PairKind kind)
    {
        Pair pair = Pair.Create(kind);
        _kept.Add(pair);
        return pair;
    }

    /// <summary>One call of kevent that does not wait.</summary>
    internal void Collect() => Queue.Queue.Kevent([], _events, KeventTimeout.Zero, null, out _);

    public void Dispose()
    {
        Queue.Dispose();
        foreach (IDisposable item in _kept)
            item.Dispose();
    }
}
