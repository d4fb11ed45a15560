using System.Globalization;

namespace LibKqueueSharp.Benchmarks.Running;

/// <summary>What a row is to reach.</summary>
internal abstract record Goal
{
    /// <summary>In words.</summary>
    internal abstract string Text { get; }

    /// <summary>Null when the result does not tell.</summary>
    internal abstract bool? IsMet(RowResult result);

    protected static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}

/// <summary>At most so many times what another contender needs.</summary>
internal sealed record RatioGoal(Role Beside, double AtMost) : Goal
{
    internal override string Text => AtMost < 1
        ? $"{Number(1 / AtMost)} x faster than {(Beside == Role.CLibrary ? "the C library" : "the other")}"
        : $"at most {Number(AtMost)} x";

    internal override bool? IsMet(RowResult result) => result.RatioTo(Beside) is { } ratio ? ratio.Median <= AtMost : null;
}

/// <summary>At most so much, in the unit of the row.</summary>
internal sealed record ValueGoal(double AtMost, string Unit) : Goal
{
    internal override string Text => $"at most {Number(AtMost)} {Unit}";

    internal override bool? IsMet(RowResult result) => result.Find(Role.Subject) is { } own ? own.Median <= AtMost : null;
}

/// <summary>No system call, or none of one name.</summary>
internal sealed record NoCallGoal(string? Call = null) : Goal
{
    // The runtime's own, of its threads that compile and count, are some in thousands of operations.
    private const double Noise = 0.05;

    internal override string Text => Call is null ? "no system call" : $"no {Call}";

    internal override bool? IsMet(RowResult result)
    {
        if (result.Find(Role.Subject)?.SystemCalls is not { } calls)
            return null;
        return calls.Where(call => Call is null || call.Key == Call).Sum(call => call.Value) < Noise;
    }
}
