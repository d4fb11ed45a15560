namespace LibKqueueSharp.Windows;

/// <summary>High-resolution timers. The unsafe blocks pass the addresses of locals for the length of one call.</summary>
internal static unsafe partial class Sys
{
    /// <summary>A timer that ends to about half a millisecond; 0 before Windows 10 1803.</summary>
    internal static nint CreatePreciseTimer() => Native.CreateWaitableTimerEx(null, null, Native.HighResolution, Native.TimerAccess);

    /// <summary>Sets a timer to end once, after so many times 100 ns.</summary>
    internal static bool SetTimer(nint timer, long units)
    {
        long due = -units;
        return Native.SetWaitableTimer(timer, &due, 0, 0, 0, 0) != 0;
    }
}
