using LibKqueueSharp.Conformance.Clauses;
using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Reports;

/// <summary>Filter by flag by dialect by backend, and what else the results say of each backend.</summary>
internal static class MatrixReport
{
    private const string Introduction = """
        # Conformance

        What each filter does with each flag and note under each dialect, as the clauses found it. `kq conformance --dialect all --matrix docs/conformance.md`
        wrote this page; do not edit it.

        A clause is one statement about kqueue(2) with a program that checks it. `12` says that 12 clauses gave the filter that flag, and all passed;
        `11, 1 deviates` that one of them found something else, for a reason that is told below; `-` that no clause of the dialect does it.
        EV_EOF and EV_ERROR count where events and records carried them. A clause counts for every filter that it uses.


        """;

    public static void Write(IEnumerable<ConformanceReport> reports, TextWriter output)
    {
        output.Write(Introduction.ReplaceLineEndings("\n"));
        foreach (ConformanceReport report in reports)
            Write(report, output);
    }

    private static void Write(ConformanceReport report, TextWriter output)
    {
        output.Write($"## The {report.Capabilities.Backend} backend\n\n### Filters\n\n");
        foreach (FilterCapability filter in report.Capabilities.Filters.Where(f => f.Supported))
            WriteFilter(report, filter.Filter, output);
        IEnumerable<string> unserved = report.Capabilities.Filters.Where(f => !f.Supported).Select(f => FilterNames.Format(f.Filter));
        output.Write($"Not served: {string.Join(", ", unserved.DefaultIfEmpty("none"))}.\n\n");
        WriteSections(report, output);
        WriteReasons(report, "Failures", "what was found", r => r.Outcome == ClauseOutcome.Failed, r => ClauseRow.FirstLine(r.Reason), output);
        WriteReasons(report, "Deviations", "why", r => r.Outcome == ClauseOutcome.Deviation, r => r.Reason, output);
        WriteReasons(report, "Not applicable here", "why", IsLacking, r => r.Reason, output);
        WriteReasons(report, "Not observable", "why", r => r.Outcome == ClauseOutcome.NotObservable, r => r.Reason, output);
    }

    private static void WriteFilter(ConformanceReport report, EventFilter filter, TextWriter output)
    {
        string name = FilterNames.Format(filter);
        ILookup<string, ClauseResult> users = (
            from result in report.Results
            from use in result.Uses
            where use.Filter == filter
            select (use.Name, result)).ToLookup(pair => pair.Name, pair => pair.result);
        if (users.Count == 0)
        {
            output.Write($"No clause uses {name}.\n\n");
            return;
        }

        MarkdownTable table = new(output, [name, .. report.Dialects]);
        foreach (string flag in FlagNames.All.Concat(NoteNames.All(filter)).Where(users.Contains))
            table.Row([flag, .. report.Dialects.Select(d => Cell(users[flag].Where(r => r.Dialect == d)))]);
        table.End();
    }

    private static void WriteSections(ConformanceReport report, TextWriter output)
    {
        output.Write("### Sections\n\n");
        MarkdownTable table = new(output, ["section", "clauses", "not observable", .. report.Dialects]);
        foreach (IGrouping<ClauseGroup, ClauseResult> section in report.Sections)
            table.Row([$"{section.Key.Section} {section.Key.Title}", .. Sums(section)]);
        table.Row(["all", .. Sums(report.Results)]);
        table.End();

        IEnumerable<string> Sums(IEnumerable<ClauseResult> results) =>
        [
            $"{results.DistinctBy(r => r.Clause).Count()}",
            $"{results.Where(r => r.Outcome == ClauseOutcome.NotObservable).DistinctBy(r => r.Clause).Count()}",
            .. report.Dialects.Select(d => Cell(results.Where(r => r.Dialect == d))),
        ];
    }

    private static void WriteReasons(
        ConformanceReport report,
        string title,
        string heading,
        Func<ClauseResult, bool> which,
        Func<ClauseResult, string> reason,
        TextWriter output)
    {
        IGrouping<(string Reason, string Dialects), string>[] rows =
        [
            .. from result in report.Results
               where which(result)
               group result by (result.Clause.Id, Reason: reason(result)) into one
               group one.Key.Id by (one.Key.Reason, Dialects: DialectsOf(one)),
        ];
        if (rows.Length == 0)
            return;
        output.Write($"### {title}\n\n");
        MarkdownTable table = new(output, "clause", "dialect", heading);
        foreach (IGrouping<(string Reason, string Dialects), string> row in rows)
            table.Row(string.Join(", ", row), row.Key.Dialects, row.Key.Reason);
        table.End();

        string DialectsOf(IEnumerable<ClauseResult> results)
        {
            string[] names = [.. results.Select(r => r.Dialect)];
            return names.Length == report.Dialects.Count ? "all" : string.Join(", ", names);
        }
    }

    private static bool IsLacking(ClauseResult result) =>
        result.Outcome == ClauseOutcome.NotApplicable && Dialect.Find(result.Dialect) is { } dialect && result.Clause.HoldsIn(dialect);

    private static string Cell(IEnumerable<ClauseResult> results)
    {
        OutcomeCounts counts = OutcomeCounts.Of(results);
        string[] parts =
        [
            .. counts.Failed > 0 ? [$"{counts.Failed} failed"] : (string[])[],
            .. counts.Deviation > 0 ? [$"{counts.Deviation} deviate{(counts.Deviation == 1 ? "s" : "")}"] : (string[])[],
        ];
        bool isEmpty = counts.Passed + parts.Length == 0;
        return isEmpty ? "-" : string.Join(", ", [$"{counts.Passed}", .. parts]);
    }
}
