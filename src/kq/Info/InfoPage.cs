using Spectre.Console;

namespace LibKqueueSharp.Kq.Info;

/// <summary>Writes <see cref="SystemInfo"/> for people.</summary>
/// <param name="console">Where it is written.</param>
internal sealed class InfoPage(IAnsiConsole console)
{
    private static readonly Style s_heading = new(decoration: Decoration.Bold);
    private static readonly Style s_good = new(Color.Lime);
    private static readonly Style s_dim = new(Color.Grey);

    /// <summary>Writes it.</summary>
    /// <param name="info">What is known.</param>
    public void Write(SystemInfo info)
    {
        Table("LibKqueueSharp",
            ("version", info.Version),
            ("backend", info.Backend),
            ("system", info.System),
            ("dialects", $"{string.Join(", ", info.Dialects)} (the first is the default)"));
        WriteFilters(info.Filters);
        Table("Limits of this system", [.. info.Limits.Select(l => (l.Key, l.Value))]);
        Table("Descriptors that a queue holds open for itself",
            ("a fresh queue", $"{info.QueueDescriptors.Fresh}"),
            ("its descriptor handed out", $"{info.QueueDescriptors.HandedOut}"));
    }

    private void WriteFilters(IReadOnlyList<FilterInfo> filters)
    {
        Heading("Filters");
        Grid grid = NewGrid(4);
        grid.AddRow([.. new[] { "filter", "served", "notes", "remark" }.Select(name => new Text(name, s_dim))]);
        foreach (FilterInfo filter in filters)
        {
            grid.AddRow(
                new Text(filter.Filter),
                filter.Served ? new Text("yes", s_good) : new Text("no", s_dim),
                new Text(string.Join(' ', filter.Notes)),
                new Text(filter.Remark));
        }

        console.Write(grid);
        console.WriteLine();
    }

    private void Table(string heading, params (string Name, string Value)[] rows)
    {
        Heading(heading);
        Grid grid = NewGrid(2);
        foreach ((string name, string value) in rows)
            grid.AddRow(new Text(name), new Text(value));
        console.Write(grid);
        console.WriteLine();
    }

    private void Heading(string text) => console.Write(new Paragraph(text + "\n", s_heading));

    private static Grid NewGrid(int columns)
    {
        Grid grid = new();
        for (int i = 0; i < columns; i++)
            grid.AddColumn(new GridColumn().PadLeft(i == 0 ? 2 : 0).PadRight(2));
        return grid;
    }
}
