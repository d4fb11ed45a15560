using System.Globalization;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Reports;

/// <summary>Figures as people read them.</summary>
internal static class Text
{
    internal static string Value(double value, string unit)
    {
        if (double.IsNaN(value))
            return "";
        if (unit != Units.Nanoseconds)
            return Number(value, 3);
        return value switch
        {
            < 10_000 => $"{Number(value, 3)} ns",
            < 10_000_000 => $"{Number(value / 1_000, 3)} µs",
            _ => $"{Number(value / 1_000_000, 3)} ms",
        };
    }

    internal static string Ratio(Ratio? ratio) =>
        ratio is null ? "" : $"{Factor(ratio.Median)} ({Factor(ratio.Low)} to {Factor(ratio.High)})";

    internal static string Factor(double value) =>
        value.ToString(value < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture);

    /// <summary>Counts an operation, the most frequent first; what the runtime does now and then is left out.</summary>
    internal static string Calls(IReadOnlyDictionary<string, double>? calls)
    {
        if (calls is null)
            return "";
        string[] named = [.. calls
            .Where(call => call.Value >= 0.05)
            .OrderByDescending(call => call.Value)
            .Select(call => $"{call.Key} {Number(call.Value, 2)}")];
        return named.Length == 0 ? "none" : string.Join(", ", named);
    }

    internal static string Number(double value, int digits)
    {
        int whole = value == 0 ? 1 : Math.Max(1, (int)Math.Floor(Math.Log10(Math.Abs(value))) + 1);
        string format = whole >= digits ? "N0" : "0." + new string('#', digits - whole);
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}
