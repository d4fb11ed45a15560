namespace LibKqueueSharp.Kq.Tests;

/// <summary>This system's backend, said to serve some filters only.</summary>
internal sealed class PartialBackend(params EventFilter[] served) : KqueueBackend
{
    public override string Name => "partial";

    public override KqueueCapabilities Capabilities { get; } = new(
        "partial",
        "a part of this system",
        [.. Kqueue.Capabilities.Filters.Select(f => f with { Supported = f.Supported && served.Contains(f.Filter) })],
        [],
        []);

    public override BackendQueue CreateQueue(Dialect dialect) => Kqueue.DefaultBackend.CreateQueue(dialect);
}
