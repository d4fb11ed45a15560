namespace LibKqueueSharp.Conformance.Clauses;

internal static class ReAdding
{
    public static ClauseGroup Group { get; } = new("3.1", "EV_ADD of what is registered",
    [
        new("CORE-ADD-008",
            "Re-adding replaces udata.",
            "FreeBSD kern_event.c kqueue_register; libkqueue tests *_modify_clobbers_udata",
            t =>
            {
                var (reader, writer) = t.Pipe();
                t.Add(reader, EVFILT_READ, udata: 1);
                t.Add(reader, EVFILT_READ, udata: 2);
                writer.Write(1);
                t.Expect(reader, EVFILT_READ, udata: 2);
                t.Add(reader, EVFILT_READ);
                t.Expect(reader, EVFILT_READ, udata: 0);
            }),

        new("CORE-ADD-009",
            "Re-adding replaces the saved fflags (interest) and data (parameter), not OR-ing them.",
            "FreeBSD kern_event.c kqueue_register",
            t =>
            {
                var (one, other) = t.SocketPair();
                t.Add(one, EVFILT_READ, 0, NOTE_LOWAT, 10);
                other.Write(5);
                t.ExpectNone();
                t.Add(one, EVFILT_READ, 0, NOTE_LOWAT, 5);
                t.Expect(one, EVFILT_READ, data: 5);
                t.Add(one, EVFILT_READ, 0, NOTE_LOWAT, 6);
                t.ExpectNone();
                t.Add(one, EVFILT_READ);
                t.Expect(one, EVFILT_READ, data: 5);
            }),

        new("CORE-ADD-010",
            "Re-adding does not change the stored EV_ONESHOT/EV_CLEAR/EV_DISPATCH/EV_RECEIPT bits: they are fixed by the first EV_ADD.",
            "FreeBSD kern_event.c kqueue_register; NetBSD kern_event.c filt_timertouch; libkqueue test timer.c",
            t =>
            {
                var (reader, writer) = t.Pipe(bytes: 1);
                t.Add(reader, EVFILT_READ);
                t.Add(reader, EVFILT_READ, EV_ONESHOT | EV_CLEAR);
                for (int i = 0; i < 3; i++)
                    t.Expect(reader, EVFILT_READ, flags: 0, data: 1);
                t.Delete(reader, EVFILT_READ);
                t.Add(reader, EVFILT_READ, EV_ONESHOT);
                t.Add(reader, EVFILT_READ);
                t.Expect(reader, EVFILT_READ, flags: EV_ONESHOT, data: 1);
                t.ExpectAbsent(reader, EVFILT_READ);
                writer.Write(1);
                t.ExpectNone();
            }),

        new("CORE-ADD-011",
            "Re-adding re-runs the filter: a registration with EV_CLEAR whose condition still holds is queued again.",
            "FreeBSD kern_event.c kqueue_register",
            t =>
            {
                var (reader, _) = t.Pipe(bytes: 5);
                var (one, other) = t.SocketPair();
                other.Write(3);
                foreach (Descriptor watched in (Descriptor[])[reader, one])
                {
                    t.Add(watched, EVFILT_READ, EV_CLEAR);
                    t.Expect(watched, EVFILT_READ);
                    t.ExpectNone();
                    t.Add(watched, EVFILT_READ, EV_CLEAR);
                    t.Expect(watched, EVFILT_READ);
                    t.ExpectNone();
                }
            }),

        new("CORE-ADD-012",
            "Re-adding does not withdraw an already queued event (timers excepted, TIMER-READD-001).",
            "FreeBSD kern_event.c kqueue_register",
            t =>
            {
                t.Add(1, EVFILT_USER, EV_CLEAR);
                t.Trigger(1);
                t.Add(1, EVFILT_USER, udata: 7);
                t.Expect(1, EVFILT_USER, udata: 7);
                t.ExpectNone();
            }),

        new("CORE-ADD-015",
            "Re-adding a disabled registration without EV_ENABLE leaves it disabled, although the manual says adding enables.",
            "FreeBSD, OpenBSD, NetBSD, DragonFly kern_event.c kqueue_register; xnu kern_event.c knote_apply_touch",
            t =>
            {
                var (reader, writer) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                t.Disable(reader, EVFILT_READ);
                t.Add(reader, EVFILT_READ);
                writer.Write(1);
                t.ExpectNone();
                t.Enable(reader, EVFILT_READ);
                t.Expect(reader, EVFILT_READ, data: 1);
            }),

        new("CORE-ADD-016",
            "EV_ADD|EV_ENABLE re-enables.",
            "FreeBSD kern_event.c kqueue_register",
            t =>
            {
                var (reader, _) = t.Pipe(bytes: 1);
                t.Add(reader, EVFILT_READ, EV_DISABLE);
                t.Add(reader, EVFILT_READ, EV_ENABLE);
                t.Expect(reader, EVFILT_READ, data: 1);
                t.Add(1, EVFILT_USER, EV_CLEAR | EV_DISABLE);
                t.Trigger(1);
                t.Delete(reader, EVFILT_READ);
                t.ExpectNone();
                t.Add(1, EVFILT_USER, EV_ENABLE);
                t.Expect(1, EVFILT_USER);
            }),
    ]);
}
