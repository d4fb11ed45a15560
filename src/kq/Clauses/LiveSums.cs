using LibKqueueSharp.Conformance.Clauses;
using LibKqueueSharp.Conformance.Reports;
using Spectre.Console;

namespace LibKqueueSharp.Kq.Clauses;

/// <summary>A table of sections by outcome that is drawn again after each result, for terminals.</summary>
/// <param name="console">The terminal.</param>
internal sealed class LiveSums(IAnsiConsole console)
{
    private static readonly ClauseOutcome[] s_outcomes = Enum.GetValues<ClauseOutcome>();

    private readonly Dictionary<ClauseGroup, (int Row, OutcomeCounts Counts)> _sections = [];

    private readonly Table _table = NewTable();

    /// <summary>Shows results as they come.</summary>
    /// <param name="results">The results; taking one runs its clause.</param>
    /// <param name="total">How many will come.</param>
    /// <returns>The results.</returns>
    public IReadOnlyList<ClauseResult> Show(IEnumerable<ClauseResult> results, int total)
    {
        List<ClauseResult> taken = [];
        console.Live(_table)
            .Overflow(VerticalOverflow.Crop)
            .Cropping(VerticalOverflowCropping.Top)
            .Start(live =>
            {
                foreach (ClauseResult result in results)
                {
                    taken.Add(result);
                    Add(result);
                    _table.Caption = new TableTitle($"{taken.Count} of {total}: {result.Clause.Id} under {result.Dialect}", OutcomeStyles.Dim);
                    live.Refresh();
                }
            });
        return taken;
    }

    private void Add(ClauseResult result)
    {
        ClauseGroup section = ConformanceReport.SectionOf(result.Clause);
        if (!_sections.TryGetValue(section, out (int Row, OutcomeCounts Counts) entry))
        {
            entry.Row = _table.Rows.Count;
            _table.AddRow([Markup.Escape($"{section.Section} {section.Title}"), .. s_outcomes.Select(_ => "")]);
        }

        entry.Counts = entry.Counts.With(result.Outcome);
        _sections[section] = entry;
        int column = 1 + Array.IndexOf(s_outcomes, result.Outcome);
        _table.UpdateCell(entry.Row, column, new Text($"{entry.Counts.Of(result.Outcome)}", OutcomeStyles.Of(result.Outcome)));
    }

    private static Table NewTable()
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("section");
        foreach (ClauseOutcome outcome in s_outcomes)
            table.AddColumn(OutcomeNames.Of(outcome), column => column.RightAligned());
        return table;
    }
}
