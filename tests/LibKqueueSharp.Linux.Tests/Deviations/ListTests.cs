using System.Reflection;
using System.Text.RegularExpressions;

namespace LibKqueueSharp.Linux.Tests.Deviations;

/// <summary>Every deviation of the Linux backend that is written down has a test, and the other way round.</summary>
internal sealed partial class ListTests
{
    [Test]
    public void EachDeviationHasATest()
    {
        string[] written = [.. Entry().Matches(Linux()).Select(m => m.Groups[1].Value)];
        string[] tested = [.. Assembly.GetExecutingAssembly().GetTypes()
            .SelectMany(t => t.GetMethods())
            .SelectMany(m => m.GetCustomAttributes<DeviationAttribute>())
            .Select(a => a.Name)
            .Distinct()];
        Assert.That(written, Has.Length.GreaterThan(10), "the list was found");
        string scenarios = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "scenario-deviations.json"));
        Assert.That(written.Where(name => !scenarios.Contains($"\"{name}\"", StringComparison.Ordinal)), Is.SubsetOf(tested), "a deviation without a test");
        Assert.That(tested, Is.SubsetOf(written), "a test of a deviation that is not written down");
    }

    /// <summary>The part of the list that is about Linux.</summary>
    private static string Linux()
    {
        string all = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "deviations.md"));
        int start = all.IndexOf("## Linux", StringComparison.Ordinal);
        int end = all.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? all[start..] : all[start..end];
    }

    [GeneratedRegex("^\\| `([a-z0-9-]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
