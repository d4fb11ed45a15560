using LibKqueueSharp.Benchmarks.Rows;
using LibKqueueSharp.Benchmarks.Running;
using ScottPlot;

namespace LibKqueueSharp.Benchmarks.Reports;

/// <summary>Draws the report's pictures.</summary>
internal sealed class Plots(Report report, string folder)
{
    private const int Width = 1_000;
    private const double Gap = 1;

    private static readonly IReadOnlyDictionary<Role, Color> s_colors = new Dictionary<Role, Color>
    {
        [Role.Subject] = Color.FromHex("#1f77b4"),
        [Role.Floor] = Color.FromHex("#9e9e9e"),
        [Role.CountingFloor] = Color.FromHex("#5e5e5e"),
        [Role.Alternative] = Color.FromHex("#ff7f0e"),
        [Role.CLibrary] = Color.FromHex("#2ca02c"),
    };

    private readonly List<Plot> _drawn = [];

    internal IReadOnlyList<Plot> Draw()
    {
        Directory.CreateDirectory(folder);
        DrawRatios();
        DrawBars(Groups.Delivery, row => row.Name.StartsWith("sockets", StringComparison.Ordinal) && !row.Name.EndsWith("clear", StringComparison.Ordinal), "ns an event", 1);
        DrawBars(Groups.Echo, row => row.Name.StartsWith("time", StringComparison.Ordinal), "µs a request", 1_000);
        return _drawn;
    }

    private static bool IsBesideEpoll(Row row) => row.Group != Groups.Echo && row.Group != Groups.Files && row.Group != Groups.Children;

    private void DrawRatios()
    {
        RowResult[] results = [.. report.Results.Where(r => IsBesideEpoll(r.Row) && r.RatioTo(Role.Floor) is not null).Reverse()];
        if (results.Length == 0)
            return;
        ScottPlot.Plot plot = new();
        List<Bar> bars = [];
        List<Tick> ticks = [];
        for (int at = 0; at < results.Length; at++)
        {
            Ratio ratio = results[at].RatioTo(Role.Floor)!;
            bars.Add(new Bar
            {
                Position = at,
                Value = ratio.Median,
                Error = (ratio.High - ratio.Low) / 2,
                FillColor = s_colors[Role.Subject],
                Size = 0.7,
                Orientation = Orientation.Horizontal,
            });
            ticks.Add(new Tick(at, $"{results[at].Row.Group.Title}: {results[at].Row.Title}"));
        }

        plot.Add.Bars(bars);
        plot.Add.VerticalLine(1, color: Colors.Black);
        plot.Axes.Left.SetTicks([.. ticks.Select(t => t.Position)], [.. ticks.Select(t => t.Label)]);
        plot.Axes.Margins(left: 0);
        Save(plot, "", "LibKqueueSharp over a hand-written epoll loop", "ratios.png", 120 + 26 * results.Length);
    }

    private void DrawBars(RowGroup group, Func<Row, bool> chosen, string axis, double scale)
    {
        RowResult[] results = [.. report.Results.Where(r => r.Row.Group == group && chosen(r.Row))];
        if (results.Length == 0)
            return;
        ScottPlot.Plot plot = new();
        List<Tick> ticks = [];
        double position = 0;
        foreach (RowResult result in results)
        {
            double first = position;
            foreach (ContenderResult contender in result.Contenders.Where(c => c.Samples.Count > 0))
            {
                var bar = plot.Add.Bar(position++, contender.Median / scale);
                bar.Color = s_colors[contender.Role];
            }

            ticks.Add(new Tick((first + position - 1) / 2, result.Row.Title.Replace(" of ", "\nof ", StringComparison.Ordinal)));
            position += Gap;
        }

        plot.Axes.Bottom.SetTicks([.. ticks.Select(t => t.Position)], [.. ticks.Select(t => t.Label)]);
        plot.Axes.Margins(bottom: 0);
        plot.YLabel(axis);
        foreach (Role role in results.SelectMany(r => r.Contenders).Where(c => c.Samples.Count > 0).Select(c => c.Role).Distinct())
            plot.Legend.ManualItems.Add(new LegendItem { LabelText = group.NameOf(role), FillColor = s_colors[role] });
        plot.ShowLegend(Alignment.UpperRight);
        Save(plot, group.Id, group.Title, $"{group.Id}.png", 450);
    }

    private void Save(ScottPlot.Plot plot, string group, string title, string name, int height)
    {
        string file = Path.GetFullPath(Path.Combine(folder, name));
        plot.Title(title);
        plot.SavePng(file, Width, height);
        _drawn.Add(new Plot(group, title, file));
    }
}
