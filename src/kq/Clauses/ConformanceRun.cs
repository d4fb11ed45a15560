using LibKqueueSharp.Conformance.Clauses;
using LibKqueueSharp.Conformance.Reports;
using Spectre.Console;

namespace LibKqueueSharp.Kq.Clauses;

/// <summary>Checks clauses one after the other, shows the results, and writes the reports.</summary>
/// <param name="console">Where the results are shown: as they come, or on a terminal below a table of sums.</param>
internal sealed class ConformanceRun(IAnsiConsole console)
{
    private readonly ResultLines _lines = new(console);

    /// <summary>Checks them.</summary>
    /// <param name="options">What was asked for.</param>
    /// <returns>The exit code.</returns>
    public int Check(ConformanceOptions options)
    {
        _lines.Begin(options.Capabilities);
        IEnumerable<ClauseResult> running =
            from dialect in options.Dialects
            from clause in options.Clauses
            select options.Suite.Run(clause, dialect);
        ConformanceReport report = new(options.Capabilities, Show(running, options.Dialects.Count * options.Clauses.Count));
        foreach (ReportFile file in options.Files)
            file.Write(report);
        _lines.End(report.Counts);
        return report.HasFailures ? ExitCode.Failed : ExitCode.Done;
    }

    private IReadOnlyList<ClauseResult> Show(IEnumerable<ClauseResult> running, int total)
    {
        if (!console.Profile.Capabilities.Ansi)
            return [.. running.Select(Written)];
        IReadOnlyList<ClauseResult> results = new LiveSums(console).Show(running, total);
        return [.. results.Select(Written)];
    }

    private ClauseResult Written(ClauseResult result)
    {
        _lines.Write(result);
        return result;
    }
}
