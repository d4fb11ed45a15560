namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>How a clause went.</summary>
public enum ClauseOutcome
{
    /// <summary>The backend does what the clause says.</summary>
    Passed,

    /// <summary>It does not, or a deviation that was written down has disappeared.</summary>
    Failed,

    /// <summary>It does not, as it is written down with the reason.</summary>
    Deviation,

    /// <summary>The clause says nothing about this dialect, or this backend or system lacks what it is about.</summary>
    NotApplicable,

    /// <summary>No program can tell.</summary>
    NotObservable,
}

/// <summary>How one clause went on one backend under one dialect.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Dialect">The name of the dialect.</param>
/// <param name="Outcome">How it went.</param>
/// <param name="Reason">Why, in words; empty when it passed. For a failure also the calls that led there.</param>
/// <param name="Duration">How long it took.</param>
public sealed record ClauseResult(Clause Clause, string Dialect, ClauseOutcome Outcome, string Reason, TimeSpan Duration)
{
    /// <summary>Which filters it used with which flags and notes; empty when it did not run.</summary>
    public IReadOnlyList<ClauseUse> Uses { get; init; } = [];

    /// <summary>The whole result, for people.</summary>
    public override string ToString() =>
        $"{Clause.Id} ({Dialect}): {Outcome}{Environment.NewLine}{Clause.Statement}{(Reason.Length == 0 ? "" : Environment.NewLine + Reason)}";
}
