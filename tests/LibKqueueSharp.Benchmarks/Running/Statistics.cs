namespace LibKqueueSharp.Benchmarks.Running;

/// <summary>Medians and quantiles.</summary>
internal static class Statistics
{
    internal static double Median(IEnumerable<double> values) => Quantile([.. values.Order()], 0.5);

    /// <summary>A quantile of sorted values, between two of them where it does not fall on one.</summary>
    internal static double Quantile(ReadOnlySpan<double> sorted, double part)
    {
        if (sorted.IsEmpty)
            return double.NaN;
        double at = part * (sorted.Length - 1);
        int below = (int)at;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
    }
}
