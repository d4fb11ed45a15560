using System.Globalization;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Durations of the language: <c>20ms</c>, <c>500us</c>, <c>1s</c>; without unit, milliseconds.</summary>
internal static class Durations
{
    private static readonly (string Unit, long Nanoseconds)[] s_units =
        [("ms", 1_000_000), ("us", 1_000), ("ns", 1), ("s", 1_000_000_000), ("", 1_000_000)];

    public static long Parse(string text)
    {
        foreach ((string unit, long nanoseconds) in s_units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal))
                continue;
            if (long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
                return number * nanoseconds;
            break;
        }

        throw new ScenarioFormatException("duration", $"'{text}' is not a duration");
    }

    public static KeventTimeout ToTimeout(string? text)
    {
        if (text is null or "none")
            return KeventTimeout.Infinite;
        long nanoseconds = Parse(text);
        return nanoseconds < 0
            ? KeventTimeout.FromTimespec(-1, 0)
            : KeventTimeout.FromTimespec(nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
    }
}
