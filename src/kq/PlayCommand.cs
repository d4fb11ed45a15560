using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using LibKqueueSharp.Conformance.Replay;
using LibKqueueSharp.Kq.Play;

namespace LibKqueueSharp.Kq;

/// <summary><c>kq play</c>.</summary>
internal static class PlayCommand
{
    private const string CLibrary = "cabi";

    private static readonly Argument<string[]> s_paths = new("FILE-OR-FOLDER")
    {
        Description = "Scenarios (NAME.scenario, with NAME.SYSTEM.trace beside it), or folders of them; without any, those shipped with the library.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> s_backend = new("--backend")
    {
        Description = $"The backend to play on; this system's by default. {CLibrary} is the C library that --library names.",
        HelpName = "NAME",
    };

    private static readonly Option<string> s_library = new("--library")
    {
        Description = $"The libkqueue.so.0 to play on, with --backend {CLibrary}.",
        HelpName = "PATH",
    };

    private static readonly Option<string> s_dialect = SharedOptions.Among(
        new("--dialect") { Description = "The dialect that the queues follow; the compared system's by default, else freebsd." },
        Dialect.All.Select(d => d.Name));

    private static readonly Option<string> s_system = SharedOptions.Among(
        new("--system") { Description = "The recorded system to compare with; that of the dialect by default." },
        TraceSystem.All.Select(s => s.Name));

    private static readonly Option<Regex?> s_match = SharedOptions.Match("Play only scenarios whose names match the regular expression.");

    private static readonly Option<ScenarioNeeds?> s_only = new("--only")
    {
        Description = $"Play only scenarios that need nothing but these: {NeedNames.All}.",
        HelpName = "NEED,...",
        CustomParser = ParseNeeds,
    };

    private static readonly Option<bool> s_unserved = new("--unserved")
    {
        Description = "Play also scenarios that need a filter that the backend does not serve; they are skipped otherwise.",
    };

    private static readonly Option<bool> s_verbose = new("--verbose")
    {
        Description = "Tell for each scenario what was not compared, and how long it took.",
    };

    public static Command Create()
    {
        Command command = new("play", "Play recorded scenarios, and tell where this system answers otherwise than a BSD kernel did. Ends with 1 when something failed.")
        {
            s_paths, s_backend, s_library, s_dialect, s_system, s_match, s_only, s_unserved, s_verbose,
        };
        command.SetAction(Run);
        return command;
    }

    private static KqueueBackend FindBackend(string? name, string? library)
    {
        if ((name == CLibrary) != (library is not null))
            throw new UsageException($"--backend {CLibrary} and --library PATH go together");
        return library is null ? BackendLoader.Find(name) : new CLibraryBackend(library);
    }

    private static int Run(ParseResult parsed)
    {
        PlayOptions options = new(
            FindBackend(parsed.GetValue(s_backend), parsed.GetValue(s_library)),
            FindSystem(parsed.GetValue(s_dialect), parsed.GetValue(s_system)),
            parsed.GetValue(s_system) is not null,
            parsed.GetValue(s_match),
            parsed.GetValue(s_only) ?? NeedNames.Any,
            parsed.GetValue(s_unserved),
            parsed.GetValue(s_verbose));
        try
        {
            return new PlayRun(options, new PlayReport(Terminal.Open())).Play(PlayList.Read(parsed.GetValue(s_paths) ?? []));
        }
        catch (ScenarioFormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static TraceSystem FindSystem(string? dialectName, string? systemName)
    {
        Dialect? dialect = dialectName is null ? null : Dialect.Find(dialectName);
        TraceSystem? system = systemName is null ? TraceSystem.DefaultFor(dialect ?? Dialect.FreeBsd) : TraceSystem.Find(systemName);
        if (system is null)
            throw new UsageException($"{dialectName} was not recorded; name a --system to compare with");
        return dialect is null ? system : system with { Dialect = dialect };
    }

    private static ScenarioNeeds? ParseNeeds(ArgumentResult result)
    {
        if (!NeedNames.TryParse(result.Tokens[0].Value, out ScenarioNeeds needs, out string unknown))
            result.AddError($"--only: there is no '{unknown}'; there are {NeedNames.All}");
        return needs;
    }
}
