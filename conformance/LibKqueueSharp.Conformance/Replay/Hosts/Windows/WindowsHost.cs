namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// The host of scenarios and clauses on Windows: sockets of .NET, anonymous pipes, and files. A descriptor is a SOCKET or a HANDLE. It has no socketpair: a pair is two sockets that are
/// connected over the loopback. What else Windows lacks is answered as not supported.
/// </summary>
public sealed class WindowsHost : IScenarioHost
{
    // The loopback hands over at once; Wine's server learns of it a moment later, and of what was done to a file.
    private static readonly TimeSpan s_settling = TimeSpan.FromMilliseconds(10);

    private readonly SocketTable _table = new();
    private readonly FileTable _files = new();
    private readonly WindowsFiles _paths;
    private readonly PipeTable _pipes = new();

    /// <summary>Creates a host.</summary>
    public WindowsHost()
    {
        Descriptors = new WindowsDescriptors(_table, _pipes, _files);
        Sockets = new WindowsSockets(_table);
        _paths = new WindowsFiles(_files);
    }

    /// <inheritdoc/>
    public IDescriptorCalls Descriptors { get; }

    /// <inheritdoc/>
    public ISocketCalls Sockets { get; }

    /// <inheritdoc/>
    public IFileCalls Files => _paths;

    /// <inheritdoc/>
    public IProcessCalls Processes { get; } = new WindowsProcesses();

    /// <inheritdoc/>
    public void Settle()
    {
        if (_table.TakeTouched() | _files.TakeTouched())
            Thread.Sleep(s_settling);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _table.Dispose();
        _files.Dispose();
        _paths.Dispose();
        _pipes.Dispose();
    }
}
