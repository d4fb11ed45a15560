using System.Diagnostics;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>Time. A clause may demand that something takes at least some time, but never at most.</summary>
internal sealed partial class ClauseTest
{
    public void Sleep(int milliseconds) => Thread.Sleep(milliseconds);

    /// <summary>Registers a timer of milliseconds in the first queue.</summary>
    public TimerWatch AddTimer(nuint ident, int milliseconds, EventFlags flags = 0)
    {
        TimerWatch watch = new(ident, TimeSpan.FromMilliseconds(milliseconds));
        Add(ident, EVFILT_TIMER, flags, 0, milliseconds);
        watch.Started();
        return watch;
    }

    /// <summary>One call must return the timer's event and no other; with those before, it must count what the clock allows.</summary>
    public KEvent ExpectTimer(TimerWatch timer)
    {
        timer.BeforeCollecting();
        KEvent e = Expect(timer.Ident, EVFILT_TIMER);
        timer.Count(e.Data);
        return e;
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
