using System.Text.Json;

namespace LibKqueueSharp.Kq.Tests;

/// <summary>How a run of kq ended.</summary>
internal sealed record KqResult(string CommandLine, int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string LastLine => Lines.LastOrDefault() ?? "";

    public JsonElement[] JsonLines => [.. Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    public override string ToString() => $"kq {CommandLine}\nended with {ExitCode}\n{Output}\n{Error}";
}
