namespace LibKqueueSharp.Conformance.Replay;

/// <summary>What a name of a script stands for.</summary>
internal enum NamedKind
{
    Descriptor,
    Queue,
    Process,
}

/// <summary>One name of a script. It keeps its number after it was closed: that is what a C program would still hold.</summary>
internal sealed class NamedThing(string name, NamedKind kind, long number, BackendQueue? queue = null)
{
    public string Name => name;

    public NamedKind Kind => kind;

    /// <summary>The descriptor or the process id; of a queue only when asked for, because asking costs the queue something.</summary>
    public long Number
    {
        get
        {
            if (KnownNumber is null && IsOpen)
                KnownNumber = (long)queue!.Descriptor.DangerousGetHandle();
            return KnownNumber ?? -1;
        }
    }

    public long? KnownNumber { get; private set; } = queue is null ? number : null;

    public BackendQueue? Queue => queue;

    public List<KEvent> PutAside { get; } = [];

    public bool IsOpen { get; set; } = true;
}
