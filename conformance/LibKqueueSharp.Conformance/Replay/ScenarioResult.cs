using System.Text;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>How a scenario went.</summary>
public enum ScenarioOutcome
{
    /// <summary>All that was compared is equal.</summary>
    Passed,

    /// <summary>Something is different, or a named deviation has disappeared.</summary>
    Failed,

    /// <summary>
    /// Nothing could be compared, or this system cannot play all of it, while what it played is as recorded;
    /// the first of <see cref="ScenarioResult.Remarks"/> tells why.
    /// </summary>
    Skipped,

    /// <summary>All that differs is a named deviation, to the letter.</summary>
    Deviation,
}

/// <summary>How one scenario went on one backend, compared with one system.</summary>
/// <param name="Scenario">The name of the scenario.</param>
/// <param name="System">The name of the recorded system.</param>
/// <param name="Dialect">The name of the dialect.</param>
/// <param name="Outcome">How it went.</param>
/// <param name="Differences">The lines that are different.</param>
/// <param name="Deviations">The names of the deviations that showed.</param>
/// <param name="Remarks">What was not compared, and what else is worth knowing.</param>
public sealed record ScenarioResult(
    string Scenario,
    string System,
    string Dialect,
    ScenarioOutcome Outcome,
    IReadOnlyList<LineDifference> Differences,
    IReadOnlyList<string> Deviations,
    IReadOnlyList<string> Remarks)
{
    /// <summary>The whole result, for people.</summary>
    public override string ToString()
    {
        StringBuilder text = new($"{Scenario} ({System}): {Outcome}");
        if (Deviations.Count > 0)
            text.Append(": ").AppendJoin(", ", Deviations);
        foreach (LineDifference difference in Differences)
            text.AppendLine().Append(difference);
        foreach (string remark in Remarks)
            text.AppendLine().Append(remark);
        return text.ToString();
    }
}
