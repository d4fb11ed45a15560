using System.Globalization;
using System.Text;
using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Rows;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Reports;

/// <summary>The report for people: docs/benchmarks.md.</summary>
internal sealed class MarkdownReport(Report report, IReadOnlyList<Plot> plots)
{
    private readonly StringBuilder _text = new();

    internal void Write(string file)
    {
        Introduce();
        foreach (IGrouping<RowGroup, RowResult> group in report.Groups)
            AppendGroup(group.Key, [.. group]);
        AppendSystemCalls();
        AppendAllocations();
        AppendExplanations();
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        Directory.CreateDirectory(folder);
        File.WriteAllText(file, _text.ToString().Replace("(plots/", $"({PlotFolder(folder)}/", StringComparison.Ordinal).TrimEnd() + "\n");
    }

    private string PlotFolder(string folder) =>
        plots.Count == 0 ? "." : Path.GetRelativePath(folder, Path.GetDirectoryName(plots[0].File)!);

    private void Introduce()
    {
        Machine machine = report.Machine;
        _text.Append(CultureInfo.InvariantCulture, $"""
            # Benchmarks

            Written by `dotnet run -c Release --project tests/LibKqueueSharp.Benchmarks -- --markdown docs/benchmarks.md --plots docs/benchmarks`.
            `--quick` takes less than two minutes, `--json FILE` writes all samples, `--filter REGEX` chooses rows, `--bdn` runs the small rows
            under BenchmarkDotNet. [benchmarks-c.md](benchmarks-c.md) has the figures of the C library.

            | | |
            |---|---|
            | date | {report.Started:yyyy-MM-dd} |
            | commit | {machine.Commit} |
            | processor | {machine.Processors} x {machine.Processor} |
            | system | {machine.System}, {machine.Kernel} |
            | runtime | {machine.Runtime} |
            | libkqueue (C) | {machine.CLibrary ?? "not installed, left out"} |
            | run | {report.Effort.Name}, {report.Effort.Rounds} rounds, {report.Took.TotalMinutes:0.#} minutes, load average before it {machine.Load:0.##} |

            In each row the contenders take turns in one process; a round gives each of them one sample. A figure is the median of the rounds.
            A ratio is LibKqueueSharp's figure over the other's, so less than 1 means that LibKqueueSharp needs less; in brackets stand the
            quartiles of the ratios of single rounds.{(Clock.CountsProcessorTime ? " Times are processor time, not elapsed time." : "")}


            """);
        AppendPlots("");
    }

    private void AppendGroup(RowGroup group, IReadOnlyList<RowResult> results)
    {
        _text.Append(CultureInfo.InvariantCulture, $"## {group.Title}\n\n{group.Text}\n\n");
        MarkdownTable table = new(
            "work",
            group.NameOf(Role.Subject),
            group.NameOf(Role.Floor),
            "ratio",
            group.NameOf(Role.CountingFloor),
            "ratio",
            group.NameOf(Role.Alternative),
            "ratio",
            group.NameOf(Role.CLibrary),
            "ratio",
            "goal");
        foreach (RowResult result in results)
        {
            table.Add(
                result.Row.Title,
                Value(result, Role.Subject),
                Value(result, Role.Floor),
                Text.Ratio(result.RatioTo(Role.Floor)),
                Value(result, Role.CountingFloor),
                Text.Ratio(result.RatioTo(Role.CountingFloor)),
                Value(result, Role.Alternative),
                Text.Ratio(result.RatioTo(Role.Alternative)),
                Value(result, Role.CLibrary),
                Text.Ratio(result.RatioTo(Role.CLibrary)),
                string.Join("; ", result.Row.Goals.Select(goal => Describe(goal, result))));
        }

        table.AppendTo(_text);
        AppendGrowth(results);
        AppendPlots(group.Id);
    }

    /// <summary>The same work among ten times as many descriptors.</summary>
    private void AppendGrowth(IReadOnlyList<RowResult> results)
    {
        MarkdownTable table = new("from 1,000 to 10,000", "LibKqueueSharp", "epoll by hand", "epoll by hand, FIONREAD", "Socket async", "libkqueue (C)");
        foreach (RowResult small in results.Where(r => r.Row.Name.StartsWith("sockets-1000-", StringComparison.Ordinal)))
        {
            string name = small.Row.Name.Replace("-1000-", "-10000-", StringComparison.Ordinal);
            if (results.FirstOrDefault(r => r.Row.Name == name) is { } large)
                table.Add([small.Row.Title.Split(" of ")[0], .. Enum.GetValues<Role>().Select(role => Growth(small, large, role))]);
        }

        if (!table.IsEmpty)
            table.AppendTo(_text);
    }

    private void AppendSystemCalls()
    {
        MarkdownTable table = new("system calls an operation", "LibKqueueSharp", "the floor", "the floor that counts", "the alternative", "libkqueue (C)");
        foreach (RowResult result in report.Results.Where(r => r.Find(Role.Subject)?.SystemCalls is not null))
            table.Add([Name(result), .. Enum.GetValues<Role>().Select(role => Text.Calls(result.Find(role)?.SystemCalls))]);
        if (table.IsEmpty)
            return;
        _text.Append("## System calls\n\nCounted with strace, of all threads; none that comes less than once in twenty operations.\n\n");
        table.AppendTo(_text);
    }

    private void AppendAllocations()
    {
        _text.Append("## Allocations\n\nManaged bytes an operation, of all threads.\n\n");
        MarkdownTable table = new("bytes an operation", "LibKqueueSharp", "the floor", "the alternative");
        foreach (RowResult result in report.Results.Where(r => r.Row.Unit == Units.Nanoseconds && r.Row.Group != Groups.Echo))
        {
            table.Add([Name(result), .. ((Role[])[Role.Subject, Role.Floor, Role.Alternative])
                .Select(role => result.Find(role) is { } found ? Text.Number(found.Allocated, 2) : "")]);
        }

        table.AppendTo(_text);
    }

    private void AppendExplanations()
    {
        using Stream text = typeof(MarkdownReport).Assembly.GetManifestResourceStream("Explanations.md")!;
        using StreamReader reader = new(text);
        _text.Append(reader.ReadToEnd());
    }

    private void AppendPlots(string group)
    {
        foreach (Plot plot in plots.Where(p => p.Group == group))
            _text.Append(CultureInfo.InvariantCulture, $"![{plot.Title}](plots/{Path.GetFileName(plot.File)})\n\n");
    }

    private static string Name(RowResult result) => $"{result.Row.Group.Title}: {result.Row.Title}";

    private static string Value(RowResult result, Role role) =>
        result.Contenders.FirstOrDefault(c => c.Role == role) is not { } contender ? ""
        : contender.Failure is not null ? "could not take part"
        : Text.Value(contender.Median, result.Row.Unit);

    private static string Growth(RowResult small, RowResult large, Role role) =>
        small.Find(role) is { } few && large.Find(role) is { } many ? $"x {Text.Factor(many.Median / few.Median)}" : "";

    private static string Describe(Goal goal, RowResult result) =>
        goal.Text + goal.IsMet(result) switch { true => ": yes", false => ": **no**", null => "" };
}
