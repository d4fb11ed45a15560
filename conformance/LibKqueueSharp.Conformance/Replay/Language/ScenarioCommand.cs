using System.Globalization;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>One line of a scenario, taken apart. Immutable.</summary>
public sealed class ScenarioCommand
{
    private readonly string[] _arguments;
    private readonly Dictionary<string, string> _options;

    private ScenarioCommand(int line, string text, string verb, string[] arguments, Dictionary<string, string> options)
    {
        Line = line;
        Text = text;
        Verb = verb;
        _arguments = arguments;
        _options = options;
    }

    /// <summary>The number of the line in the scenario, from 1.</summary>
    public int Line { get; }

    /// <summary>The line as written, without comment and outer blanks.</summary>
    public string Text { get; }

    /// <summary>The first word.</summary>
    public string Verb { get; }

    /// <summary>The other words that are not <c>key=value</c>.</summary>
    public IReadOnlyList<string> Arguments => _arguments;

    /// <summary>The words that are <c>key=value</c>.</summary>
    public IReadOnlyDictionary<string, string> Options => _options;

    /// <summary>Reads one line.</summary>
    /// <param name="line">Its number.</param>
    /// <param name="text">The line, perhaps with a comment.</param>
    /// <returns>The command, or null when the line holds none.</returns>
    /// <exception cref="ScenarioFormatException">The verb is unknown, or its arguments are not what it takes.</exception>
    public static ScenarioCommand? Parse(int line, string text)
    {
        int comment = text.IndexOf('#', StringComparison.Ordinal);
        string trimmed = (comment < 0 ? text : text[..comment]).Trim();
        if (trimmed.Length == 0)
            return null;

        string[] words = trimmed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        List<string> arguments = [];
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        foreach (string word in words.AsSpan(1))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                arguments.Add(word);
            else if (!options.TryAdd(word[..equals], word[(equals + 1)..]))
                throw new ScenarioFormatException($"line {line}", $"'{word[..equals]}' is given twice in '{trimmed}'");
        }

        ScenarioCommand command = new(line, trimmed, words[0], [.. arguments], options);
        ScenarioVerb.Check(command);
        return command;
    }

    /// <summary>A word by its place after the verb, or null when the line is shorter.</summary>
    /// <param name="index">The place, from 0.</param>
    public string? ArgumentOrNull(int index) => index < _arguments.Length ? _arguments[index] : null;

    /// <summary>A number by its place after the verb.</summary>
    /// <param name="index">The place, from 0.</param>
    /// <param name="missing">The number when the line is shorter.</param>
    public int Number(int index, int missing = 0) =>
        ArgumentOrNull(index) is { } word ? (int)ParseNumber(word) : missing;

    /// <summary>The number of an option.</summary>
    /// <param name="name">The option.</param>
    /// <param name="missing">The number when the option is not given.</param>
    public long NumberOption(string name, long missing = 0) =>
        _options.TryGetValue(name, out string? word) ? ParseNumber(word) : missing;

    /// <summary>The duration of an option in nanoseconds.</summary>
    /// <param name="name">The option.</param>
    public long DurationOption(string name) =>
        _options.TryGetValue(name, out string? word) ? Durations.Parse(word) : 0;

    /// <inheritdoc/>
    public override string ToString() => Text;

    private long ParseNumber(string word) =>
        long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new ScenarioFormatException($"line {Line}", $"'{word}' is not a number");
}
