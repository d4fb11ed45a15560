using System.Text.Json.Serialization;

namespace LibKqueueSharp.Benchmarks.Running;

/// <summary>The samples of a row.</summary>
/// <param name="Row">The row.</param>
/// <param name="Contenders">What each contender did, the library first.</param>
internal sealed record RowResult(Row Row, IReadOnlyList<ContenderResult> Contenders)
{
    internal ContenderResult? Find(Role role) => Contenders.FirstOrDefault(c => c.Role == role && c.Samples.Count > 0);

    /// <summary>The library's value over another's: the medians' quotient, and how far the quotients of single rounds spread.</summary>
    internal Ratio? RatioTo(Role role)
    {
        if (role == Role.Subject || Find(Role.Subject) is not { } own || Find(role) is not { } other || other.Median == 0)
            return null;
        double[] rounds = [.. own.Samples.Zip(other.Samples, (mine, theirs) => mine.Value / theirs.Value).Order()];
        return new Ratio(own.Median / other.Median, Statistics.Quantile(rounds, 0.25), Statistics.Quantile(rounds, 0.75));
    }
}

/// <summary>A quotient of medians, and the quartiles of the quotients of rounds.</summary>
internal sealed record Ratio(double Median, double Low, double High);

/// <summary>One measurement.</summary>
/// <param name="Value">In the unit of the row.</param>
/// <param name="Allocated">Managed bytes an operation, of all threads.</param>
internal sealed record Sample(double Value, double Allocated);

/// <summary>What one contender did.</summary>
/// <param name="Role">What it is there for.</param>
/// <param name="Name">Its name.</param>
/// <param name="Samples">One a round; none when it could not take part.</param>
/// <param name="Failure">Why it could not.</param>
internal sealed record ContenderResult(Role Role, string Name, IReadOnlyList<Sample> Samples, string? Failure = null)
{
    /// <summary>System calls an operation, by name; null when they were not counted.</summary>
    public IReadOnlyDictionary<string, double>? SystemCalls { get; set; }

    [JsonIgnore]
    internal double Median => Statistics.Median(Samples.Select(s => s.Value));

    [JsonIgnore]
    internal double Allocated => Statistics.Median(Samples.Select(s => s.Allocated));
}
