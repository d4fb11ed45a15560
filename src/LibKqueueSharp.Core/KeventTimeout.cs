namespace LibKqueueSharp;

/// <summary>
/// How long kevent(2) waits: its <c>timespec</c>, in nanoseconds. An invalid timespec can be carried, because
/// systems differ in when they refuse it (CALL-TMO-006 to CALL-TMO-009).
/// </summary>
public readonly struct KeventTimeout : IEquatable<KeventTimeout>
{
    private const long InfiniteValue = long.MaxValue;
    private const long InvalidValue = -1;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly long _nanoseconds;

    private KeventTimeout(long nanoseconds) => _nanoseconds = nanoseconds;

    /// <summary>Wait until something happens (a NULL timespec, CALL-TMO-002).</summary>
    public static KeventTimeout Infinite => new(InfiniteValue);

    /// <summary>Return at once (CALL-TMO-001).</summary>
    public static KeventTimeout Zero => default;

    /// <summary>True when the wait has no end.</summary>
    public bool IsInfinite => _nanoseconds == InfiniteValue;

    /// <summary>False for a timespec that kevent(2) refuses.</summary>
    public bool IsValid => _nanoseconds >= 0;

    /// <summary>The wait in nanoseconds, <see cref="long.MaxValue"/> when infinite.</summary>
    public long Nanoseconds => _nanoseconds;

    /// <summary>Takes a time span; <see cref="Timeout.InfiniteTimeSpan"/> waits without end, other negative values are invalid.</summary>
    /// <param name="timeout">The wait.</param>
    public static KeventTimeout FromTimeSpan(TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return Infinite;
        if (timeout < TimeSpan.Zero)
            return new(InvalidValue);
        return timeout.Ticks >= InfiniteValue / 100 ? Infinite : new(timeout.Ticks * 100);
    }

    /// <summary>
    /// Takes a <c>timespec</c>. More seconds than fit are a wait without end (CALL-TMO-010); a negative part, or
    /// nanoseconds of a second or more, are invalid.
    /// </summary>
    /// <param name="seconds">tv_sec.</param>
    /// <param name="nanoseconds">tv_nsec.</param>
    public static KeventTimeout FromTimespec(long seconds, long nanoseconds)
    {
        if (seconds < 0 || nanoseconds is < 0 or >= NanosecondsPerSecond)
            return new(InvalidValue);
        return seconds >= InfiniteValue / NanosecondsPerSecond ? Infinite : new(seconds * NanosecondsPerSecond + nanoseconds);
    }

    /// <inheritdoc/>
    public bool Equals(KeventTimeout other) => _nanoseconds == other._nanoseconds;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is KeventTimeout other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _nanoseconds.GetHashCode();

    /// <summary>Compares two waits.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(KeventTimeout left, KeventTimeout right) => left.Equals(right);

    /// <summary>Compares two waits.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(KeventTimeout left, KeventTimeout right) => !left.Equals(right);

    /// <summary>The wait in words.</summary>
    public override string ToString() => !IsValid ? "invalid" : IsInfinite ? "infinite" : $"{_nanoseconds} ns";
}
