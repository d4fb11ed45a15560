using System.Diagnostics;
using LibKqueueSharp.Conformance.Replay;
using Spectre.Console;

namespace LibKqueueSharp.Kq.Watch;

/// <summary>A line an event, for people.</summary>
/// <param name="console">Where it is written.</param>
/// <param name="errors">Where refusals are written.</param>
internal sealed class TextOutput(IAnsiConsole console, TextWriter errors) : IWatchOutput
{
    private readonly EventLine _line = new(console);
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public void Begin() => _line.Header();

    public void Event(Watched watched, in KEvent e) => _line.Write(_clock.Elapsed, e, watched.Name, EventMeaning.Of(e));

    public void Refused(Watched watched, Errno error)
    {
        KEvent registration = watched.Registration;
        EventAnswer names = EventAnswer.Of(registration, watched.Name);
        string flags = string.Join('|', names.Flags.Concat(names.Notes));
        errors.WriteLine($"kq: refused with {error}: {names.Filter} of {watched.Name} ({flags}, data {registration.Data})");
    }
}
