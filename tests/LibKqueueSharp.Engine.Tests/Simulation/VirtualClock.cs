using Microsoft.Extensions.Time.Testing;

namespace LibKqueueSharp.Engine.Tests.Simulation;

/// <summary>
/// A machine that booted an hour ago, on New Year's Day 2000. Its monotonic clock counts from the boot; its wall clock can be set
/// without touching the monotonic one. Both move in steps of 100 ns.
/// </summary>
internal sealed class VirtualClock : FakeTimeProvider
{
    private const long NanosecondsPerTick = 100;

    private static readonly TimeSpan s_uptime = TimeSpan.FromHours(1);

    private readonly DateTimeOffset _boot;
    private TimeSpan _step;

    internal VirtualClock() => _boot = base.GetUtcNow() - s_uptime;

    /// <summary>Monotonic nanoseconds since the boot.</summary>
    internal long Now => GetTimestamp() * NanosecondsPerTick;

    /// <summary>Milliseconds since the epoch, as NOTE_ABSTIME wants them.</summary>
    internal long WallMilliseconds => GetUtcNow().ToUnixTimeMilliseconds();

    public override long GetTimestamp() => (base.GetUtcNow() - _boot).Ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _step;

    internal void AdvanceMilliseconds(double milliseconds) => Advance(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Moves on to a point of <see cref="Now"/>, or just behind it where it falls between two steps.</summary>
    internal void AdvanceTo(long now)
    {
        if (now > Now)
            Advance(TimeSpan.FromTicks((now - Now + NanosecondsPerTick - 1) / NanosecondsPerTick));
    }

    /// <summary>Somebody sets the wall clock.</summary>
    internal void StepWall(TimeSpan step) => _step += step;
}
