namespace LibKqueueSharp.Conformance.Clauses;

internal static class AbsoluteTimes
{
    // A clock that is being slewed and one that is not part by some microseconds in the time that a clause takes.
    private static readonly TimeSpan s_slew = TimeSpan.FromMilliseconds(1);

    public static ClauseGroup Group { get; } = new("14", "EVFILT_TIMER: absolute times",
    [
        new("TIMER-ABS-001",
            "NOTE_ABSTIME (NOTE_ABSOLUTE on macOS): data is a wall-clock time since the Epoch in the chosen unit; fires once when reached.",
            "FreeBSD kqueue(2) NOTE_ABSTIME",
            t =>
            {
                ExpectAt(t, NOTE_MSECONDS, milliseconds => milliseconds);
                ExpectAt(t, NOTE_USECONDS, milliseconds => milliseconds * 1_000);
                ExpectAt(t, NOTE_NSECONDS, milliseconds => milliseconds * 1_000_000);
            }),

        new("TIMER-ABS-002",
            "A time already past fires immediately. FreeBSD 13 was recorded refusing one before the boot with EINVAL.",
            "FreeBSD kqueue(2) NOTE_ABSTIME; FreeBSD kern_event.c filt_timervalidate",
            t =>
            {
                t.Add(1, EVFILT_TIMER, EV_ONESHOT, NOTE_ABSTIME, After(milliseconds: -100));
                t.Expect(1, EVFILT_TIMER, data: 1);
                if (t.ByDialect(freeBsd: true, netBsd: false, openBsd: false, macOs: false))
                {
                    t.ExpectErrno(Errno.EINVAL, 1, EVFILT_TIMER, EV_ADD | EV_ONESHOT, NOTE_ABSTIME, 1);
                    return;
                }

                t.Add(1, EVFILT_TIMER, EV_ONESHOT, NOTE_ABSTIME, 1);
                t.Expect(1, EVFILT_TIMER, data: 1);
            }),

        new("TIMER-ABS-003",
            "Never repeats.",
            "FreeBSD kern_event.c filt_timerexpire_l",
            t =>
            {
                t.Add(1, EVFILT_TIMER, EV_CLEAR, NOTE_ABSTIME, After(milliseconds: 20));
                t.Expect(1, EVFILT_TIMER, data: 1);
                t.Sleep(milliseconds: 50);
                t.ExpectNone();
            }),

        new("TIMER-ABS-004",
            "After firing: F,N,O do not set EV_CLEAR, so the event (data 1) is returned on every call until deleted, unless EV_CLEAR or EV_ONESHOT was given; macOS makes it one-shot.",
            "FreeBSD kern_event.c filt_timerattach; NetBSD kqueue(2) EVFILT_TIMER; OpenBSD kern_event.c; xnu kern_event.c filt_timerattach",
            t =>
            {
                t.Add(1, EVFILT_TIMER, 0, NOTE_ABSTIME, After(milliseconds: 10));
                if (t.ByDialect(freeBsd: false, netBsd: false, openBsd: false, macOs: true))
                {
                    t.Expect(1, EVFILT_TIMER, EV_ONESHOT, data: 1);
                    t.ExpectAbsent(1, EVFILT_TIMER);
                    return;
                }

                for (int call = 0; call < 3; call++)
                    t.Expect(1, EVFILT_TIMER, EventFlags.None, data: 1);
                t.Delete(1, EVFILT_TIMER);
                t.ExpectNone();
                t.Add(1, EVFILT_TIMER, EV_CLEAR, NOTE_ABSTIME, After(milliseconds: 10));
                t.Expect(1, EVFILT_TIMER, EV_CLEAR, data: 1);
                t.ExpectNone();
                t.ExpectRegistered(1, EVFILT_TIMER);
            }),

        Clause.NotObservable("TIMER-ABS-005",
            "The wall-clock deadline is converted to a monotonic deadline once, at registration; later clock steps do not move it.",
            ClauseDialects.FreeBsd | ClauseDialects.OpenBsd | ClauseDialects.MacOs,
            "stepping the clock needs privilege, and steps it for every program of the system"),

        new("TIMER-ABS-006",
            "Changing between absolute and relative by re-ADD: macOS EINVAL; allowed on F.",
            "xnu kern_event.c filt_timertouch; FreeBSD kern_event.c filt_timertouch",
            ClauseDialects.FreeBsd | ClauseDialects.MacOs,
            t =>
            {
                bool allowed = t.ByDialect(freeBsd: true, netBsd: false, openBsd: false, macOs: false);
                TimerWatch timer = t.AddTimer(1, milliseconds: 20);
                if (allowed)
                {
                    t.Add(1, EVFILT_TIMER, 0, NOTE_ABSTIME, After(milliseconds: 30));
                    t.Expect(1, EVFILT_TIMER, data: 1);
                    timer = t.AddTimer(1, milliseconds: 20);
                }
                else
                {
                    t.ExpectErrno(Errno.EINVAL, 1, EVFILT_TIMER, EV_ADD, NOTE_ABSTIME, After(milliseconds: 30));
                }

                t.ExpectTimer(timer);
                t.ExpectTimer(timer);
                if (allowed)
                    return;
                t.Add(2, EVFILT_TIMER, 0, NOTE_ABSTIME, After(milliseconds: 3_600_000));
                t.ExpectErrno(Errno.EINVAL, 2, EVFILT_TIMER, EV_ADD, 0, 10);
            }),
    ]);

    private static long After(int milliseconds) => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + milliseconds;

    private static void ExpectAt(ClauseTest t, uint unit, Func<long, long> fromMilliseconds)
    {
        const int Due = 50;
        TimeSpan due = TimeSpan.FromMilliseconds(Due);
        TimerWatch timer = new(1, due);
        long time = After(Due + 1);
        t.Add(1, EVFILT_TIMER, EV_ONESHOT, NOTE_ABSTIME | unit, fromMilliseconds(time));
        t.Expect(1, EVFILT_TIMER, data: 1);
        timer.CheckNotEarly(due - s_slew);
    }
}
