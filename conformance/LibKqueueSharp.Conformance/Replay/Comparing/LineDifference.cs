namespace LibKqueueSharp.Conformance.Replay;

/// <summary>A line that was answered differently, for people to read.</summary>
/// <param name="Line">The number of the line.</param>
/// <param name="Command">The command.</param>
/// <param name="Expected">What the recorded system answered.</param>
/// <param name="Answered">What the backend answered.</param>
/// <param name="Problem">What the difference is.</param>
public sealed record LineDifference(int Line, string Command, string Expected, string Answered, string Problem)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"line {Line}: {Command}{Environment.NewLine}  expected {Expected}{Environment.NewLine}  answered {Answered}{Environment.NewLine}  ({Problem})";
}
