using System.Text.Json;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Reads answers from the JSON of traces and deviations.</summary>
internal static class AnswerReader
{
    public static TraceEntry ReadEntry(JsonElement entry) =>
        new(entry.GetProperty("line").GetInt32(), entry.GetProperty("cmd").GetString()!, ReadAnswer(entry));

    public static LineAnswer ReadAnswer(JsonElement entry)
    {
        string? error = entry.TryGetProperty("errno", out JsonElement errno) ? errno.GetString() : null;
        if (entry.TryGetProperty("skip", out JsonElement skip))
            return LineAnswer.Skipped(skip.GetString()!);
        if (entry.TryGetProperty("pending", out JsonElement pending))
            return LineAnswer.PutAside(pending.GetInt32());
        if (entry.TryGetProperty("ret", out JsonElement value))
            return LineAnswer.Returned(value.GetInt64(), error);

        long result = entry.GetProperty("rc").GetInt64();
        if (!entry.TryGetProperty("events", out JsonElement events))
            return LineAnswer.Changed(result, error);
        if (events.GetArrayLength() != result)
            throw new FormatException($"rc is {result}, but there are {events.GetArrayLength()} events");
        return LineAnswer.Delivered([.. events.EnumerateArray().Select(ReadEvent)]);
    }

    private static EventAnswer ReadEvent(JsonElement e) => new(
        NumberOrName(e.GetProperty("ident")),
        e.GetProperty("filter").GetString()!,
        Names(e.GetProperty("flags")),
        Names(e.GetProperty("fflags")),
        NumberOrName(e.GetProperty("data")),
        e.GetProperty("udata").GetInt64());

    private static string NumberOrName(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static IEnumerable<string> Names(JsonElement list) =>
        list.ValueKind == JsonValueKind.String ? [list.GetString()!] : list.EnumerateArray().Select(n => n.GetString()!);
}
