using System.Diagnostics;
using System.Text.Json;
using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Kq.Watch;

/// <summary>A JSON object an event or refusal, one a line.</summary>
/// <param name="output">Where it is written.</param>
internal sealed class JsonOutput(TextWriter output) : IWatchOutput
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public void Begin()
    {
    }

    public void Event(Watched watched, in KEvent e) => Write("event", watched.Name, e, e.IsRecord ? e.Error.ToString() : null);

    public void Refused(Watched watched, Errno error) => Write("refused", watched.Name, watched.Registration, error.ToString());

    private void Write(string kind, string name, in KEvent e, string? error)
    {
        EventAnswer names = EventAnswer.Of(e, name);
        WatchLine line = new(
            kind,
            DateTimeOffset.UtcNow,
            Math.Round(_clock.Elapsed.TotalSeconds, 6),
            name,
            names.Filter,
            e.Ident,
            [.. names.Flags],
            [.. names.Notes],
            e.Data,
            error);
        output.WriteLine(JsonSerializer.Serialize(line, WatchLineJson.Default.WatchLine));
    }
}
