using System.Diagnostics;
using Spectre.Console;

namespace LibKqueueSharp.Kq.Watch;

/// <summary>A line an event, for people.</summary>
/// <param name="console">Where it is written.</param>
internal sealed class TextOutput(IAnsiConsole console) : IWatchOutput
{
    private readonly EventLine _line = new(console);
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public void Begin() => _line.Header();

    public void Event(Watched watched, in KEvent e) => _line.Write(_clock.Elapsed, e, watched.NameOf(e), watched.MeaningOf(e));

    public void Refused(Refusal refusal)
    {
    }
}
