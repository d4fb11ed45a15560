using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Reports;

/// <summary>A run and all its results.</summary>
internal sealed record Report(
    Machine Machine,
    Effort Effort,
    DateTimeOffset Started,
    TimeSpan Took,
    IReadOnlyList<RowResult> Results)
{
    internal IEnumerable<IGrouping<RowGroup, RowResult>> Groups => Results.GroupBy(result => result.Row.Group);

    /// <summary>What is no figure, in words; empty when all rows worked.</summary>
    internal IEnumerable<string> Defects =>
        from result in Results
        from contender in result.Contenders
        where contender.Role != Role.CLibrary || contender.Failure is null
        where contender.Samples.Count == 0 || contender.Samples.Any(sample => !IsFigure(sample))
        select $"{result.Row.Id}, {contender.Name}: {string.Join(", ", contender.Samples)} {contender.Failure}";

    private static bool IsFigure(Sample sample) =>
        double.IsFinite(sample.Value) && sample.Value > 0 && double.IsFinite(sample.Allocated) && sample.Allocated >= 0;
}
