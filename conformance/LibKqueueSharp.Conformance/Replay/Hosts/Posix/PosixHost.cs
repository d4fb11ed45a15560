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
    private readonly PosixDescriptors _descriptors;
    private readonly PosixFiles _files;
    private readonly PosixProcesses _processes;

    /// <summary>Creates a host with a fresh folder for files.</summary>
    public PosixHost()
    {
        _descriptors = new(_table);
        _files = new(_table);
        Sockets = new PosixSockets(_table, _files.Place);
        _processes = new(_table);
    }

    /// <summary>
    /// Whether <see cref="IDescriptorCalls.WithRoomFor"/> limits the process. .NET opens a pipe for each thread that starts, and ends the process
    /// ("Out of memory.") when it gets none: only a process that may die so should be limited.
    /// </summary>
    public bool MayRunOutOfDescriptors { get => _descriptors.MayRunOut; init => _descriptors.MayRunOut = value; }

    /// <inheritdoc/>
    public IDescriptorCalls Descriptors => _descriptors;

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
