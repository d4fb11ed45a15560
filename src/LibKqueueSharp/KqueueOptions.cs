namespace LibKqueueSharp;

/// <summary>How a queue is created. Immutable; shared freely between threads.</summary>
public sealed class KqueueOptions
{
    /// <summary>The system whose behaviour the queue follows where the BSDs differ.</summary>
    public Dialect Dialect { get; init; } = Dialect.FreeBsd;

    /// <summary>Who provides the queue; null for <see cref="Kqueue.DefaultBackend"/>.</summary>
    public KqueueBackend? Backend { get; init; }
}
