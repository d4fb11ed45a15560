using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using LibKqueueSharp.Conformance.Replay;
using LibKqueueSharp.Kernels;
using LibKqueueSharp.Kq.Play;

namespace LibKqueueSharp.Kq;

/// <summary><c>kq play</c>.</summary>
internal static class PlayCommand
{
    private static readonly Argument<string[]> s_paths = new("FILE-OR-FOLDER")
    {
        Description = "Scenarios (NAME.scenario, with NAME.SYSTEM.trace beside it), or folders of them; without any, those shipped with the library.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly BackendOptions s_backend = new("The backend to play on, bsd with --library and --abi; this system's by default.", "NAME");

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
            s_paths, s_dialect, s_system, s_match, s_only, s_unserved, s_verbose,
        };
        s_backend.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        BackendChoice choice = s_backend.Read(parsed);
        KqueueBackend backend = choice.Find();
        string? dialect = parsed.GetValue(s_dialect) ?? (backend is BsdBackend && parsed.GetValue(s_system) is null ? backend.Capabilities.Dialects[0] : null);
        PlayOptions options = new(
            backend,
            FindSystem(dialect, parsed.GetValue(s_system)),
            parsed.GetValue(s_system) is not null,
            parsed.GetValue(s_match),
            parsed.GetValue(s_only) ?? NeedNames.Any,
            parsed.GetValue(s_unserved),
            parsed.GetValue(s_verbose));
        try
        {
            return new PlayRun(options, new PlayReport(Terminal.Open())).Play(PlayList.Read(parsed.GetValue(s_paths) ?? [], choice.Deviations));
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
