namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>The clauses of one section of the list.</summary>
/// <param name="Section">Its number, for example <c>2.2</c>.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Clauses">The clauses in the order of the list.</param>
public sealed record ClauseGroup(string Section, string Title, IReadOnlyList<Clause> Clauses);
