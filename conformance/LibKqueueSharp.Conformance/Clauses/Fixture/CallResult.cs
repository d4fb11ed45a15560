namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>What one call of kevent answered.</summary>
/// <param name="Count">What it returned.</param>
/// <param name="Error">Why it returned -1.</param>
/// <param name="Buffer">The whole eventlist, also what lies beyond the returned events.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record CallResult(int Count, Errno Error, KEvent[] Buffer, TimeSpan Elapsed)
{
    public KEvent[] Events => Buffer[..Math.Max(Count, 0)];

    /// <summary>Fails the clause unless the call returned so many records or events.</summary>
    public KEvent[] MustReturn(int count) =>
        Count == count ? Events : throw new ClauseFailedException($"kevent was to return {count}: {this}");

    /// <summary>Fails the clause unless the call returned -1 with an error.</summary>
    public void MustFail(Errno error)
    {
        if (Count != -1 || Error != error)
            throw new ClauseFailedException($"kevent was to return -1 ({error}): {this}");
    }

    public override string ToString() => Count < 0 ? $"-1 ({Error})" : $"{Count} {Transcript.Text(Events)}";
}
