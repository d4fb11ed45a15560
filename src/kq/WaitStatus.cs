namespace LibKqueueSharp.Kq;

/// <summary>How a process ended, from the wait status that EVFILT_PROC gives (wait(2)). Windows has none: there it is the exit code.</summary>
internal static class WaitStatus
{
    private const long SignalBits = 0x7f;
    private const long CoreBit = 0x80;
    private const long CodeBits = 0xff;
    private const int CodeShift = 8;

    /// <summary>The status of a process that has exited with a code.</summary>
    /// <param name="code">The code, from 0 to 255.</param>
    public static long OfExit(int code) => OperatingSystem.IsWindows() ? code : (long)code << CodeShift;

    /// <summary>In words: <c>exited with 3</c>, <c>ended by SIGKILL</c>, <c>ended by SIGSEGV, with a core file</c>.</summary>
    /// <param name="status">The wait status.</param>
    public static string Describe(long status)
    {
        if (OperatingSystem.IsWindows())
            return $"exited with {status}";
        int signal = (int)(status & SignalBits);
        if (signal == 0)
            return $"exited with {status >> CodeShift & CodeBits}";
        return $"ended by {SignalNames.Of(signal)}{((status & CoreBit) != 0 ? ", with a core file" : "")}";
    }
}
