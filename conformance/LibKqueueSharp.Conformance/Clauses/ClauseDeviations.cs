using System.Text.Json;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>Some clauses that a backend breaks, because its operating system cannot give what BSD gives.</summary>
/// <param name="Clauses">Their ids.</param>
/// <param name="Dialects">The names of the dialects in which they fail; none means all.</param>
/// <param name="Shows">Words of the failure: another failure of the same clause is no deviation.</param>
/// <param name="Reason">Why, in one line.</param>
public sealed record ClauseDeviation(IReadOnlyList<string> Clauses, IReadOnlyList<string> Dialects, string Shows, string Reason)
{
    internal bool AppliesTo(Clause clause, Dialect dialect) =>
        Clauses.Contains(clause.Id) && (Dialects.Count == 0 || Dialects.Contains(dialect.Name));
}

/// <summary>The deviations of one backend. Immutable.</summary>
public sealed class ClauseDeviations
{
    private static readonly JsonDocumentOptions s_options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Creates a list.</summary>
    /// <param name="all">The deviations.</param>
    public ClauseDeviations(IReadOnlyList<ClauseDeviation> all) => All = all;

    /// <summary>No deviation.</summary>
    public static ClauseDeviations None { get; } = new([]);

    /// <summary>The deviations.</summary>
    public IReadOnlyList<ClauseDeviation> All { get; }

    /// <summary>Reads <c>clauses.BACKEND.json</c>; a backend without a file has no deviations.</summary>
    /// <param name="folder">Where the file is.</param>
    /// <param name="backend">The name of the backend.</param>
    /// <exception cref="FormatException">The file is not such a list, or names a clause that does not exist.</exception>
    public static ClauseDeviations Load(string folder, string backend)
    {
        string path = Path.Combine(folder, $"clauses.{backend}.json");
        return File.Exists(path) ? Parse(path, File.ReadAllText(path)) : None;
    }

    /// <summary>Reads a list.</summary>
    /// <param name="place">Where the text comes from, for messages.</param>
    /// <param name="text">JSON.</param>
    /// <exception cref="FormatException">The text is not such a list, or names a clause that does not exist.</exception>
    public static ClauseDeviations Parse(string place, string text)
    {
        ClauseDeviations read;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, s_options);
            read = new([.. document.RootElement.GetProperty("deviations").EnumerateArray().Select(Read)]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"{place}: {e.Message}", e);
        }

        string[] unknown = [.. read.All.SelectMany(d => d.Clauses).Where(id => ClauseCatalog.Find(id) is null)];
        return unknown.Length == 0 ? read : throw new FormatException($"{place}: there is no clause {string.Join(", ", unknown)}");
    }

    internal ClauseDeviation? Find(Clause clause, Dialect dialect) => All.FirstOrDefault(d => d.AppliesTo(clause, dialect));

    private static ClauseDeviation Read(JsonElement element) => new(
        Strings(element.GetProperty("clauses")),
        element.TryGetProperty("dialects", out JsonElement dialects) ? Strings(dialects) : [],
        Text(element.GetProperty("shows")),
        Text(element.GetProperty("reason")));

    private static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(Text)];

    private static string Text(JsonElement element) =>
        element.GetString() is { Length: > 0 } text ? text : throw new FormatException("a text is empty");
}
