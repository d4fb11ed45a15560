using System.Text.Json;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>What one system answered to one scenario, line by line. Immutable.</summary>
public sealed class Trace
{
    /// <summary>How the name of a file with a trace ends.</summary>
    public const string Extension = ".trace";

    private readonly Dictionary<int, TraceEntry> _byLine;

    /// <summary>Creates a trace.</summary>
    /// <param name="recordedOn">The system in words.</param>
    /// <param name="entries">The answers in the order of the lines.</param>
    public Trace(string recordedOn, IReadOnlyList<TraceEntry> entries)
    {
        RecordedOn = recordedOn;
        Entries = entries;
        _byLine = entries.ToDictionary(e => e.Line);
    }

    /// <summary>The system in words, for example <c>FreeBSD 13.0</c>.</summary>
    public string RecordedOn { get; }

    /// <summary>The answers in the order of the lines.</summary>
    public IReadOnlyList<TraceEntry> Entries { get; }

    /// <summary>The answer to one line, or null when the trace has none.</summary>
    /// <param name="line">The number of the line.</param>
    public TraceEntry? Find(int line) => _byLine.GetValueOrDefault(line);

    /// <summary>Reads a trace: JSON, one object a line, the first of which names the system.</summary>
    /// <param name="name">Where the text comes from, for messages.</param>
    /// <param name="text">The trace.</param>
    /// <exception cref="ScenarioFormatException">A line is not what a trace holds.</exception>
    public static Trace Parse(string name, string text)
    {
        string? recordedOn = null;
        List<TraceEntry> entries = [];
        int row = 0;
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            row++;
            if (line.Length == 0)
                continue;
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                if (recordedOn is null)
                    recordedOn = document.RootElement.GetProperty("backend").GetString()!;
                else
                    entries.Add(AnswerReader.ReadEntry(document.RootElement));
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new ScenarioFormatException($"{name}, row {row}", e.Message, e);
            }
        }

        return new(recordedOn ?? throw new ScenarioFormatException(name, "the trace is empty"), entries);
    }

    /// <summary>Reads a trace from a file.</summary>
    /// <param name="path">The file.</param>
    public static Trace Load(string path) => Parse(Path.GetFileName(path), File.ReadAllText(path));

    /// <summary>The same trace with other answers to some lines.</summary>
    /// <param name="answers">The answers by the number of the line.</param>
    public Trace With(IReadOnlyDictionary<int, LineAnswer> answers) =>
        new(RecordedOn, [.. Entries.Select(e => answers.TryGetValue(e.Line, out LineAnswer? other) ? e with { Answer = other } : e)]);
}
