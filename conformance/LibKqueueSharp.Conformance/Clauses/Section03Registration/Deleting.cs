namespace LibKqueueSharp.Conformance.Clauses;

internal static class Deleting
{
    public static ClauseGroup Group { get; } = new("3.3", "EV_DELETE",
    [
        new("CORE-DEL-001",
            "EV_DELETE removes the registration: later triggers give nothing.",
            "FreeBSD kqueue(2) EV_DELETE",
            t =>
            {
                var (reader, writer) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                t.Add(1, EVFILT_USER);
                t.Delete(reader, EVFILT_READ);
                t.Delete(1, EVFILT_USER);
                writer.Write(1);
                t.ExpectErrno(Errno.ENOENT, 1, EVFILT_USER, 0, NOTE_TRIGGER);
                t.ExpectNone();
            }),

        new("CORE-DEL-002",
            "EV_DELETE discards an event that is queued but not yet collected.",
            "FreeBSD kern_event.c knote_drop; libkqueue tests delete_drains",
            t =>
            {
                var (reader, writer) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                t.AddUsers(2);
                writer.Write(1);
                t.Trigger(1);
                t.Trigger(2);
                t.Delete(reader, EVFILT_READ);
                t.Delete(1, EVFILT_USER);
                t.ExpectIdents(2);
            }),

        new("CORE-DEL-003",
            "EV_DELETE of something absent: ENOENT; a second DELETE also.",
            "FreeBSD kqueue(2) ERRORS",
            t =>
            {
                var (reader, _) = t.Pipe();
                t.ExpectAbsent(reader, EVFILT_READ);
                t.ExpectAbsent(1, EVFILT_USER);
                t.ExpectAbsent(1, EVFILT_TIMER);
                t.Add(reader, EVFILT_READ);
                t.ExpectAbsent(reader, EVFILT_WRITE);
                t.Delete(reader, EVFILT_READ);
                t.ExpectAbsent(reader, EVFILT_READ);
            }),

        new("CORE-DEL-004",
            "EV_DELETE ignores fflags, data, udata.",
            "FreeBSD kern_event.c kqueue_register",
            t =>
            {
                var (reader, _) = t.Pipe();
                t.Add(reader, EVFILT_READ, udata: 1);
                t.Change(reader, EVFILT_READ, EV_DELETE, uint.MaxValue, long.MinValue, 2);
                t.ExpectAbsent(reader, EVFILT_READ);
                t.Add(1, EVFILT_TIMER, 0, NOTE_SECONDS, 1000, udata: 1);
                t.Change(1, EVFILT_TIMER, EV_DELETE, uint.MaxValue, -1, 2);
                t.ExpectAbsent(1, EVFILT_TIMER);
            }),

        new("CORE-DEL-005",
            "EV_DELETE works on a disabled registration.",
            "FreeBSD kern_event.c kqueue_register",
            t =>
            {
                var (reader, _) = t.Pipe(bytes: 1);
                t.Add(reader, EVFILT_READ, EV_DISABLE);
                t.Delete(reader, EVFILT_READ);
                t.ExpectAbsent(reader, EVFILT_READ);
                t.Add(reader, EVFILT_READ);
                t.Expect(reader, EVFILT_READ, data: 1);
            }),

        new("CORE-DEL-006",
            "EV_DELETE while other threads wait in kevent() does not wake them or return a partial event.",
            "libkqueue test threading.c",
            t =>
            {
                var (reader, writer) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                t.AddUsers(2);
                Waiter waiter = t.Wait();
                t.Delete(reader, EVFILT_READ);
                t.Delete(1, EVFILT_USER);
                writer.Write(1);
                waiter.ExpectWaiting();
                t.Trigger(2);
                waiter.Expect(2);
            }),

        new("CORE-DEL-007",
            "{DELETE x, ADD x} in one call yields a fresh registration with new flags and no leftover state.",
            "FreeBSD kern_event.c kqueue_register",
            t =>
            {
                var (reader, _) = t.Pipe(bytes: 5);
                t.Add(reader, EVFILT_READ, EV_DISABLE, udata: 1);
                t.Add(1, EVFILT_USER, 0, udata: 1);
                t.Trigger(1, NOTE_FFCOPY | 7, 7);
                t.Change(
                [
                    new(reader, EVFILT_READ, EV_DELETE), new(reader, EVFILT_READ, EV_ADD | EV_ONESHOT, 0, 0, 2),
                    new(1, EVFILT_USER, EV_DELETE), new(1, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0, 2),
                ]);
                t.Expect(reader, EVFILT_READ, EV_ONESHOT, data: 5, udata: 2);
                t.ExpectAbsent(reader, EVFILT_READ);
                t.ExpectNone();
                t.Trigger(1, udata: 2);
                t.Expect(1, EVFILT_USER, EV_CLEAR, fflags: 0, data: 0, udata: 2);
            }),
    ]);
}
