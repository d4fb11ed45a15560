using System.Text.Json;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The deviations of one backend. Immutable.</summary>
public sealed class DeviationCatalog
{
    private static readonly JsonDocumentOptions s_options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Creates a catalog.</summary>
    /// <param name="deviations">The deviations.</param>
    public DeviationCatalog(IReadOnlyList<Deviation> deviations) => Deviations = deviations;

    /// <summary>A catalog without deviations.</summary>
    public static DeviationCatalog Empty { get; } = new([]);

    /// <summary>All deviations.</summary>
    public IReadOnlyList<Deviation> Deviations { get; }

    /// <summary>Reads <c>BACKEND.json</c>; a backend without a file has no deviations.</summary>
    /// <param name="folder">Where the files are.</param>
    /// <param name="backend">The name of the backend.</param>
    public static DeviationCatalog Load(string folder, string backend)
    {
        string path = Path.Combine(folder, backend + ".json");
        return File.Exists(path) ? Parse(path, File.ReadAllText(path)) : Empty;
    }

    /// <summary>Reads a catalog.</summary>
    /// <param name="place">Where the text comes from, for messages.</param>
    /// <param name="text">JSON.</param>
    /// <exception cref="ScenarioFormatException">The text is not such a catalog.</exception>
    public static DeviationCatalog Parse(string place, string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, s_options);
            return new([.. document.RootElement.GetProperty("deviations").EnumerateArray().Select(ReadDeviation)]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ScenarioFormatException(place, e.Message, e);
        }
    }

    /// <summary>The cases that belong to a scenario and a system, with their deviations.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="system">The system.</param>
    public IEnumerable<(Deviation Deviation, DeviationCase Case)> Find(Scenario scenario, TraceSystem system) =>
        from deviation in Deviations
        from @case in deviation.Cases
        where @case.AppliesTo(scenario, system)
        select (deviation, @case);

    private static Deviation ReadDeviation(JsonElement element) => new(
        element.GetProperty("name").GetString()!,
        element.GetProperty("reason").GetString()!,
        [.. element.GetProperty("cases").EnumerateArray().Select(ReadCase)]);

    private static DeviationCase ReadCase(JsonElement element) => new(
        element.GetProperty("scenario").GetString()!,
        element.TryGetProperty("systems", out JsonElement systems) ? [.. systems.EnumerateArray().Select(s => s.GetString()!)] : [],
        element.GetProperty("answers").EnumerateArray().ToDictionary(a => a.GetProperty("line").GetInt32(), AnswerReader.ReadAnswer));
}
