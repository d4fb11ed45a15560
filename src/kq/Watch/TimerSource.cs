using System.CommandLine;

namespace LibKqueueSharp.Kq.Watch;

/// <summary><c>--timer</c>: periodic timers.</summary>
internal sealed class TimerSource : WatchSource
{
    private readonly Option<Duration[]> _option = new("--timer")
    {
        Description = "Start a periodic timer; may be given several times.",
        HelpName = "DURATION",
        CustomParser = Duration.ParseAll,
        Arity = ArgumentArity.OneOrMore,
    };

    public override Option Option => _option;

    public override IEnumerable<Watched> Named(ParseResult parsed) =>
        (parsed.GetValue(_option) ?? []).Select((period, index) => new Watched(
            $"timer {period}",
            new((nuint)(index + 1), EventFilter.Timer, EventFlags.Add, (uint)period.Unit, period.Number)));
}
