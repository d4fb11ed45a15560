using System.Text;

namespace LibKqueueSharp.Benchmarks.Reports;

/// <summary>A table of Markdown. Columns without any text are left out.</summary>
internal sealed class MarkdownTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    internal bool IsEmpty => _rows.Count == 0;

    internal void Add(params string[] cells) => _rows.Add(cells);

    internal void AppendTo(StringBuilder text)
    {
        int[] columns = [.. Enumerable.Range(0, headings.Length).Where(at => _rows.Any(row => row[at].Length > 0))];
        Append(text, columns.Select(at => headings[at]));
        Append(text, columns.Select(at => at == 0 ? "---" : "---:"));
        foreach (string[] row in _rows)
            Append(text, columns.Select(at => row[at]));
        text.Append('\n');
    }

    private static void Append(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
