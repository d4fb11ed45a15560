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

    public void Event(Watched watched, in KEvent e) =>
        Write("event", watched.NameOf(e), e, e.Ident, watched.MeaningOf(e), e.IsRecord ? e.Error.ToString() : null);

    public void Refused(Refusal refusal) => Write(
        "refused",
        refusal.Watched.Name,
        refusal.Change,
        refusal.Watched.HasIdent ? refusal.Change.Ident : null,
        refusal.Reason,
        refusal.Error.ToString());

    private void Write(string kind, string name, in KEvent e, ulong? ident, string meaning, string? error)
    {
        EventAnswer names = EventAnswer.Of(e, name);
        WatchLine line = new(
            kind,
            DateTimeOffset.UtcNow,
            Math.Round(_clock.Elapsed.TotalSeconds, 6),
            name,
            names.Filter,
            ident,
            [.. names.Flags],
            [.. names.Notes],
            e.Data,
            meaning,
            error);
        output.WriteLine(JsonSerializer.Serialize(line, WatchLineJson.Default.WatchLine));
    }
}
