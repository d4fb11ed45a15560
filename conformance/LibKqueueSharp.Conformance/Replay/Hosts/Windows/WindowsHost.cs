namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// The host of scenarios and clauses on Windows: sockets of .NET. A descriptor is a SOCKET. It has no socketpair: a pair is two sockets that are
/// connected over the loopback. What else Windows lacks is answered as not supported.
/// </summary>
public sealed class WindowsHost : IScenarioHost
{
    // The loopback hands over at once; Wine's server learns of it a moment later.
    private static readonly TimeSpan s_settling = TimeSpan.FromMilliseconds(10);

    private readonly SocketTable _table = new();

    /// <summary>Creates a host.</summary>
    public WindowsHost()
    {
        Descriptors = new WindowsDescriptors(_table);
        Sockets = new WindowsSockets(_table);
    }

    /// <inheritdoc/>
    public IDescriptorCalls Descriptors { get; }

    /// <inheritdoc/>
    public ISocketCalls Sockets { get; }

    /// <inheritdoc/>
    public IFileCalls Files { get; } = new WindowsFiles();

    /// <inheritdoc/>
    public IProcessCalls Processes { get; } = new WindowsProcesses();

    /// <inheritdoc/>
    public void Settle()
    {
        if (_table.TakeTouched())
            Thread.Sleep(s_settling);
    }

    /// <inheritdoc/>
    public void Dispose() => _table.Dispose();
}
