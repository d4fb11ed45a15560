using System.Text.RegularExpressions;
using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Kq.Play;

/// <summary>What <c>kq play</c> was asked to play.</summary>
/// <param name="Backend">Where the queues come from.</param>
/// <param name="System">What they are compared with, and the dialect that they follow.</param>
/// <param name="IsSystemNamed">The caller chose the system, not the dialect.</param>
/// <param name="Match">Which names; null for all.</param>
/// <param name="Only">What a scenario may need.</param>
/// <param name="Unserved">Play also what needs a filter that the backend does not serve.</param>
/// <param name="Verbose">Tell more about each scenario.</param>
internal sealed record PlayOptions(
    KqueueBackend Backend,
    TraceSystem System,
    bool IsSystemNamed,
    Regex? Match,
    ScenarioNeeds Only,
    bool Unserved,
    bool Verbose)
{
    /// <summary>True when a scenario was asked for.</summary>
    /// <param name="scenario">The scenario.</param>
    public bool Wants(Scenario scenario) => (scenario.Needs & ~Only) == 0 && Match?.IsMatch(scenario.Name) != false;
}
