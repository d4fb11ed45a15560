namespace LibKqueueSharp.CAbi.Tests;

/// <summary>programs/speed.c gives figures; that they are good is for docs/benchmarks-c.md to show.</summary>
internal sealed class SpeedTests
{
    [Test]
    public void EachRowHasAFigure()
    {
        string[] rows = [.. CProgram.Check("speed", "3").Split('\n').Where(line => line.EndsWith(" |", StringComparison.Ordinal))];
        Assert.That(rows, Has.Length.EqualTo(22));
        Assert.That(rows[1..], Has.All.Match(@"^\| .* \| [1-9]\d* ns \| [1-9]\d* ns \| \d+\.\d\d \("));
    }
}
