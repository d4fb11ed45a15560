using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LibKqueueSharp.Conformance.Clauses;
using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Reports;

/// <summary>A report as JSON.</summary>
internal sealed record JsonReport(
    string Backend, string System, IReadOnlyList<string> Dialects, OutcomeCounts Counts, IReadOnlyList<JsonResult> Results)
{
    // The text is a file, never part of a page: quotes and ampersands stay as they are.
    private static readonly JsonReportContext s_context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static void Write(ConformanceReport report, TextWriter output)
    {
        JsonReport json = new(
            report.Capabilities.Backend,
            report.Capabilities.System,
            report.Dialects,
            report.Counts,
            [.. report.Results.Select(JsonResult.Of)]);
        output.WriteLine(JsonSerializer.Serialize(json, s_context.JsonReport));
    }
}

/// <summary>One result.</summary>
internal sealed record JsonResult(
    string Clause,
    string Section,
    string Statement,
    string Source,
    string Dialect,
    string Result,
    string Reason,
    double Seconds,
    IReadOnlyDictionary<string, string[]> Uses)
{
    public static JsonResult Of(ClauseResult result) => new(
        result.Clause.Id,
        ConformanceReport.SectionOf(result.Clause).Section,
        result.Clause.Statement,
        result.Clause.Source,
        result.Dialect,
        OutcomeNames.Of(result.Outcome),
        result.Reason,
        Math.Round(result.Duration.TotalSeconds, 6),
        result.Uses.GroupBy(use => FilterNames.Format(use.Filter), use => use.Name).ToDictionary(uses => uses.Key, uses => uses.ToArray()));
}

/// <summary>Writes <see cref="JsonReport"/>.</summary>
[JsonSerializable(typeof(JsonReport))]
internal sealed partial class JsonReportContext : JsonSerializerContext;
