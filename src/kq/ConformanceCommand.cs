using System.CommandLine;
using System.Text.RegularExpressions;
using LibKqueueSharp.Conformance.Clauses;
using LibKqueueSharp.Conformance.Reports;
using LibKqueueSharp.Kq.Clauses;

namespace LibKqueueSharp.Kq;

/// <summary><c>kq conformance</c>.</summary>
internal static class ConformanceCommand
{
    private const string AllDialects = "all";

    private static readonly BackendOptions s_backend = new(
        "The backend to check: its name, bsd with --library and --abi, or an assembly (*.dll) with one public KqueueBackend; this system's by default.",
        "NAME-OR-ASSEMBLY");

    private static readonly Option<string> s_dialect = SharedOptions.Among(
        new("--dialect") { Description = "The dialect that the queues follow; by default the backend's first, which is freebsd for an emulation." },
        [.. Dialect.All.Select(d => d.Name), AllDialects]);

    private static readonly Option<Regex?> s_match = SharedOptions.Match("Check only clauses whose ids match the regular expression.");

    private static readonly Option<bool> s_exhaust = new("--exhaust")
    {
        Description = "Check also what needs a process without free descriptors; the runtime ends kq when it starts a thread meanwhile.",
    };

    private static readonly (Option<string> Option, Action<ConformanceReport, TextWriter> Write)[] s_files =
    [
        (File("--json", "Write the results as JSON."), (report, output) => report.WriteJson(output)),
        (File("--markdown", "Write the results as Markdown."), (report, output) => report.WriteMarkdown(output)),
        (File("--html", "Write the results as a page of HTML."), (report, output) => report.WriteHtml(output)),
        (File("--matrix", "Write filter by flag by dialect as Markdown, without times and names of machines."),
            (report, output) => ConformanceReport.WriteMatrix(output, report)),
    ];

    public static Command Create()
    {
        Command command = new("conformance", "Check what is said of kqueue(2), clause by clause. Ends with 1 when something failed.")
        {
            s_dialect, s_match, s_exhaust,
        };
        s_backend.AddTo(command);
        foreach ((Option<string> option, _) in s_files)
            command.Add(option);
        command.SetAction(parsed => new ConformanceRun(Terminal.Open()).Check(Read(parsed)));
        return command;
    }

    private static ConformanceOptions Read(ParseResult parsed)
    {
        Regex? match = parsed.GetValue(s_match);
        Clause[] clauses = [.. ClauseCatalog.All.Where(c => match?.IsMatch(c.Id) != false)];
        if (clauses.Length == 0)
            throw new UsageException($"no clause matches {match}");
        ReportFile[] files =
        [
            .. from file in s_files
               let path = parsed.GetValue(file.Option)
               where path is not null
               select new ReportFile(path, file.Write),
        ];
        foreach (ReportFile file in files)
            file.Check();
        (KqueueBackend backend, ClauseSuite suite) = ClauseSuites.Open(s_backend.Read(parsed), parsed.GetValue(s_exhaust));
        string dialect = parsed.GetValue(s_dialect) ?? backend.Capabilities.Dialects[0];
        return new(backend.Capabilities, suite, dialect == AllDialects ? Dialect.All : [Dialect.Find(dialect)!], clauses, files);
    }

    private static Option<string> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };
}
