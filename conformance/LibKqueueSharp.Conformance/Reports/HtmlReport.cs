using System.Net;
using LibKqueueSharp.Conformance.Clauses;

namespace LibKqueueSharp.Conformance.Reports;

/// <summary>A report as one page of HTML.</summary>
internal static class HtmlReport
{
    private static readonly Lazy<string> s_style = new(() =>
    {
        using StreamReader reader = new(typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!);
        return reader.ReadToEnd();
    });

    public static void Write(ConformanceReport report, TextWriter output)
    {
        string title = Text($"kqueue conformance: the {report.Capabilities.Backend} backend on {report.Capabilities.System}");
        output.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title}</title>
            <style>
            {s_style.Value}</style>
            </head>
            <body>
            <h1>{title}</h1>
            <p>{report.Counts}</p>

            """);
        WriteSums(report, output);
        WriteChoice(output);
        foreach (IGrouping<ClauseGroup, ClauseResult> section in report.Sections)
            WriteSection(section.Key, section, report.Dialects, output);
        output.Write("</body>\n</html>\n");
    }

    private static void WriteSums(ConformanceReport report, TextWriter output)
    {
        output.Write("<table class=\"sums\">\n<thead><tr><th>dialect</th>");
        foreach (ClauseOutcome outcome in Enum.GetValues<ClauseOutcome>())
            output.Write($"<th>{OutcomeNames.Of(outcome)}</th>");
        output.Write("</tr></thead>\n<tbody>\n");
        foreach (IGrouping<string, ClauseResult> results in report.Results.GroupBy(r => r.Dialect))
        {
            OutcomeCounts counts = OutcomeCounts.Of(results);
            output.Write($"<tr><th>{Text(results.Key)}</th>");
            foreach (ClauseOutcome outcome in Enum.GetValues<ClauseOutcome>())
                output.Write($"<td>{counts.Of(outcome)}</td>");
            output.Write("</tr>\n");
        }

        output.Write("</tbody>\n</table>\n");
    }

    private static void WriteChoice(TextWriter output)
    {
        output.Write("<form>Show clauses that have ");
        foreach (ClauseOutcome outcome in Enum.GetValues<ClauseOutcome>())
            output.Write($"<label><input type=\"checkbox\" id=\"show-{Class(outcome)}\" checked> {OutcomeNames.Of(outcome)}</label> ");
        output.Write("</form>\n");
    }

    private static void WriteSection(
        ClauseGroup section, IEnumerable<ClauseResult> results, IReadOnlyList<string> dialects, TextWriter output)
    {
        output.Write($"<section>\n<h2>{Text($"{section.Section} {section.Title}")}</h2>\n<table>\n<thead><tr><th>clause</th><th>statement</th>");
        foreach (string dialect in dialects)
            output.Write($"<th>{Text(dialect)}</th>");
        output.Write("<th>reason</th></tr></thead>\n<tbody>\n");
        foreach (ClauseRow row in ClauseRow.Of(results))
            WriteRow(row, dialects, output);
        output.Write("</tbody>\n</table>\n</section>\n");
    }

    private static void WriteRow(ClauseRow row, IReadOnlyList<string> dialects, TextWriter output)
    {
        IEnumerable<string> classes = dialects.Select(row.Outcome).OfType<ClauseOutcome>().Distinct().Select(Class);
        string id = Text(row.Clause.Id);
        output.Write($"<tr class=\"{string.Join(' ', classes)}\" id=\"{id}\"><th>{id}</th>");
        output.Write($"<td title=\"{Text(row.Clause.Source)}\">{Text(row.Clause.Statement)}</td>");
        foreach (string dialect in dialects)
            output.Write(row.Outcome(dialect) is { } outcome ? $"<td class=\"{Class(outcome)}\">{OutcomeNames.Of(outcome)}</td>" : "<td></td>");
        output.Write($"<td>{Text(row.Reasons())}");
        foreach (ClauseResult failure in row.Failures)
            output.Write($"<details><summary>the calls under {Text(failure.Dialect)}</summary><pre>{Text(failure.Reason)}</pre></details>");
        output.Write("</td></tr>\n");
    }

    private static string Class(ClauseOutcome outcome) => OutcomeNames.Of(outcome).Replace(' ', '-');

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
