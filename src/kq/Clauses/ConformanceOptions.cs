using LibKqueueSharp.Conformance.Clauses;

namespace LibKqueueSharp.Kq.Clauses;

/// <summary>What <c>kq conformance</c> was asked to check.</summary>
/// <param name="Capabilities">What the backend says of itself.</param>
/// <param name="Suite">The suite of the backend.</param>
/// <param name="Dialects">The dialects, one after the other.</param>
/// <param name="Clauses">The clauses.</param>
/// <param name="Files">The reports to write.</param>
internal sealed record ConformanceOptions(
    KqueueCapabilities Capabilities,
    ClauseSuite Suite,
    IReadOnlyList<Dialect> Dialects,
    IReadOnlyList<Clause> Clauses,
    IReadOnlyList<ReportFile> Files);
