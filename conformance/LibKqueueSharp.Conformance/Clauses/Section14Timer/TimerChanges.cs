namespace LibKqueueSharp.Conformance.Clauses;

internal static class TimerChanges
{
    private const int Hour = 3_600_000;

    public static ClauseGroup Group { get; } = new("14", "EVFILT_TIMER: changes and limits",
    [
        new("TIMER-READD-001",
            "Re-adding restarts the timer with the new parameters and discards expirations not yet retrieved. NetBSD, as recorded, lets the running timer go on and takes over only udata.",
            "FreeBSD kqueue(2) EVFILT_TIMER; FreeBSD kern_event.c filt_timertouch; libkqueue test timer.c; trace timer_ident_collision",
            t =>
            {
                if (t.ByDialect(freeBsd: false, netBsd: true, openBsd: false, macOs: false))
                {
                    TimerWatch running = t.AddTimer(1, milliseconds: 20);
                    t.Add(1, EVFILT_TIMER, 0, 0, Hour, udata: 2);
                    t.Equal(2, t.ExpectTimer(running).UData, "udata");
                    return;
                }

                t.AddTimer(1, Hour);
                t.ExpectTimer(t.AddTimer(1, milliseconds: 50));
                t.Sleep(milliseconds: 110);
                t.ExpectTimer(t.AddTimer(1, milliseconds: 20));
            }),

        new("TIMER-READD-002",
            "Re-adding with invalid parameters: O and M return EINVAL from the change, and the timer goes on; FreeBSD returns success, stops the timer and delivers an event with EV_ERROR in flags and the errno in data. NetBSD, as recorded, does not look at the new parameters (TIMER-READD-001).",
            "FreeBSD kern_event.c filt_timertouch; OpenBSD kern_event.c filt_timermodify; xnu kern_event.c filt_timertouch",
            t =>
            {
                const uint Invalid = 0x8000 | NOTE_SECONDS | NOTE_USECONDS;
                TimerWatch timer = t.AddTimer(1, milliseconds: 20);
                if (t.ByDialect(freeBsd: false, netBsd: false, openBsd: true, macOs: true))
                    t.ExpectErrno(Errno.EINVAL, 1, EVFILT_TIMER, EV_ADD, Invalid, 10);
                else
                    t.Add(1, EVFILT_TIMER, 0, Invalid, 10);
                if (t.ByDialect(freeBsd: true, netBsd: false, openBsd: false, macOs: false))
                {
                    t.Expect(1, EVFILT_TIMER, EV_CLEAR | EV_ERROR, data: (long)Errno.EINVAL);
                    t.Sleep(milliseconds: 50);
                    t.ExpectNone();
                    return;
                }

                t.ExpectTimer(timer);
                t.ExpectTimer(timer);
            }),

        new("TIMER-READD-003",
            "A change without EV_ADD (enable, disable, udata) does not restart the timer.",
            "FreeBSD kern_event.c filt_timertouch",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd,
            t =>
            {
                TimerWatch timer = t.AddTimer(1, milliseconds: 40);
                for (int change = 0; change < 10; change++)
                {
                    t.Sleep(milliseconds: 15);
                    t.Disable(1, EVFILT_TIMER);
                    t.Enable(1, EVFILT_TIMER);
                    t.Change(1, EVFILT_TIMER, 0, NOTE_SECONDS, Hour, udata: 7);
                }

                t.ExpectTimer(timer);
                t.ExpectTimer(timer);
            }),

        new("TIMER-READD-004",
            "Re-adding a periodic timer with EV_ONESHOT does not make it one-shot: flags are fixed (CORE-ADD-010), on NetBSD as recorded too; NetBSD 10 replaces them.",
            "FreeBSD kern_event.c kqueue_register; NetBSD kern_event.c filt_timertouch; libkqueue test timer.c",
            t =>
            {
                t.AddTimer(1, milliseconds: 10);
                t.AddTimer(1, milliseconds: 10, EV_ONESHOT);
                t.Expect(1, EVFILT_TIMER, EV_CLEAR);
                t.Expect(1, EVFILT_TIMER, EV_CLEAR);
                t.ExpectRegistered(1, EVFILT_TIMER);
            }),

        new("TIMER-DIS-001",
            "A disabled timer keeps expiring; the count is delivered after EV_ENABLE.",
            "FreeBSD kern_event.c filt_timerexpire_l; trace timer_dispatch",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                TimerWatch timer = t.AddTimer(1, milliseconds: 10);
                t.Disable(1, EVFILT_TIMER);
                t.Sleep(milliseconds: 100);
                t.ExpectNone();
                t.Enable(1, EVFILT_TIMER);
                t.ExpectTimer(timer);
            }),

        new("TIMER-DEL-001",
            "EV_DELETE stops it; no event afterwards.",
            "FreeBSD kern_event.c filt_timerdetach; trace timer_periodic",
            t =>
            {
                t.AddTimer(1, milliseconds: 10);
                t.AddTimer(2, milliseconds: 20);
                t.Delete(2, EVFILT_TIMER);
                t.Sleep(milliseconds: 25);
                t.Delete(1, EVFILT_TIMER);
                t.ExpectNone();
                t.ExpectAbsent(1, EVFILT_TIMER);
            }),

        Clause.NotObservable("TIMER-LIMIT-001",
            "Too many timers: ENOMEM (kern.kq_calloutmax, default 4096, system wide on F; OpenBSD 1024 timers+user events per process).",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd,
            "the limit counts the timers of all processes: who reaches it takes them from every other program"),

        Clause.NotObservable("TIMER-STOP-001",
            "While the process is stopped expirations are not queued one by one; after SIGCONT the count catches up.",
            ClauseDialects.FreeBsd,
            "a stopped process sees nothing, and what it sees afterwards is what one sees that slept (TIMER-002)"),

        Clause.NotObservable("TIMER-LEEWAY-001",
            "NOTE_LEEWAY (ext[1]), NOTE_CRITICAL, NOTE_BACKGROUND tune coalescing; MACHTIME/MACH_CONTINUOUS_TIME choose the clock. Native only.",
            ClauseDialects.MacOs,
            "native only: TimerNotes has no such notes, and KEvent no ext field"),
    ]);
}
