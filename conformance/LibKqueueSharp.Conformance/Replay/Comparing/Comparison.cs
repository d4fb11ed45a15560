namespace LibKqueueSharp.Conformance.Replay;

/// <summary>What came of comparing a playing with a trace.</summary>
/// <param name="Differences">The lines that were answered differently and that no rule allows.</param>
/// <param name="Remarks">Which lines were not compared, and why.</param>
/// <param name="LastLine">The last line that was compared, 0 when none was.</param>
/// <param name="LackedByHost">The remark about the line that the system which plays cannot play, with all that follows; null when there is none.</param>
public sealed record Comparison(IReadOnlyList<LineDifference> Differences, IReadOnlyList<string> Remarks, int LastLine, string? LackedByHost);
