using System.Runtime.Versioning;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The host of scenarios and clauses on Linux, macOS and the BSDs: plain system calls.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PosixHost : IScenarioHost
{
    // Measured: Linux hands loopback traffic over within the sending call, except when its soft interrupts are put off
    // to a kernel thread; a sleep of 2 ms outlasts that thread's turn. There is nothing to poll that covers FIN, RST,
    // urgent data and refused connections alike.
    private static readonly TimeSpan s_settling = TimeSpan.FromMilliseconds(2);

    private readonly PosixDescriptorTable _table = new();
    private readonly PosixFiles _files;
    private readonly PosixProcesses _processes;

    /// <summary>Creates a host with a fresh folder for files.</summary>
    public PosixHost()
    {
        Descriptors = new PosixDescriptors(_table);
        _files = new(_table);
        Sockets = new PosixSockets(_table, _files.Place);
        _processes = new(_table);
    }

    /// <inheritdoc/>
    public IDescriptorCalls Descriptors { get; }

    /// <inheritdoc/>
    public ISocketCalls Sockets { get; }

    /// <inheritdoc/>
    public IFileCalls Files => _files;

    /// <inheritdoc/>
    public IProcessCalls Processes => _processes;

    /// <inheritdoc/>
    public IQueueDescriptorCalls QueueDescriptors { get; } = new PosixQueueDescriptors();

    /// <inheritdoc/>
    public void Settle()
    {
        if (_table.TakeLaterTouched())
            Thread.Sleep(s_settling);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _table.Dispose();
        _processes.Dispose();
        _files.Dispose();
    }
}
