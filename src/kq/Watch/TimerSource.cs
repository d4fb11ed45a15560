using System.CommandLine;

namespace LibKqueueSharp.Kq.Watch;

/// <summary><c>--timer</c>: periodic timers.</summary>
internal sealed class TimerSource : WatchSource
{
    private readonly Option<Duration[]> _option = new("--timer")
    {
        Description = "Start periodic timers: whole numbers with ns, us, ms or s.",
        HelpName = "DURATION",
        CustomParser = Duration.ParseAll,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    public override Option Option => _option;

    public override IEnumerable<Watched> Named(ParseResult parsed, Dialect dialect, KqueueCapabilities backend) =>
        (parsed.GetValue(_option) ?? []).Select((period, index) => new Watched(
            $"timer {period}",
            new((nuint)(index + 1), EventFilter.Timer, EventFlags.Add, (uint)period.Unit, period.Number)));
}
