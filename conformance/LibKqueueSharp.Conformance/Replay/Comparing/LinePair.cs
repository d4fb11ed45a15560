namespace LibKqueueSharp.Conformance.Replay;

/// <summary>One line with both answers.</summary>
/// <param name="Played">How it was played, with the answer of the backend.</param>
/// <param name="Expected">The answer of the trace.</param>
public sealed record LinePair(PlayedLine Played, LineAnswer Expected)
{
    /// <summary>The command.</summary>
    public ScenarioCommand Command => Played.Command;

    /// <summary>The answer of the backend.</summary>
    public LineAnswer Answered => Played.Answer;
}
