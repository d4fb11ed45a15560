using LibKqueueSharp.Conformance.Clauses;
using Spectre.Console;

namespace LibKqueueSharp.Kq.Clauses;

/// <summary>The colours of outcomes.</summary>
internal static class OutcomeStyles
{
    public static Style Dim { get; } = new(Color.Grey);

    public static Style Of(ClauseOutcome outcome) => outcome switch
    {
        ClauseOutcome.Passed => new(Color.Lime),
        ClauseOutcome.Failed => new(Color.Red, decoration: Decoration.Bold),
        ClauseOutcome.Deviation => new(Color.Yellow),
        _ => Dim,
    };
}
