namespace LibKqueueSharp.Kernels;

/// <summary>Translates the notes of timers.</summary>
internal static class TimerNumbers
{
    private const uint Units = 0x0f;
    private const uint Absolute = (uint)TimerNotes.Absolute;
    private const uint DarwinAbsolute = 0x08;
    private const uint NumberMask = 0x03;
    private const uint DarwinUnits = 0x07;

    /// <summary>Translates a change.</summary>
    /// <param name="encoding">What the system uses.</param>
    /// <param name="change">Its notes and data are translated; DragonFly's data, rounded up, as no timer may be early (TIMER-003).</param>
    /// <returns>False for what the system cannot express, and for several units at once (TIMER-UNIT-003).</returns>
    internal static bool TryToSystem(TimerEncoding encoding, ref RawEvent change)
    {
        uint notes = change.FFlags;
        uint unit = notes & Units;
        if (encoding == TimerEncoding.Ours)
            return true;
        if ((notes & ~(Units | Absolute)) != 0 || (unit & (unit - 1)) != 0)
            return false;
        bool absolute = (notes & Absolute) != 0;
        switch (encoding)
        {
            case TimerEncoding.Number:
                change.FFlags = NumberOf(unit) | (notes & Absolute);
                break;
            case TimerEncoding.Darwin:
                change.FFlags = (unit is 1 ? 1u : unit >> 1 & ~1u) | (absolute ? DarwinAbsolute : 0);
                break;
            default:
                change.FFlags = 0;
                change.Data = ToMilliseconds(change.Data, unit, absolute);
                if (absolute)
                    change.Flags |= (uint)EventFlags.OneShot;
                break;
        }

        return true;
    }

    /// <summary>Translates what an event shows; milliseconds, the default, become 0 where the system has no note for them.</summary>
    internal static uint FromSystem(TimerEncoding encoding, uint notes) => encoding switch
    {
        TimerEncoding.Number => FromNumber(notes & NumberMask) | (notes & ~NumberMask),
        TimerEncoding.Darwin => (notes & DarwinUnits) switch
        {
            1 => 1u,
            2 => 4u,
            4 => 8u,
            _ => 0u,
        } | ((notes & DarwinAbsolute) != 0 ? Absolute : 0),
        TimerEncoding.MillisecondsOnly => 0,
        _ => notes,
    };

    private static uint NumberOf(uint unit) => (TimerNotes)unit switch
    {
        TimerNotes.Seconds => 1,
        TimerNotes.Microseconds => 2,
        TimerNotes.Nanoseconds => 3,
        _ => 0,
    };

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
