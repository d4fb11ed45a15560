using System.Text.Json;
using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Reports;

/// <summary>All samples, for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    internal static void Write(Report report, string file) =>
        File.WriteAllText(file, JsonSerializer.Serialize(ToJson(report), s_options) + "\n");

    private static object ToJson(Report report) => new
    {
        report.Machine,
        Effort = report.Effort.Name,
        Clock.CountsProcessorTime,
        report.Started,
        Seconds = Math.Round(report.Took.TotalSeconds),
        Rows = report.Results.Select(ToJson),
    };

    private static object ToJson(RowResult result) => new
    {
        result.Row.Id,
        result.Row.Title,
        result.Row.Unit,
        Contenders = result.Contenders.Select(contender => new
        {
            Role = contender.Role.ToString(),
            contender.Name,
            Median = Finite(contender.Median),
            Allocated = Finite(contender.Allocated),
            Ratio = result.RatioTo(contender.Role),
            contender.SystemCalls,
            contender.Failure,
            Samples = contender.Samples.Select(sample => sample.Value),
        }),
        Goals = result.Row.Goals.Select(goal => new { goal.Text, Met = goal.IsMet(result) }),
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
