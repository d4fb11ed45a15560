using LibKqueueSharp.Conformance.Clauses;

namespace LibKqueueSharp.Conformance.Reports;

/// <summary>How many results there are of each outcome.</summary>
/// <param name="Passed">The backend does what the clause says.</param>
/// <param name="Failed">It does not.</param>
/// <param name="Deviation">It does not, as it is written down.</param>
/// <param name="NotApplicable">The clause is about something else.</param>
/// <param name="NotObservable">No program can tell.</param>
public readonly record struct OutcomeCounts(int Passed, int Failed, int Deviation, int NotApplicable, int NotObservable)
{
    /// <summary>Counts results.</summary>
    /// <param name="results">The results.</param>
    public static OutcomeCounts Of(IEnumerable<ClauseResult> results) =>
        results.Aggregate(default(OutcomeCounts), (counts, result) => counts.With(result.Outcome));

    /// <summary>How many there are of one outcome.</summary>
    /// <param name="outcome">The outcome.</param>
    public int Of(ClauseOutcome outcome) => outcome switch
    {
        ClauseOutcome.Passed => Passed,
        ClauseOutcome.Failed => Failed,
        ClauseOutcome.Deviation => Deviation,
        ClauseOutcome.NotApplicable => NotApplicable,
        _ => NotObservable,
    };

    /// <summary>One more.</summary>
    /// <param name="outcome">Of this outcome.</param>
    public OutcomeCounts With(ClauseOutcome outcome) => outcome switch
    {
        ClauseOutcome.Passed => this with { Passed = Passed + 1 },
        ClauseOutcome.Failed => this with { Failed = Failed + 1 },
        ClauseOutcome.Deviation => this with { Deviation = Deviation + 1 },
        ClauseOutcome.NotApplicable => this with { NotApplicable = NotApplicable + 1 },
        _ => this with { NotObservable = NotObservable + 1 },
    };

    /// <summary>
    /// The line that ends a run: a deviation counts as passed, what is not applicable or not observable as skipped.
    /// </summary>
    public override string ToString() => $"{Passed + Deviation} passed, {Failed} failed, {NotApplicable + NotObservable} skipped";
}
