namespace LibKqueueSharp.Conformance.Replay;

/// <summary>A scenario as it was played once.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Lines">Its lines with their answers, in order.</param>
public sealed record Playback(Scenario Scenario, IReadOnlyList<PlayedLine> Lines);
