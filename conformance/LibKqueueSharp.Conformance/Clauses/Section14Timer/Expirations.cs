namespace LibKqueueSharp.Conformance.Clauses;

internal static class Expirations
{
    private const int Hour = 3_600_000;

    public static ClauseGroup Group { get; } = new("14", "EVFILT_TIMER: expirations",
    [
        new("TIMER-001",
            "ident is arbitrary; data is the period; default unit milliseconds; periodic.",
            "FreeBSD kqueue(2) EVFILT_TIMER",
            t =>
            {
                foreach (nuint ident in (nuint[])[0, nuint.MaxValue])
                {
                    TimerWatch timer = t.AddTimer(ident, milliseconds: 20);
                    for (int expiry = 0; expiry < 3; expiry++)
                        t.ExpectTimer(timer);
                    t.Delete(ident, EVFILT_TIMER);
                }
            }),

        new("TIMER-002",
            "data on output is the number of expirations since the last retrieval.",
            "FreeBSD kern_event.c filt_timerexpire_l; xnu kern_event.c filt_timerprocess",
            t =>
            {
                TimerWatch timer = t.AddTimer(1, milliseconds: 10);
                foreach (int milliseconds in (int[])[105, 0, 35])
                {
                    t.Sleep(milliseconds);
                    t.ExpectTimer(timer);
                }
            }),

        new("TIMER-003",
            "First expiry is one period after registration, never at registration (period > 0).",
            "FreeBSD kern_event.c filt_timerstart",
            t =>
            {
                t.AddTimer(1, Hour);
                t.ExpectNone();
                TimerWatch timer = t.AddTimer(2, milliseconds: 30);
                t.ExpectTimer(timer);
            }),

        new("TIMER-004",
            "Never fires early relative to a monotonic clock.",
            "FreeBSD kern_event.c filt_timerstart (C_ABSOLUTE)",
            t =>
            {
                foreach (int milliseconds in (int[])[1, 2, 3, 7, 13, 20])
                {
                    TimerWatch timer = t.AddTimer(1, milliseconds, EV_ONESHOT);
                    t.Expect(1, EVFILT_TIMER);
                    timer.CheckNotEarly(TimeSpan.FromMilliseconds(milliseconds));
                }
            }),

        new("TIMER-005",
            "Periods do not drift: the next deadline is the previous plus the period.",
            "FreeBSD kern_event.c filt_timerexpire_l; xnu kern_event.c filt_timerprocess",
            ClauseDialects.FreeBsd | ClauseDialects.MacOs,
            t =>
            {
                TimerWatch timer = t.AddTimer(1, milliseconds: 5);
                while (timer.Total < 60)
                {
                    t.ExpectTimer(timer);
                    t.Sleep(milliseconds: 2);
                }
            }),

        new("TIMER-006",
            "EV_ONESHOT: fires once with data 1 and is removed.",
            "FreeBSD kern_event.c filt_timerexpire_l; trace timer_oneshot",
            t =>
            {
                t.AddTimer(1, milliseconds: 10, EV_ONESHOT);
                t.Sleep(milliseconds: 35);
                t.Expect(1, EVFILT_TIMER, EV_ONESHOT | EV_CLEAR, data: 1);
                t.ExpectAbsent(1, EVFILT_TIMER);
            }),

        new("TIMER-007",
            "Relative timers get EV_CLEAR automatically.",
            "FreeBSD kern_event.c filt_timerattach",
            t =>
            {
                t.AddTimer(1, milliseconds: 10);
                t.Expect(1, EVFILT_TIMER, EV_CLEAR);
            }),

        new("TIMER-008",
            "fflags in the delivered event is 0 on FreeBSD (only the saved copy holds the unit).",
            "FreeBSD kern_event.c filt_timertouch",
            ClauseDialects.FreeBsd,
            t =>
            {
                t.Add(1, EVFILT_TIMER, 0, NOTE_USECONDS, 5000);
                t.Expect(1, EVFILT_TIMER, fflags: 0);
            }),

        new("TIMER-009",
            "Same ident in two queues: independent.",
            "libkqueue test timer.c",
            t =>
            {
                TestQueue other = t.NewQueue();
                t.AddTimer(1, Hour);
                other.Add(1, EVFILT_TIMER, 0, 0, 10);
                other.Expect(1, EVFILT_TIMER);
                t.ExpectNone();
                other.Delete(1, EVFILT_TIMER);
                t.ExpectRegistered(1, EVFILT_TIMER);
            }),

        new("TIMER-010",
            "Different idents in one queue: independent.",
            "FreeBSD kern_event.c filt_timerattach",
            t =>
            {
                TimerWatch[] timers = [t.AddTimer(1, milliseconds: 10), t.AddTimer(2, milliseconds: 25), t.AddTimer(3, milliseconds: 40)];
                while (timers.Any(timer => timer.Total < 3))
                {
                    foreach (TimerWatch timer in timers)
                        timer.BeforeCollecting();
                    foreach (KEvent e in t.Collect())
                        timers.Single(timer => timer.Ident == e.Ident).Count(e.Data);
                }
            }),
    ]);
}
