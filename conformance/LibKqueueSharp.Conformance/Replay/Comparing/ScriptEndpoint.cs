namespace LibKqueueSharp.Conformance.Replay;

/// <summary>What kind of object a descriptor of a script is.</summary>
internal enum EndpointKind
{
    Pipe,
    Stream,
    Datagram,
    File,
    Directory,
    Listener,
}

/// <summary>One end of a channel, or a file, as far as the script and the answers tell.</summary>
internal sealed class ScriptEndpoint(EndpointKind kind)
{
    public EndpointKind Kind => kind;

    /// <summary>Where what is written here arrives.</summary>
    public ScriptEndpoint? Peer { get; set; }

    /// <summary>Bytes that wait to be read here in the recorded system.</summary>
    public long WaitingInTrace { get; set; }

    /// <summary>Bytes that wait to be read here in the system that plays.</summary>
    public long WaitingInPlay { get; set; }

    /// <summary>The sizes of the datagrams that wait to be read here.</summary>
    public Queue<long> Datagrams { get; } = new();

    /// <summary>Connections made to this listener and not yet accepted.</summary>
    public Queue<ScriptEndpoint> Connections { get; } = new();

    /// <summary>What is written here was written until no more fitted, and the other side is not empty since.</summary>
    public bool WasFilled { get; set; }

    /// <summary>Since then the other side has read.</summary>
    public bool WasReadSinceFilled { get; set; }
}
