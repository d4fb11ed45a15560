namespace LibKqueueSharp.Conformance.Replay;

/// <summary>One line of a trace: what a system answered to one line of a scenario.</summary>
/// <param name="Line">The number of the line in the scenario.</param>
/// <param name="Command">The command as written there.</param>
/// <param name="Answer">The answer.</param>
public sealed record TraceEntry(int Line, string Command, LineAnswer Answer);
