namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// Where a backend is known to answer differently, because its operating system cannot give what BSD gives.
/// </summary>
/// <param name="Name">A short name.</param>
/// <param name="Reason">Why, in one line.</param>
/// <param name="Cases">Where.</param>
public sealed record Deviation(string Name, string Reason, IReadOnlyList<DeviationCase> Cases);

/// <summary>One scenario in which a deviation shows.</summary>
/// <param name="Scenario">The name of the scenario.</param>
/// <param name="Systems">The systems from whose traces it deviates; none means all.</param>
/// <param name="Answers">What is answered instead, by the number of the line.</param>
public sealed record DeviationCase(string Scenario, IReadOnlyList<string> Systems, IReadOnlyDictionary<int, LineAnswer> Answers)
{
    /// <summary>True when the case belongs to a scenario and a system.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="system">The system.</param>
    public bool AppliesTo(Scenario scenario, TraceSystem system) =>
        Scenario == scenario.Name && (Systems.Count == 0 || Systems.Contains(system.Name));
}
