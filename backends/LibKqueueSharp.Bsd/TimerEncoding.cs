namespace LibKqueueSharp.Kernels;

/// <summary>How a system writes the unit of a timer, and that its time is a point in time (TIMER-UNIT-002, TIMER-ABS-001).</summary>
internal enum TimerEncoding
{
    /// <summary>A bit a unit, as ours: FreeBSD.</summary>
    Ours,

    /// <summary>A number of two bits; milliseconds are 0: NetBSD, OpenBSD.</summary>
    Number,

    /// <summary>A bit a unit but for milliseconds, and another bit for points in time: macOS, libkqueue.</summary>
    Darwin,

    /// <summary>Milliseconds and nothing else: DragonFly.</summary>
    MillisecondsOnly,
}
