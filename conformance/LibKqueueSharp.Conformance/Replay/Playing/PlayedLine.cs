namespace LibKqueueSharp.Conformance.Replay;

/// <summary>One line of a scenario as it was played. Times are nanoseconds since the playing began.</summary>
/// <param name="Command">The command.</param>
/// <param name="Answer">What was answered.</param>
/// <param name="Began">When the line was begun.</param>
/// <param name="Ended">When it was done.</param>
public sealed record PlayedLine(ScenarioCommand Command, LineAnswer Answer, long Began, long Ended);
