namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// What a system answered to one line. Exactly one kind of answer is present: <see cref="Return"/> for a system call,
/// <see cref="Result"/> for kevent, <see cref="Pending"/> for a change put aside, or <see cref="Skip"/>. Immutable.
/// </summary>
public sealed class LineAnswer
{
    private LineAnswer()
    {
    }

    /// <summary>What a system call other than kevent returned; -1 on failure.</summary>
    public long? Return { get; private init; }

    /// <summary>What kevent returned; -1 on failure.</summary>
    public long? Result { get; private init; }

    /// <summary>The name of the error when the call failed.</summary>
    public string? Error { get; private init; }

    /// <summary>The events of a successful call of kevent; null where the call had no room for any.</summary>
    public IReadOnlyList<EventAnswer>? Events { get; private init; }

    /// <summary>How many changes are put aside.</summary>
    public int? Pending { get; private init; }

    /// <summary>Why the line was not played.</summary>
    public string? Skip { get; private init; }

    /// <summary>A system call returned.</summary>
    /// <param name="value">What it returned.</param>
    /// <param name="error">The name of the error when it failed.</param>
    public static LineAnswer Returned(long value, string? error = null) => new() { Return = value, Error = Normalize(error) };

    /// <summary>A change in a call of its own returned.</summary>
    /// <param name="result">What kevent returned.</param>
    /// <param name="error">The name of the error when it failed.</param>
    public static LineAnswer Changed(long result, string? error = null) => new() { Result = result, Error = Normalize(error) };

    /// <summary>A call of kevent gave events.</summary>
    /// <param name="events">The events.</param>
    public static LineAnswer Delivered(IReadOnlyList<EventAnswer> events) => new() { Result = events.Count, Events = events };

    /// <summary>A change was put aside.</summary>
    /// <param name="count">How many there are now.</param>
    public static LineAnswer PutAside(int count) => new() { Pending = count };

    /// <summary>The line was not played.</summary>
    /// <param name="reason">Why.</param>
    public static LineAnswer Skipped(string reason) => new() { Skip = reason };

    /// <summary>True when everything but the events is equal.</summary>
    /// <param name="other">The other answer.</param>
    public bool IsSameExceptEvents(LineAnswer other) =>
        Return == other.Return && Error == other.Error && Pending == other.Pending && Skip == other.Skip
        && (Events is null) == (other.Events is null) && (Events is not null || Result == other.Result);

    /// <summary>The answer on one line, for people.</summary>
    public override string ToString()
    {
        if (Skip is not null)
            return $"skipped: {Skip}";
        if (Pending is { } count)
            return $"{count} put aside";
        long? value = Return ?? Result;
        if (Error is not null)
            return $"{value} {Error}";
        return Events is null ? $"{value}" : $"{value} [{string.Join(' ', Events)}]";
    }

    private static string? Normalize(string? error) => error is null ? null : ErrnoNames.Normalize(error);
}
