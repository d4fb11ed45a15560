namespace LibKqueueSharp.Kernels;

/// <summary>Translates the notes of timers.</summary>
internal static class TimerNumbers
{
    private const uint Units = 0x0f;
    private const uint Absolute = (uint)TimerNotes.Absolute;
    private const uint DarwinAbsolute = 0x08;
    private const uint NumberMask = 0x03;
    private const uint DarwinUnits = 0x07;
    private const uint DarwinOwn = 0x1e0;

    /// <summary>
    /// Translates a change. What the kernel itself refuses or ignores is left to it: several units at once and unknown notes
    /// (TIMER-UNIT-003, TIMER-UNIT-004), of which macOS would take some for notes of its own.
    /// </summary>
    /// <param name="encoding">What the system uses.</param>
    /// <param name="change">Its notes and data are translated; DragonFly's data, rounded up, as no timer may be early (TIMER-003).</param>
    /// <returns>False for what the kernel would misunderstand.</returns>
    internal static bool TryToSystem(TimerEncoding encoding, ref RawEvent change)
    {
        uint notes = change.FFlags;
        uint unit = notes & Units;
        bool several = (unit & (unit - 1)) != 0;
        bool absolute = (notes & Absolute) != 0;
        switch (encoding)
        {
            case TimerEncoding.Number:
                change.FFlags = NumberOf(unit) | (notes & ~Units);
                return true;
            case TimerEncoding.Darwin:
                change.FFlags = DarwinUnit(unit, several) | (absolute ? DarwinAbsolute : 0) | (notes & ~(Units | Absolute | DarwinOwn));
                return true;
            case TimerEncoding.MillisecondsOnly:
                change.FFlags = 0;
                change.Data = ToMilliseconds(change.Data, unit, absolute);
                if (absolute)
                    change.Flags |= (uint)EventFlags.OneShot;
                return !several;
            default:
                return true;
        }
    }

    /// <summary>Translates what an event shows; milliseconds, the default, become 0 where the system has no note for them.</summary>
    internal static uint FromSystem(TimerEncoding encoding, uint notes) => encoding switch
    {
        TimerEncoding.Number => FromNumber(notes & NumberMask) | (notes & ~NumberMask),
        TimerEncoding.Darwin => FromDarwin(notes),
        TimerEncoding.MillisecondsOnly => 0,
        _ => notes,
    };

    // A number, of which several are ORed, as a program does it that was written there.
    private static uint NumberOf(uint unit) =>
        ((unit & (uint)TimerNotes.Seconds) != 0 ? 1u : 0)
        | ((unit & (uint)TimerNotes.Microseconds) != 0 ? 2u : 0)
        | ((unit & (uint)TimerNotes.Nanoseconds) != 0 ? 3u : 0);

    // Milliseconds have no bit: with another unit they have to look like several, as they are.
    private static uint DarwinUnit(uint unit, bool several) =>
        several && (unit & (uint)TimerNotes.Milliseconds) != 0
            ? DarwinUnits
            : (unit & (uint)TimerNotes.Seconds) | ((unit & (uint)(TimerNotes.Microseconds | TimerNotes.Nanoseconds)) >> 1);

    private static uint FromDarwin(uint notes) =>
        (notes & (uint)TimerNotes.Seconds)
        | ((notes & (DarwinUnits & ~(uint)TimerNotes.Seconds)) << 1)
        | ((notes & DarwinAbsolute) != 0 ? Absolute : 0)
        | (notes & ~(DarwinUnits | DarwinAbsolute | Absolute | DarwinOwn));

    private static uint FromNumber(uint number) => (uint)(number switch
    {
        1 => TimerNotes.Seconds,
        2 => TimerNotes.Microseconds,
        3 => TimerNotes.Nanoseconds,
        _ => TimerNotes.None,
    });

    private static long ToMilliseconds(long time, uint unit, bool absolute)
    {
        Int128 nanoseconds = (Int128)time * (TimerNotes)unit switch
        {
            TimerNotes.Seconds => 1_000_000_000,
            TimerNotes.Microseconds => 1_000,
            TimerNotes.Nanoseconds => 1,
            _ => 1_000_000,
        };
        if (absolute)
            nanoseconds = Int128.Max(1, nanoseconds - ((Int128)(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100));
        Int128 rounded = nanoseconds > 0 ? (nanoseconds + 999_999) / 1_000_000 : nanoseconds / 1_000_000;
        return (long)Int128.Min(long.MaxValue, Int128.Max(long.MinValue, rounded));
    }
}
