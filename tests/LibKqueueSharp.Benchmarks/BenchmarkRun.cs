using System.Diagnostics;
using System.Text.RegularExpressions;
using LibKqueueSharp.Benchmarks.Counting;
using LibKqueueSharp.Benchmarks.Echo;
using LibKqueueSharp.Benchmarks.Reports;
using LibKqueueSharp.Benchmarks.Rows;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks;

/// <summary>One run: rows, echo servers, system calls; then the reports.</summary>
internal sealed class BenchmarkRun(Effort effort, Regex filter, string library)
{
    private readonly List<RowResult> _results = [];
    private readonly DateTimeOffset _started = DateTimeOffset.Now;
    private readonly Machine _machine = Machine.Current;
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    private Report Report => new(_machine, effort, _started, _watch.Elapsed, _results);

    internal void Execute()
    {
        Row[] rows = [.. new Catalog(effort).Rows.Where(row => filter.IsMatch(row.Id))];
        RowRunner runner = new(effort);
        foreach (Row row in rows)
            Add(runner.Run(row));
        EchoRunner echo = new(effort, library);
        foreach (int connections in (int[])[100, 1_000, 10_000])
        {
            if (EchoRunner.RowsOf(connections).Any(row => filter.IsMatch(row.Id)))
            {
                foreach (RowResult result in echo.Run(connections))
                    Add(result);
            }
        }

        if (rows.Any(row => row.CountsSystemCalls)
            && SystemCallCounter.Count([Commands.CountCommand, effort.Name, library, "--filter", filter.ToString()]) is { } trace)
        {
            SystemCallCounter.AddTo(_results, trace);
        }

        Console.WriteLine($"{_results.Count} rows in {_watch.Elapsed.TotalSeconds:F0} s");
    }

    internal void Write(FileInfo? json, FileInfo? markdown, DirectoryInfo? plots)
    {
        Report report = Report;
        IReadOnlyList<Plot> drawn = plots is null ? [] : new Plots(report, plots.FullName).Draw();
        if (json is not null)
            JsonReport.Write(report, json.FullName);
        if (markdown is not null)
            new MarkdownReport(report, drawn).Write(markdown.FullName);
    }

    /// <summary>Whether each row gave figures.</summary>
    internal bool Check()
    {
        string[] defects = [.. Report.Defects];
        foreach (string defect in defects)
            Console.Error.WriteLine($"no figure: {defect}");
        return defects.Length == 0 && _results.Count > 0;
    }

    private void Add(RowResult result)
    {
        _results.Add(result);
        string figures = string.Join("   ", result.Contenders.Select(contender =>
            $"{contender.Name} {contender.Failure ?? Text.Value(contender.Median, result.Row.Unit)}"
            + (result.RatioTo(contender.Role) is { } ratio ? $" [{Text.Ratio(ratio)}]" : "")));
        Console.WriteLine($"{result.Row.Id,-32} {figures}");
    }
}
