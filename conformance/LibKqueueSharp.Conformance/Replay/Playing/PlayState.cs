namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Everything that one playing of a scenario holds.</summary>
internal sealed class PlayState : IDisposable
{
    private readonly List<BackendQueue> _queues = [];

    public PlayState(KqueueBackend backend, Dialect dialect, IScenarioHost host, INumericKevent numeric)
    {
        Backend = backend;
        Dialect = dialect;
        Host = host;
        Numeric = numeric;
        Names = new(host.Processes.Self);
    }

    public KqueueBackend Backend { get; }

    public Dialect Dialect { get; }

    public IScenarioHost Host { get; }

    public INumericKevent Numeric { get; }

    public NameTable Names { get; }

    public void AddQueue(string name, BackendQueue queue)
    {
        _queues.Add(queue);
        Names.AddQueue(name, queue);
    }

    /// <summary>The descriptor of a name, or -1, which no host has open.</summary>
    public long Descriptor(string name) =>
        Names.Find(name) is { Kind: NamedKind.Descriptor, IsOpen: true } thing ? thing.Number : -1;

    /// <summary>Gives a new descriptor its name.</summary>
    public LineAnswer Adopt(string name, HostAnswer descriptor)
    {
        if (!descriptor.Succeeded)
            return Translate(descriptor);
        Names.Add(name, NamedKind.Descriptor, descriptor.Value);
        return LineAnswer.Returned(0);
    }

    public static LineAnswer Translate(HostAnswer answer) => answer.Unsupported is { } reason
        ? LineAnswer.Skipped(reason)
        : LineAnswer.Returned(answer.Value, answer.Error);

    public void Dispose()
    {
        try
        {
            foreach (BackendQueue queue in _queues)
                queue.Dispose();
        }
        finally
        {
            Host.Dispose();
        }
    }
}
