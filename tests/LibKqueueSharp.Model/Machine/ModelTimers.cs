namespace LibKqueueSharp.Model.Machine;

/// <summary>The parameters of EVFILT_TIMER, as FreeBSD takes them. Programs of other dialects give plain periods only.</summary>
internal static class ModelTimers
{
    private const TimerNotes Units = TimerNotes.Seconds | TimerNotes.Milliseconds | TimerNotes.Microseconds | TimerNotes.Nanoseconds;

    internal static Errno Start(ModelKnote kn, Moment now)
    {
        TimerNotes notes = (TimerNotes)kn.SavedFFlags;

        // TIMER-UNIT-003, TIMER-UNIT-004, TIMER-NEG-001
        if ((notes & ~Units) != 0 || kn.SavedData < 0)
            return Errno.EINVAL;
        long unit;
        switch (notes)
        {
            case TimerNotes.None or TimerNotes.Milliseconds:
                unit = 1_000_000;
                break;
            case TimerNotes.Seconds:
                unit = 1_000_000_000;
                break;
            case TimerNotes.Microseconds:
                unit = 1_000;
                break;
            case TimerNotes.Nanoseconds:
                unit = 1;
                break;
            default:
                return Errno.EINVAL;
        }

        // TIMER-ZERO-001, TIMER-ZERO-002, TIMER-BIG-001
        bool once = kn.Has(EventFlags.OneShot);
        long count = kn.SavedData == 0 && !once ? 1 : kn.SavedData;
        long span = count > long.MaxValue / unit ? long.MaxValue : count * unit;
        kn.Timer = new ModelTimer(now, span, once ? 0 : span);
        return Errno.None;
    }
}
