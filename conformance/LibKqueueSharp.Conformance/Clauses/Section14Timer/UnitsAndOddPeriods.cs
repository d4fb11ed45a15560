namespace LibKqueueSharp.Conformance.Clauses;

internal static class UnitsAndOddPeriods
{
    private const uint Unknown = 0x8000;

    public static ClauseGroup Group { get; } = new("14", "EVFILT_TIMER: units and odd periods",
    [
        new("TIMER-UNIT-001",
            "NOTE_SECONDS, NOTE_USECONDS, NOTE_NSECONDS select the unit.",
            "FreeBSD kqueue(2) EVFILT_TIMER; trace timer_units",
            t =>
            {
                ExpectAfter(t, milliseconds: 1000, NOTE_SECONDS, 1);
                ExpectAfter(t, milliseconds: 30, NOTE_USECONDS, 30_000);
                ExpectAfter(t, milliseconds: 30, NOTE_NSECONDS, 30_000_000);
            }),

        new("TIMER-UNIT-002",
            "NOTE_MSECONDS is the default spelled out: value 2 on FreeBSD, 0 on N and O, absent on macOS.",
            "FreeBSD, NetBSD, OpenBSD sys/event.h; xnu bsd/sys/event.h",
            t =>
            {
                ExpectAfter(t, milliseconds: 30, NOTE_MSECONDS, 30);
                ExpectAfter(t, milliseconds: 30, fflags: 0, 30);
            }),

        new("TIMER-UNIT-003",
            "More than one unit: EINVAL on F and M; on N and O the units are a 2-bit number, so combinations alias another unit.",
            "FreeBSD kern_event.c timer2sbintime; xnu kern_event.c filt_timervalidate; NetBSD, OpenBSD sys/event.h",
            t =>
            {
                const uint Both = NOTE_SECONDS | NOTE_USECONDS;
                if (t.ByDialect(freeBsd: true, netBsd: false, openBsd: false, macOs: true))
                    t.ExpectErrno(Errno.EINVAL, 1, EVFILT_TIMER, EV_ADD | EV_ONESHOT, Both, 30_000_000);
                else
                    ExpectAfter(t, milliseconds: 30, Both, 30_000_000);
            }),

        new("TIMER-UNIT-004",
            "Unknown fflags bits: EINVAL on F,N,O; ignored on macOS and DragonFly.",
            "FreeBSD kern_event.c filt_timervalidate; NetBSD kern_event.c filt_timercompute; OpenBSD kern_event.c filt_timervalidate; trace timer_units",
            t =>
            {
                if (t.ByDialect(freeBsd: true, netBsd: true, openBsd: true, macOs: false))
                    t.ExpectErrno(Errno.EINVAL, 1, EVFILT_TIMER, EV_ADD | EV_ONESHOT, Unknown, 10);
                else
                    ExpectAfter(t, milliseconds: 10, Unknown, 10);
            }),

        new("TIMER-UNIT-005",
            "Sub-tick periods are honoured as closely as the system can; counts catch up.",
            "FreeBSD kern_event.c filt_timerexpire_l",
            ClauseDialects.FreeBsd,
            t =>
            {
                TimerWatch timer = new(1, TimeSpan.FromMicroseconds(100));
                t.Add(1, EVFILT_TIMER, 0, NOTE_USECONDS, 100);
                timer.Started();
                t.ExpectTimer(timer);
                t.Sleep(milliseconds: 50);
                t.ExpectTimer(timer);
            }),

        new("TIMER-ZERO-001",
            "Periodic with data 0: FreeBSD uses 1 unit; OpenBSD and DragonFly one tick; NetBSD EINVAL; macOS fires once immediately and does not repeat.",
            "FreeBSD kern_event.c filt_timervalidate; NetBSD kern_event.c filt_timercompute; OpenBSD kern_event.c filt_timeradd; xnu kern_event.c filt_timervalidate; trace timer_zero_periodic",
            t => t.ByDialect<Action>(
                freeBsd: () =>
                {
                    TimerWatch timer = new(1, TimeSpan.FromMilliseconds(1));
                    t.Add(1, EVFILT_TIMER, 0, 0, 0);
                    timer.Started();
                    t.Sleep(milliseconds: 20);
                    t.ExpectTimer(timer);
                    t.ExpectTimer(timer);
                },
                netBsd: () => t.ExpectErrno(Errno.EINVAL, 1, EVFILT_TIMER, EV_ADD, 0, 0),
                openBsd: () =>
                {
                    t.Add(1, EVFILT_TIMER, 0, 0, 0);
                    t.Expect(1, EVFILT_TIMER);
                    t.Expect(1, EVFILT_TIMER);
                },
                macOs: () =>
                {
                    t.Add(1, EVFILT_TIMER, 0, 0, 0);
                    t.Expect(1, EVFILT_TIMER, data: 1);
                    t.ExpectNone();
                })()),

        new("TIMER-ZERO-002",
            "One-shot with data 0 fires immediately; NetBSD EINVAL.",
            "FreeBSD kern_event.c filt_timervalidate; trace timer_zero",
            t =>
            {
                if (t.ByDialect(freeBsd: false, netBsd: true, openBsd: false, macOs: false))
                    t.ExpectErrno(Errno.EINVAL, 1, EVFILT_TIMER, EV_ADD | EV_ONESHOT, 0, 0);
                else
                    ExpectAfter(t, milliseconds: 0, fflags: 0, 0);
                t.ExpectAbsent(1, EVFILT_TIMER);
            }),

        new("TIMER-NEG-001",
            "Negative data: EINVAL on FreeBSD; macOS one immediate event; N and O accept it: as recorded, a one-shot timer never fires on N, and at once on O.",
            "FreeBSD kern_event.c filt_timervalidate; xnu kern_event.c filt_timervalidate; trace timer_zero",
            t => t.ByDialect<Action>(
                freeBsd: () => t.ExpectErrno(Errno.EINVAL, 1, EVFILT_TIMER, EV_ADD | EV_ONESHOT, 0, -5),
                netBsd: () =>
                {
                    t.Add(1, EVFILT_TIMER, EV_ONESHOT, 0, -5);
                    t.ExpectNone();
                    t.ExpectRegistered(1, EVFILT_TIMER);
                },
                openBsd: () => ExpectAfter(t, milliseconds: 0, fflags: 0, -5),
                macOs: () =>
                {
                    t.Add(1, EVFILT_TIMER, 0, 0, -5);
                    t.Expect(1, EVFILT_TIMER, data: 1);
                    t.ExpectNone();
                })()),

        new("TIMER-BIG-001",
            "Overflowing values: FreeBSD saturates to a very long time; macOS ERANGE; NetBSD EINVAL above INT_MAX ticks; OpenBSD does not check.",
            "FreeBSD kern_event.c timer2sbintime; xnu kern_event.c filt_timervalidate; NetBSD kern_event.c filt_timercompute; libkqueue test timer.c",
            t =>
            {
                Errno expected = t.ByDialect(Errno.None, Errno.EINVAL, Errno.None, Errno.ERANGE);
                if (expected != Errno.None)
                {
                    t.ExpectErrno(expected, 1, EVFILT_TIMER, EV_ADD, NOTE_SECONDS, long.MaxValue);
                    return;
                }

                t.Add(1, EVFILT_TIMER, 0, NOTE_SECONDS, long.MaxValue);
                if (t.ByDialect(freeBsd: true, netBsd: false, openBsd: false, macOs: false))
                    t.ExpectNone();
                t.ExpectRegistered(1, EVFILT_TIMER);
            }),
    ]);

    private static void ExpectAfter(ClauseTest t, int milliseconds, uint fflags, long data)
    {
        TimeSpan due = TimeSpan.FromMilliseconds(milliseconds);
        TimerWatch timer = new(1, due);
        t.Add(1, EVFILT_TIMER, EV_ONESHOT, fflags, data);
        t.Expect(1, EVFILT_TIMER, data: 1);
        timer.CheckNotEarly(due);
    }
}
