namespace LibKqueueSharp.Conformance.Replay;

/// <summary>What a child of a scenario does.</summary>
/// <param name="Start">How long it waits before it does anything, in nanoseconds.</param>
/// <param name="Forks">It then forks a child that exits with 9.</param>
/// <param name="Executes">It then executes something that exits with 7.</param>
/// <param name="Life">How long it lives on, in nanoseconds.</param>
/// <param name="ExitCode">What it exits with when it executes nothing.</param>
public readonly record struct ChildPlan(long Start, bool Forks, bool Executes, long Life, int ExitCode);

/// <summary>Processes and signals.</summary>
public interface IProcessCalls
{
    /// <summary>The id of this process.</summary>
    long Self { get; }

    /// <summary>Starts a child; the value is its id. Nothing but <see cref="Wait"/> reaps it.</summary>
    /// <param name="plan">What it does.</param>
    HostAnswer Spawn(ChildPlan plan);

    /// <summary>Waits for a child and reaps it; the value is its wait status.</summary>
    /// <param name="process">Its id.</param>
    HostAnswer Wait(long process);

    /// <summary>Sends a signal.</summary>
    /// <param name="process">To which process.</param>
    /// <param name="signal">Its number, or its name without <c>SIG</c>.</param>
    HostAnswer Kill(long process, string signal);

    /// <summary>The calling thread, to be interrupted.</summary>
    HostAnswer CurrentThread => HostAnswer.NotSupported("this host has no signals");

    /// <summary>Sends a thread of this process a signal that is handled, with SA_RESTART.</summary>
    /// <param name="thread">Which thread; it must not have ended.</param>
    HostAnswer Interrupt(long thread) => HostAnswer.NotSupported("this host has no signals");

    /// <summary>Ignores a signal until the host is disposed of.</summary>
    /// <param name="signal">Its number, or its name without <c>SIG</c>.</param>
    HostAnswer Ignore(string signal);
}
