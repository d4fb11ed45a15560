using System.Diagnostics;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>Time. A clause may demand that something takes at least some time, but never at most.</summary>
internal sealed partial class ClauseTest
{
    public void Sleep(int milliseconds) => Thread.Sleep(milliseconds);

    /// <summary>Registers a timer of milliseconds in the first queue; what it may report is told by the result.</summary>
    public TimerWatch AddTimer(nuint ident, int milliseconds, EventFlags flags = 0)
    {
        TimerWatch watch = new(TimeSpan.FromMilliseconds(milliseconds));
        Add(ident, EVFILT_TIMER, flags, 0, milliseconds);
        watch.Started();
        return watch;
    }

    /// <summary>Does something, which must not take less than some time.</summary>
    public void TakesAtLeast(int milliseconds, Action action)
    {
        long began = Stopwatch.GetTimestamp();
        action();
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        Check(took.TotalMilliseconds >= milliseconds, $"it was to take {milliseconds} ms, and took {took.TotalMilliseconds} ms");
    }
}
