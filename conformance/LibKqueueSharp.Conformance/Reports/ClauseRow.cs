using LibKqueueSharp.Conformance.Clauses;

namespace LibKqueueSharp.Conformance.Reports;

/// <summary>One clause with its results under several dialects.</summary>
/// <param name="clause">The clause.</param>
/// <param name="results">Its results.</param>
internal sealed class ClauseRow(Clause clause, IReadOnlyList<ClauseResult> results)
{
    public Clause Clause => clause;

    public IEnumerable<ClauseResult> Failures => results.Where(r => r.Outcome == ClauseOutcome.Failed);

    public static IEnumerable<ClauseRow> Of(IEnumerable<ClauseResult> results) =>
        results.GroupBy(r => r.Clause).Select(of => new ClauseRow(of.Key, [.. of]));

    public ClauseOutcome? Outcome(string dialect) => results.FirstOrDefault(r => r.Dialect == dialect)?.Outcome;

    /// <summary>The reasons; each with its dialects where it is not that of all.</summary>
    public string Reasons()
    {
        IEnumerable<string> reasons =
            from result in results
            where result.Reason.Length > 0
            group result.Dialect by FirstLine(result.Reason) into dialects
            select dialects.Count() == results.Count ? dialects.Key : $"{string.Join(", ", dialects)}: {dialects.Key}";
        return string.Join("; ", reasons);
    }

    public static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd('\r');
}
