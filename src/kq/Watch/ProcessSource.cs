using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LibKqueueSharp.Kq.Watch;

/// <summary><c>--pid</c>: processes, of whomever.</summary>
internal sealed class ProcessSource : WatchSource
{
    private readonly Option<int[]> _option = new("--pid")
    {
        Description = "Watch processes: how they end and, where the system tells, their forks and execs and those of their children.",
        HelpName = "N",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = ParseAll,
    };

    public override Option Option => _option;

    public override IEnumerable<Watched> Named(ParseResult parsed, Dialect dialect, KqueueCapabilities backend) =>
        (parsed.GetValue(_option) ?? []).Distinct().Select(pid => new WatchedProcess(pid, dialect, TellsOfForksAlone(backend)));

    private static bool TellsOfForksAlone(KqueueCapabilities backend) =>
        backend.Filters.Any(f => f.Filter == EventFilter.Process && f.Notes.Contains("NOTE_FORK") && !f.Notes.Contains("NOTE_EXEC"));

    private static int[] ParseAll(ArgumentResult result)
    {
        List<int> processes = [];
        foreach (Token token in result.Tokens)
        {
            if (int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int process) && process > 0)
                processes.Add(process);
            else
                result.AddError($"'{token.Value}' is not the number of a process");
        }

        return [.. processes];
    }
}
