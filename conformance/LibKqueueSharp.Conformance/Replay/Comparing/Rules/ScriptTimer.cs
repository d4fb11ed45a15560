namespace LibKqueueSharp.Conformance.Replay;

/// <summary>A timer as the script made it: how often it can have expired.</summary>
internal sealed class ScriptTimer
{
    private const long Millisecond = 1_000_000;

    private readonly long _began;
    private readonly bool _isOneShot;
    private readonly bool _isAbsolute;
    private long _period;
    private long _delivered;

    private ScriptTimer(long began, long delayBefore, long period, bool isOneShot, bool isAbsolute)
    {
        _began = began;
        DelayBefore = delayBefore;
        _period = period;
        _isOneShot = isOneShot;
        _isAbsolute = isAbsolute;
    }

    /// <summary>How long the machine had stood still before the timer was made.</summary>
    public long DelayBefore { get; }

    /// <summary>Events that came before the trace has them.</summary>
    public int Early { get; set; }

    public static ScriptTimer Read(ScenarioCommand command, EventFlags flags, long began, long delayBefore)
    {
        _ = NoteNames.TryParse(EventFilter.Timer, command.Options.GetValueOrDefault("fflags", "0"), out uint bits, out _);
        TimerNotes notes = (TimerNotes)bits;
        long unit = (notes & TimerNotes.Nanoseconds) != 0 ? 1
            : (notes & TimerNotes.Microseconds) != 0 ? 1_000
            : (notes & TimerNotes.Milliseconds) != 0 ? Millisecond
            : (notes & TimerNotes.Seconds) != 0 ? 1000 * Millisecond
            : Millisecond;
        bool isAbsolute = (notes & TimerNotes.Absolute) != 0;

        // A period of 0 is one unit, at most a millisecond (TIMER-ZERO-001); a negative one expires at once (TIMER-NEG-001).
        long data = isAbsolute ? 0 : command.NumberOption("data");
        long period = data > 0 ? data * unit : Math.Min(unit, Millisecond);
        return new(began, delayBefore, period, (flags & EventFlags.OneShot) != 0, isAbsolute);
    }

    /// <summary>This running timer, changed and not restarted.</summary>
    public ScriptTimer WithPeriodOf(ScriptTimer other)
    {
        _period = Math.Min(_period, other._period);
        return this;
    }

    /// <summary>How often it can have expired at some time.</summary>
    public long Expirations(long now)
    {
        long periods = (now - _began) / _period;
        return _isOneShot ? Math.Min(periods, 1) : periods;
    }

    public bool Allows(EventAnswer e, long now) =>
        long.TryParse(e.Data, out long count) && count >= 1 && (_isAbsolute || _delivered + count <= Expirations(now));

    public void Deliver(EventAnswer e)
    {
        if (long.TryParse(e.Data, out long count))
            _delivered += count;
    }
}
