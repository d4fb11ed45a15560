namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>A clause gave a filter a flag or a note, or got EV_EOF or EV_ERROR from it.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Name">The C name of the flag or note.</param>
public readonly record struct ClauseUse(EventFilter Filter, string Name);
