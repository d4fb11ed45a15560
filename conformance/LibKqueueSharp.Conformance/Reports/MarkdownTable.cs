namespace LibKqueueSharp.Conformance.Reports;

/// <summary>Writes a table of Markdown, row by row.</summary>
internal sealed class MarkdownTable
{
    private readonly TextWriter _output;

    public MarkdownTable(TextWriter output, params IEnumerable<string> headings)
    {
        _output = output;
        string[] names = [.. headings];
        Row(names);
        output.Write($"|{string.Concat(names.Select(_ => "---|"))}\n");
    }

    public void Row(params IEnumerable<string> cells) =>
        _output.Write($"| {string.Join(" | ", cells.Select(Escape))} |\n");

    public void End() => _output.Write('\n');

    // A cell is one line, and its text is no markup.
    private static string Escape(string text) => text
        .ReplaceLineEndings(" ")
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("*", "\\*", StringComparison.Ordinal);
}
