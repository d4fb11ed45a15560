namespace LibKqueueSharp.Linux.Signals;

/// <summary>Which signals can be watched.</summary>
internal static class SignalNumbers
{
    internal const int Count = 65;
    internal const int SIGCHLD = 17;
    internal const int SIGSTOP = 19;

    private const int SIGKILL = 9;
    private const int SIGTSTP = 20;
    private const int SIGTTIN = 21;
    private const int SIGTTOU = 22;

    /// <summary>
    /// SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE and SIGSEGV, which the runtime turns into exceptions or the end of the process; 32 and 33,
    /// which belong to the C library; 34, with which the runtime stops its threads.
    /// </summary>
    private const ulong Reserved =
        1UL << 4 | 1UL << 5 | 1UL << 6 | 1UL << 7 | 1UL << 8 | 1UL << 11 | 1UL << 32 | 1UL << 33 | 1UL << 34;

    private const int FirstRealTime = 32;
    private const int MostOfRealTime = 128;

    /// <summary>
    /// How many of a signal a kernel keeps: one of a standard signal; of a real-time signal as many as FreeBSD does for a process
    /// (kern.sigqueue.max_pending_per_proc).
    /// </summary>
    internal static int MostPending(int signal) => signal < FirstRealTime ? 1 : MostOfRealTime;

    /// <summary>The default action is to stop the process.</summary>
    internal static bool Stops(int signal) => signal is SIGTSTP or SIGTTIN or SIGTTOU;

    /// <returns>EINVAL for what no program can catch (SIG-014), ENOTSUP for what the runtime needs for itself (BADF-001).</returns>
    internal static Errno Check(nuint ident)
    {
        if (ident is 0 or >= Count or SIGKILL or SIGSTOP)
            return Errno.EINVAL;
        return ident < 64 && (Reserved >> (int)ident & 1) != 0 ? Errno.ENOTSUP : Errno.None;
    }
}
