using System.CommandLine;
using System.Text.RegularExpressions;
using LibKqueueSharp.Benchmarks.Counting;
using LibKqueueSharp.Benchmarks.Echo;
using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Rows;
using LibKqueueSharp.Benchmarks.Running;
using LibKqueueSharp.Benchmarks.Small;

namespace LibKqueueSharp.Benchmarks;

/// <summary>The program's options, and the commands with which it starts itself.</summary>
internal sealed class Commands
{
    internal const string CountCommand = "count";

    private readonly Option<bool> _quick = new("--quick") { Description = "Fewer and shorter rounds: less than two minutes." };
    private readonly Option<bool> _smoke = new("--smoke") { Description = "Only shows that each row works; fails if one does not." };
    private readonly Option<bool> _processorTime = new("--processor-time")
    {
        Description = "Counts processor time instead of time, for comparing on a machine that does other work as well.",
    };

    private readonly Option<bool> _bdn = new("--bdn") { Description = "Runs the small rows under BenchmarkDotNet instead." };
    private readonly Option<Regex> _filter = new("--filter")
    {
        Description = "Runs the rows whose names match.",
        CustomParser = result => new Regex(result.Tokens.Single().Value),
        DefaultValueFactory = _ => new Regex(""),
        Recursive = true,
    };

    private readonly Option<FileInfo> _json = new("--json") { Description = "Writes all samples to a file." };
    private readonly Option<FileInfo> _markdown = new("--markdown") { Description = "Writes the report to a file." };
    private readonly Option<DirectoryInfo> _plots = new("--plots") { Description = "Draws the report's pictures into a folder." };
    private readonly Option<string> _library = new("--libkqueue")
    {
        Description = "The C library, by name or path.",
        DefaultValueFactory = _ => CLibrary.DefaultName,
    };

    internal int Run(string[] args)
    {
        RootCommand root = new("Benchmarks of LibKqueueSharp: each row beside its floor and its alternatives.")
        {
            _quick, _smoke, _processorTime, _bdn, _filter, _json, _markdown, _plots, _library,
        };
        root.SetAction(Benchmark);
        root.Add(Count());
        root.Add(Serve());
        root.Add(Load());
        return root.Parse(args).Invoke();
    }

    private int Benchmark(ParseResult parsed)
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.Error.WriteLine("The benchmarks run on Linux.");
            return 1;
        }

        string library = parsed.GetValue(_library)!;
        CLibrary.Load(library);
        Regex filter = parsed.GetValue(_filter)!;
        if (parsed.GetValue(_bdn))
        {
            SmallRows.Run(filter);
            return 0;
        }

        if (parsed.GetValue(_processorTime))
            Clock.CountProcessorTime();
        bool smoke = parsed.GetValue(_smoke);
        Effort effort = smoke ? Effort.Smoke : parsed.GetValue(_quick) ? Effort.Quick : Effort.Full;
        BenchmarkRun run = new(effort, filter, library);
        run.Execute();
        run.Write(parsed.GetValue(_json), parsed.GetValue(_markdown), parsed.GetValue(_plots));
        return run.Check() ? 0 : 1;
    }

    private Command Count()
    {
        Argument<string> effort = new("effort");
        Argument<string> library = new("library");
        Command command = new(CountCommand, "Runs rows to be traced.") { effort, library };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            CLibrary.Load(parsed.GetValue(library)!);
            Effort found = Effort.Find(parsed.GetValue(effort)!);
            Regex filter = parsed.GetValue(_filter)!;
            CountedRun.Run(new Catalog(found).Rows.Where(row => filter.IsMatch(row.Id)), found.CountedOperations);
        });
        return command;
    }

    private static Command Serve()
    {
        Argument<Role> role = new("role");
        Argument<string> library = new("library");
        Command command = new(EchoRunner.ServeCommand, "Is an echo server.") { role, library };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            CLibrary.Load(parsed.GetValue(library)!);
            EchoRunner.Create(parsed.GetValue(role)).Run();
        });
        return command;
    }

    private static Command Load()
    {
        Argument<int> port = new("port");
        Argument<int> connections = new("connections");
        Argument<int> active = new("active");
        Command command = new(EchoRunner.LoadCommand, "Is a client of an echo server.") { port, connections, active };
        command.Hidden = true;
        command.SetAction(parsed =>
            new EchoClient(parsed.GetValue(port), parsed.GetValue(connections), parsed.GetValue(active)).Run());
        return command;
    }
}
