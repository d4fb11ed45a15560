namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Processes: none of them forks, and nothing sends signals.</summary>
internal sealed class WindowsProcesses : IProcessCalls
{
    private static readonly HostAnswer s_noFork = HostAnswer.NotSupported("Windows has no fork");
    private static readonly HostAnswer s_noSignals = HostAnswer.NotSupported("Windows sends no signals");

    public long Self => Environment.ProcessId;

    public HostAnswer Spawn(ChildPlan plan) => s_noFork;

    public HostAnswer Wait(long process) => s_noFork;

    public HostAnswer Kill(long process, string signal) => s_noSignals;

    public HostAnswer Ignore(string signal) => s_noSignals;
}
