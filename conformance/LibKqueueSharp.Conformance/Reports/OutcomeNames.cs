using LibKqueueSharp.Conformance.Clauses;

namespace LibKqueueSharp.Conformance.Reports;

/// <summary>Outcomes in words.</summary>
public static class OutcomeNames
{
    /// <summary>The words for an outcome, for example <c>not applicable</c>.</summary>
    /// <param name="outcome">The outcome.</param>
    public static string Of(ClauseOutcome outcome) => outcome switch
    {
        ClauseOutcome.Passed => "passed",
        ClauseOutcome.Failed => "failed",
        ClauseOutcome.Deviation => "deviation",
        ClauseOutcome.NotApplicable => "not applicable",
        _ => "not observable",
    };
}
