using System.Globalization;
using Mono.Unix.Native;

namespace LibKqueueSharp.Kq;

/// <summary>Signals by name and number, as this system numbers them.</summary>
internal static class SignalNames
{
    private const string Prefix = "SIG";
    private const string FirstRealTime = "SIGRTMIN";
    private const string LastRealTime = "SIGRTMAX";

    /// <summary>Real-time signals of Linux with the GNU C library, which keeps 32 and 33 for itself (signal(7)).</summary>
    private const int RealTimeMin = 34;
    private const int RealTimeMax = 64;

    /// <summary>What the runtime delivers on Windows.</summary>
    private static readonly (string Name, int Number)[] s_windows = [("SIGHUP", 1), ("SIGINT", 2), ("SIGQUIT", 3), ("SIGTERM", 15)];

    /// <summary>Reads <c>USR1</c>, <c>SIGUSR1</c>, <c>10</c>, <c>RTMIN+3</c> or <c>RTMAX-1</c>, in any case.</summary>
    /// <param name="text">The words.</param>
    /// <param name="number">The number; the system may not know it.</param>
    public static bool TryParse(string text, out int number)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return number > 0;
        string name = text.ToUpperInvariant();
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            name = Prefix + name;
        if (OperatingSystem.IsWindows())
        {
            number = Array.Find(s_windows, s => s.Name == name).Number;
            return number > 0;
        }

        return TryParseRealTime(name, FirstRealTime, '+', RealTimeMin, out number)
            || TryParseRealTime(name, LastRealTime, '-', RealTimeMax, out number)
            || (name.All(char.IsLetterOrDigit) && Enum.TryParse(name, out Signum signal) && NativeConvert.TryFromSignum(signal, out number));
    }

    /// <summary>The name, for example <c>SIGUSR1</c> or <c>SIGRTMIN+3</c>; a number without a name is <c>signal 99</c>.</summary>
    /// <param name="number">The number.</param>
    public static string Of(int number)
    {
        if (OperatingSystem.IsWindows())
            return Array.Find(s_windows, s => s.Number == number).Name ?? $"signal {number}";
        if (NativeConvert.TryToSignum(number, out Signum signal) && Enum.IsDefined(signal))
            return signal.ToString();
        if (OperatingSystem.IsLinux() && number is >= RealTimeMin and <= RealTimeMax)
            return number == RealTimeMin ? FirstRealTime : $"{FirstRealTime}+{number - RealTimeMin}";
        return $"signal {number}";
    }

    private static bool TryParseRealTime(string name, string anchor, char direction, int origin, out int number)
    {
        number = origin;
        if (!OperatingSystem.IsLinux() || !name.StartsWith(anchor, StringComparison.Ordinal))
            return false;
        ReadOnlySpan<char> rest = name.AsSpan(anchor.Length);
        if (rest.IsEmpty)
            return true;
        if (rest[0] != direction || !int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int distance))
            return false;
        number += direction == '+' ? distance : -distance;
        return number is >= RealTimeMin and <= RealTimeMax;
    }
}
