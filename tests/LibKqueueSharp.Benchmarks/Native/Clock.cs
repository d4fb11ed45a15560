using System.Runtime.InteropServices;
using Tmds.Linux;

namespace LibKqueueSharp.Benchmarks.Native;

/// <summary>What samples are timed with: the clock on the wall, or the processor time of the process.</summary>
internal static unsafe partial class Clock
{
    private const int CLOCK_MONOTONIC = 1;
    private const int CLOCK_PROCESS_CPUTIME_ID = 2;

    private static int s_clock = CLOCK_MONOTONIC;

    internal static bool CountsProcessorTime => s_clock == CLOCK_PROCESS_CPUTIME_ID;

    /// <summary>Nanoseconds.</summary>
    internal static long Now
    {
        get
        {
            timespec time;
            ClockGetTime(s_clock, &time);
            return time.tv_sec * 1_000_000_000 + time.tv_nsec;
        }
    }

    /// <summary>From now on what other processes do in between does not count, nor does sleeping.</summary>
    internal static void CountProcessorTime() => s_clock = CLOCK_PROCESS_CPUTIME_ID;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, timespec* time);
}
