using LibKqueueSharp.Conformance.Clauses;

namespace LibKqueueSharp.Conformance.Reports;

/// <summary>A report as Markdown.</summary>
internal static class MarkdownReport
{
    public static void Write(ConformanceReport report, TextWriter output)
    {
        output.Write($"# The {report.Capabilities.Backend} backend on {report.Capabilities.System}\n\n");
        WriteSums(report, output);
        WriteFailures(report, output);
        foreach (IGrouping<ClauseGroup, ClauseResult> section in report.Sections)
            WriteSection(section.Key, section, report.Dialects, output);
        output.Write($"{report.Counts}\n");
    }

    private static void WriteSums(ConformanceReport report, TextWriter output)
    {
        MarkdownTable table = new(output, ["dialect", .. Enum.GetValues<ClauseOutcome>().Select(OutcomeNames.Of)]);
        foreach (IGrouping<string, ClauseResult> results in report.Results.GroupBy(r => r.Dialect))
        {
            OutcomeCounts counts = OutcomeCounts.Of(results);
            table.Row([results.Key, .. Enum.GetValues<ClauseOutcome>().Select(outcome => $"{counts.Of(outcome)}")]);
        }

        table.End();
    }

    private static void WriteFailures(ConformanceReport report, TextWriter output)
    {
        if (!report.HasFailures)
            return;
        output.Write("## Failures\n\n");
        foreach (ClauseResult failure in report.Results.Where(r => r.Outcome == ClauseOutcome.Failed))
        {
            output.Write($"### {failure.Clause.Id}, {failure.Dialect}\n\n{failure.Clause.Statement}\n\n");
            output.Write($"```text\n{failure.Reason.ReplaceLineEndings("\n").TrimEnd('\n')}\n```\n\n");
        }
    }

    private static void WriteSection(
        ClauseGroup section, IEnumerable<ClauseResult> results, IReadOnlyList<string> dialects, TextWriter output)
    {
        output.Write($"## {section.Section} {section.Title}\n\n");
        MarkdownTable table = new(output, ["clause", "statement", .. dialects, "reason"]);
        foreach (ClauseRow row in ClauseRow.Of(results))
        {
            table.Row([
                row.Clause.Id,
                row.Clause.Statement,
                .. dialects.Select(d => row.Outcome(d) is { } outcome ? OutcomeNames.Of(outcome) : ""),
                row.Reasons(),
            ]);
        }

        table.End();
    }
}
