using System.Text.RegularExpressions;
using LibKqueueSharp.Conformance.Clauses;

namespace LibKqueueSharp.Conformance.Tests;

/// <summary>The rows of docs/windows.md, under "What differs".</summary>
public sealed partial class WindowsDeviationTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "deviations");

    private static readonly string[] s_rows =
    [
        .. Row().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "windows.md"))).Select(row => row.Groups[1].Value),
    ];

    [Test]
    public void EachDeviationOfAScenarioHasARow() =>
        Assert.That(DeviationCatalog.Load(s_folder, "windows").Deviations.Select(d => d.Name), Is.SubsetOf(s_rows));

    [Test]
    public void EachDeviationOfAClauseHasARow() =>
        Assert.That(ClauseDeviations.Load(s_folder, "windows").All.Select(d => d.Reason.Split(':')[0]).Distinct(), Is.SubsetOf(s_rows));

    [Test]
    public void RowsAreUnique() => Assert.That(s_rows, Is.Unique.And.Length.AtLeast(40));

    [GeneratedRegex("^\\| `([a-z0-9-]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
