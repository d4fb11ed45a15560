namespace LibKqueueSharp.Conformance.Replay;

/// <summary>What an operating system answered to one call of a scenario.</summary>
public readonly record struct HostAnswer
{
    private HostAnswer(long value, string? error, string? unsupported)
    {
        Value = value;
        Error = error;
        Unsupported = unsupported;
    }

    /// <summary>What the call returned; -1 on failure.</summary>
    public long Value { get; }

    /// <summary>The name of the error when the call failed, for example <c>EAGAIN</c>.</summary>
    public string? Error { get; }

    /// <summary>Why this system cannot make the call at all; the line is then skipped.</summary>
    public string? Unsupported { get; }

    /// <summary>True when the call was made and succeeded.</summary>
    public bool Succeeded => Error is null && Unsupported is null;

    /// <summary>The call succeeded.</summary>
    /// <param name="value">What it returned.</param>
    public static HostAnswer Success(long value = 0) => new(value, null, null);

    /// <summary>The call failed.</summary>
    /// <param name="error">The name of the error.</param>
    public static HostAnswer Failure(string error) => new(-1, error, null);

    /// <summary>This system has no such call.</summary>
    /// <param name="reason">Why, in words.</param>
    public static HostAnswer NotSupported(string reason) => new(-1, null, reason);
}
