using System.CommandLine;
using System.CommandLine.Parsing;

namespace LibKqueueSharp.Kq.Watch;

/// <summary><c>--signal</c>: signals to the command itself.</summary>
internal sealed class SignalSource : WatchSource
{
    private readonly Option<int[]> _option = new("--signal")
    {
        Description = "Watch signals sent to kq: names with or without SIG, RTMIN+N, or numbers. They have no other effect then.",
        HelpName = "NAME",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = ParseAll,
    };

    public override Option Option => _option;

    public override IEnumerable<Watched> Named(ParseResult parsed, Dialect dialect, KqueueCapabilities backend) =>
        Numbers(parsed).Select(signal => new WatchedSignal(signal));

    /// <summary>The signals that a command line names.</summary>
    /// <param name="parsed">The command line.</param>
    public IEnumerable<int> Numbers(ParseResult parsed) => (parsed.GetValue(_option) ?? []).Distinct();

    private static int[] ParseAll(ArgumentResult result)
    {
        List<int> signals = [];
        foreach (Token token in result.Tokens)
        {
            if (SignalNames.TryParse(token.Value, out int signal))
                signals.Add(signal);
            else
                result.AddError($"'{token.Value}' is not a signal; write a name, for example USR1 or RTMIN+1, or a number");
        }

        return [.. signals];
    }
}
