using System.Diagnostics;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>
/// What the clock allows a timer to report. The clock is read before the timer is registered and after, so that the
/// bounds hold however slow the machine is: never early, and no expiration lost.
/// </summary>
internal sealed class TimerWatch(nuint ident, TimeSpan period)
{
    private readonly long _before = Stopwatch.GetTimestamp();
    private long _after;
    private TimeSpan _counted;

    public nuint Ident => ident;

    /// <summary>All expirations reported since the registration.</summary>
    public long Total { get; private set; }

    /// <summary>Called when the timer has been registered.</summary>
    public void Started() => _after = Stopwatch.GetTimestamp();

    /// <summary>Called before expirations are collected: those up to now must be counted.</summary>
    public void BeforeCollecting() => _counted = Stopwatch.GetElapsedTime(_after);

    /// <summary>Takes in what was reported. Fails the clause when the timer has counted too much, which is early, or too little.</summary>
    public void Count(long expirations)
    {
        Total += expirations;
        long most = (long)(Stopwatch.GetElapsedTime(_before) / period);
        long least = Math.Max(1, (long)(_counted / period));
        if (expirations < 1 || Total < least || Total > most)
            throw new ClauseFailedException($"a timer of {period.TotalMilliseconds} ms was to count {least} to {most} expirations, and counted {Total}");
    }

    /// <summary>Fails the clause when less than some time has gone by since the registration.</summary>
    public void CheckNotEarly(TimeSpan due)
    {
        TimeSpan gone = Stopwatch.GetElapsedTime(_before);
        if (gone < due)
            throw new ClauseFailedException($"a timer of {due.TotalMilliseconds} ms fired after {gone.TotalMilliseconds} ms");
    }
}
