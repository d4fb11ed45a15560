namespace LibKqueueSharp.Conformance.Clauses;

internal static class OneShot
{
    public static ClauseGroup Group { get; } = new("3.5", "EV_ONESHOT, EV_FORCEONESHOT",
    [
        new("CORE-ONE-001",
            "EV_ONESHOT: the first retrieval removes the registration; EV_DELETE then gives ENOENT.",
            "FreeBSD kqueue(2) EV_ONESHOT",
            t =>
            {
                (Descriptor reader, _) = t.Pipe(bytes: 5);
                t.Add(reader, EVFILT_READ, EV_ONESHOT);
                t.Expect(reader, EVFILT_READ, data: 5);
                t.ExpectNone();
                t.ExpectAbsent(reader, EVFILT_READ);
            }),

        new("CORE-ONE-002",
            "Registration is removed on retrieval, not on activation: it can still be deleted or disabled while queued.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                t.Add(1, EVFILT_USER, EV_ONESHOT);
                t.Add(2, EVFILT_USER, EV_ONESHOT);
                t.Trigger(1);
                t.Trigger(2);
                t.Delete(1, EVFILT_USER);
                t.Disable(2, EVFILT_USER);
                t.ExpectNone();
                t.Enable(2, EVFILT_USER);
                t.ExpectIdents(2);
            }),

        new("CORE-ONE-003",
            "The delivered flags contain EV_ONESHOT.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                (Descriptor reader, _) = t.Pipe(bytes: 1);
                t.Add(reader, EVFILT_READ, EV_ONESHOT);
                t.Expect(reader, EVFILT_READ, EV_ONESHOT);
            }),

        new("CORE-ONE-004",
            "On F,N,O,D a queued one-shot event is returned without re-checking the condition (a drained socket still reports, with the data computed at activation); macOS re-checks and drops it.",
            "FreeBSD, NetBSD, DragonFly kern_event.c kqueue_scan; OpenBSD kern_event.c knote_process_fn; xnu kern_event.c knote_process",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.SocketPair();
                t.Add(reader, EVFILT_READ, EV_ONESHOT);
                writer.Write(5);
                reader.Read(5);
                t.Equal(t.ByDialect("5", "5", "5", ""), string.Join(' ', t.Poll().Select(e => e.Data)), "the data of the events");
            }),

        new("CORE-ONE-005",
            "After delivery the same (ident, filter) may be added again immediately.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                (Descriptor reader, _) = t.Pipe(bytes: 5);
                for (nint round = 1; round <= 3; round++)
                {
                    t.Add(reader, EVFILT_READ, EV_ONESHOT, udata: round);
                    t.Expect(reader, EVFILT_READ, EV_ONESHOT, data: 5, udata: round);
                }
            }),

        new("CORE-ONE-006",
            "EV_ONESHOT|EV_DISPATCH: one-shot wins (removed, not disabled).",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                (Descriptor reader, _) = t.Pipe(bytes: 5);
                t.Add(reader, EVFILT_READ, EV_ONESHOT | EV_DISPATCH);
                t.Expect(reader, EVFILT_READ, EV_ONESHOT | EV_DISPATCH);
                t.ExpectAbsent(reader, EVFILT_READ);
            }),

        new("CORE-ONE-007",
            "With several threads waiting, a one-shot event is returned to exactly one of them.",
            "libkqueue test threading.c",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(reader, EVFILT_READ, EV_ONESHOT);
                Waiter[] waiters = t.WaitTogether(4);
                writer.Write(1);
                t.ExpectOneReturns(waiters).Expect(reader);
                t.ExpectAbsent(reader, EVFILT_READ);
            }),

        new("CORE-FORCE-001",
            "EV_FORCEONESHOT on an existing registration makes it one-shot and queues it at once even if its condition is false.",
            "FreeBSD kern_event.c kqueue_register",
            ClauseDialects.FreeBsd,
            t =>
            {
                (Descriptor reader, _) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                t.Change(reader, EVFILT_READ, EV_FORCEONESHOT);
                t.Expect(reader, EVFILT_READ, EV_ONESHOT);
                t.ExpectAbsent(reader, EVFILT_READ);
            }),

        new("CORE-FORCE-002",
            "The forced event carries the data/fflags that the change computed, whether the condition is true or not; retrieval does not look again.",
            "FreeBSD kern_event.c kqueue_register, kqueue_scan",
            ClauseDialects.FreeBsd,
            t =>
            {
                foreach (int before in (int[])[0, 5])
                {
                    (Descriptor reader, Descriptor writer) = t.SocketPair();
                    writer.Write(before);
                    t.Add(reader, EVFILT_READ);
                    t.Change(reader, EVFILT_READ, EV_FORCEONESHOT);
                    reader.Drain();
                    t.Expect(reader, EVFILT_READ, EV_ONESHOT, fflags: 0, data: before);
                }
            }),

        new("CORE-FORCE-003",
            "EV_FORCEONESHOT on an absent registration: ENOENT; with EV_ADD of a new one it has no effect.",
            "FreeBSD kern_event.c kqueue_register",
            ClauseDialects.FreeBsd,
            t =>
            {
                t.ExpectErrno(Errno.ENOENT, 1, EVFILT_USER, EV_FORCEONESHOT);
                t.Add(1, EVFILT_USER, EV_FORCEONESHOT);
                t.ExpectNone();
                t.Trigger(1);
                t.Expect(1, EVFILT_USER, EventFlags.None);
                t.ExpectRegistered(1, EVFILT_USER);
            }),

        new("CORE-FORCE-004",
            "EV_FORCEONESHOT on a disabled registration is delivered only after EV_ENABLE.",
            "FreeBSD kern_event.c KNOTE_ACTIVATE",
            ClauseDialects.FreeBsd,
            t =>
            {
                (Descriptor reader, _) = t.Pipe();
                t.Add(reader, EVFILT_READ, EV_DISABLE);
                t.Change(reader, EVFILT_READ, EV_FORCEONESHOT);
                t.ExpectNone();
                t.Enable(reader, EVFILT_READ);
                t.Expect(reader, EVFILT_READ, EV_ONESHOT);
                t.ExpectAbsent(reader, EVFILT_READ);
            }),

        new("CORE-DROP-001",
            "EV_DROP never appears in a delivered event and cannot be set by the caller; it marks a registration to be discarded silently (process or jail gone with no requested event).",
            "FreeBSD kern_event.c kqueue_scan, filt_proc",
            ClauseDialects.FreeBsd,
            t =>
            {
                const EventFlags EV_DROP = (EventFlags)0x1000;
                t.Add(1, EVFILT_USER, EV_DROP);
                t.Change(1, EVFILT_USER, EV_DROP, NOTE_TRIGGER);
                t.Expect(1, EVFILT_USER, EventFlags.None);
                t.ExpectRegistered(1, EVFILT_USER);
            }),
    ]);
}
