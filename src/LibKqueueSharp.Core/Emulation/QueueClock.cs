using System.Diagnostics;

namespace LibKqueueSharp.Emulation;

/// <summary>The queue's clocks: monotonic nanoseconds for timers and waits, wall time for absolute timers. Thread-safe.</summary>
internal sealed class QueueClock(TimeProvider time)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly bool _system = time == TimeProvider.System && Stopwatch.Frequency == NanosecondsPerSecond;

    /// <summary>Monotonic time in nanoseconds (CALL-TMO-011).</summary>
    internal long Now => _system ? Stopwatch.GetTimestamp() : Scale(time.GetTimestamp());

    /// <summary>Nanoseconds since the Unix epoch.</summary>
    internal long Wall => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>The sum, or <see cref="long.MaxValue"/> where it would overflow.</summary>
    internal static long Add(long time, long span) => span >= long.MaxValue - time ? long.MaxValue : time + span;

    private long Scale(long timestamp) =>
        (long)((Int128)timestamp * NanosecondsPerSecond / time.TimestampFrequency);
}
