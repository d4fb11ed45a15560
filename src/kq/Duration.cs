using System.CommandLine.Parsing;
using System.Globalization;

namespace LibKqueueSharp.Kq;

/// <summary>A duration of the command line: a whole number with its unit, as a timer takes it.</summary>
/// <param name="Number">The number.</param>
/// <param name="Unit">The unit, as a note of EVFILT_TIMER.</param>
internal readonly record struct Duration(long Number, TimerNotes Unit)
{
    private static readonly (string Suffix, TimerNotes Unit, decimal Ticks)[] s_units =
    [
        ("ns", TimerNotes.Nanoseconds, 0.01m),
        ("us", TimerNotes.Microseconds, TimeSpan.TicksPerMicrosecond),
        ("ms", TimerNotes.Milliseconds, TimeSpan.TicksPerMillisecond),
        ("s", TimerNotes.Seconds, TimeSpan.TicksPerSecond),
    ];

    public static bool TryParse(string text, out Duration duration)
    {
        foreach ((string suffix, TimerNotes unit, _) in s_units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            bool isNumber = long.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number);
            duration = new(number, unit);
            return isNumber;
        }

        duration = default;
        return false;
    }

    /// <summary>Reads all words of an option; reports the first that is no duration.</summary>
    /// <param name="result">The option's words.</param>
    public static Duration[] ParseAll(ArgumentResult result)
    {
        List<Duration> durations = [];
        foreach (Token token in result.Tokens)
        {
            if (TryParse(token.Value, out Duration duration))
                durations.Add(duration);
            else
                result.AddError($"'{token.Value}' is not a duration; write a whole number with ns, us, ms or s, for example 500ms");
        }

        return [.. durations];
    }

    /// <summary>The duration rounded up to 100 ns; what is too long to be counted has no end.</summary>
    public TimeSpan ToTimeSpan()
    {
        TimerNotes unit = Unit;
        decimal ticks = Math.Ceiling(Number * s_units.First(u => u.Unit == unit).Ticks);
        return ticks < long.MaxValue ? new((long)ticks) : Timeout.InfiniteTimeSpan;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        TimerNotes unit = Unit;
        return Number.ToString(CultureInfo.InvariantCulture) + s_units.First(u => u.Unit == unit).Suffix;
    }
}
