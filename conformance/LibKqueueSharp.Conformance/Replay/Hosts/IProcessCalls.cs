namespace LibKqueueSharp.Conformance.Replay;

/// <summary>What a child of a scenario does.</summary>
/// <param name="Start">How long it waits before it does anything, in nanoseconds.</param>
/// <param name="Forks">It then forks a child that exits with 9.</param>
/// <param name="Executes">It then executes something that exits with 7.</param>
/// <param name="Life">How long it lives on, in nanoseconds.</param>
/// <param name="ExitCode">What it exits with when it executes nothing.</param>
public readonly record struct ChildPlan(long Start, bool Forks, bool Executes, long Life, int ExitCode)
{
    /// <summary>
    /// The times do not count. <see cref="IProcessCalls.Proceed"/> lets it fork and execute, and then lets it end; what it forked, for which
    /// it waits, has to be told to end in between.
    /// </summary>
    public bool IsTold { get; init; }

    /// <summary>It forks, and what it forked does so as well.</summary>
    public bool ForksTwice { get; init; }
}

/// <summary>Processes and signals.</summary>
public interface IProcessCalls
{
    /// <summary>The id of this process.</summary>
    long Self { get; }

    /// <summary>Starts a child; the value is its id. Nothing but <see cref="Wait"/> reaps it.</summary>
    /// <param name="plan">What it does.</param>
    HostAnswer Spawn(ChildPlan plan);

    /// <summary>Lets a child go on to its next step.</summary>
    /// <param name="process">A child that waits to be told.</param>
    HostAnswer Proceed(long process) => HostAnswer.NotSupported("this host's children go by the clock");

    /// <summary>Opens a descriptor of a child, as pdfork(2) gives; the value is its number. It is closed with the others.</summary>
    /// <param name="process">Its id.</param>
    HostAnswer OpenProcess(long process) => HostAnswer.NotSupported("this system has no descriptors of processes");

    /// <summary>The process that started this one; the value is its id.</summary>
    HostAnswer Parent => HostAnswer.NotSupported("this host does not know its parent");

    /// <summary>Whether this process may send signals to another; the value is 1 or 0.</summary>
    /// <param name="process">Its id.</param>
    HostAnswer MaySignal(long process) => HostAnswer.NotSupported("this host has no signals");

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

    /// <summary>How often the handler of <see cref="Interrupt"/> has run in this host; the value.</summary>
    HostAnswer Handled => HostAnswer.NotSupported("this host has no signals");

    /// <summary>The number of a signal; the value.</summary>
    /// <param name="signal">Its name without <c>SIG</c>.</param>
    HostAnswer Number(string signal) => HostAnswer.NotSupported("this host has no signals");

    /// <summary>Ignores a signal until the host is disposed of.</summary>
    /// <param name="signal">Its number, or its name without <c>SIG</c>.</param>
    HostAnswer Ignore(string signal);
}
