namespace LibKqueueSharp.Conformance.Clauses;

internal static class ErrorsInTheChangelist
{
    private const uint UnknownTimerNotes = 0x8000 | NOTE_SECONDS | NOTE_USECONDS;

    private static readonly KEvent s_bad = new(99, EVFILT_USER, EV_DELETE, 5, 6, 7);

    public static ClauseGroup Group { get; } = new("2.2", "Errors in the changelist",
    [
        new("CALL-ERR-001",
            "A failing change with room in the eventlist produces an event with flags EV_ERROR, data=errno, and ident, filter, udata as given; kevent() returns the number of such events.",
            "FreeBSD kqueue(2) RETURN VALUES; FreeBSD kern_event.c kqueue_kevent; recorded on FreeBSD 13, NetBSD 7 and OpenBSD 5.1 (scenario changelist_errors_with_room)",
            t =>
            {
                t.ExpectRecord(Errno.ENOENT, s_bad);
                KEvent timer = new(1, EVFILT_TIMER, EV_ADD, UnknownTimerNotes, 1, 8);
                KEvent[] records = t.Call([s_bad, timer], 4, KeventTimeout.Zero).MustReturn(2);
                CheckRecord(t, records[0], s_bad, Errno.ENOENT);
                CheckRecord(t, records[1], timer, Errno.EINVAL);
            }),

        new("CALL-ERR-002",
            "In that event flags is exactly EV_ERROR (all other bits cleared) on F,N,O,D; on macOS EV_ERROR is OR-ed into the caller's flags.",
            "FreeBSD, OpenBSD, NetBSD, DragonFly kern_event.c; xnu kevent_internal",
            t =>
            {
                const EventFlags Given = EV_ENABLE | EV_CLEAR;
                KEvent record = t.ExpectRecord(Errno.ENOENT, s_bad with { Flags = Given });
                t.Equal(t.ByDialect(EV_ERROR, EV_ERROR, EV_ERROR, EV_ERROR | Given), record.Flags, "the flags of the record");
            }),

        new("CALL-ERR-003",
            "Processing continues with the following changes after an error that was reported in the eventlist.",
            "FreeBSD kern_event.c kqueue_kevent; recorded on FreeBSD 13, NetBSD 7 and OpenBSD 5.1 (scenario changelist_errors_with_room)",
            t =>
            {
                t.Call([s_bad, new KEvent(1, EVFILT_USER, EV_ADD), s_bad, new KEvent(2, EVFILT_USER, EV_ADD)], 4, KeventTimeout.Zero).MustReturn(2);
                t.ExpectRegistered(1, EVFILT_USER);
                t.ExpectRegistered(2, EVFILT_USER);
            }),

        new("CALL-ERR-004",
            "A failing change without room (nevents==0) makes kevent() return -1 with that errno.",
            "FreeBSD kqueue(2) RETURN VALUES",
            t =>
            {
                t.Call([s_bad], 0, KeventTimeout.Infinite).MustFail(Errno.ENOENT);
                t.AddUsers(1);
                t.Trigger(1);
                t.ExpectErrno(Errno.EINVAL, 1, (EventFilter)(-100), EV_ADD);
                t.Expect(1, EVFILT_USER);
            }),

        new("CALL-ERR-005",
            "In that case earlier changes stay applied and later ones are not attempted.",
            "FreeBSD kern_event.c kqueue_kevent; xnu kevent_internal",
            t =>
            {
                t.Call(new KEvent(1, EVFILT_USER, EV_ADD), s_bad, new KEvent(2, EVFILT_USER, EV_ADD)).MustFail(Errno.ENOENT);
                t.ExpectRegistered(1, EVFILT_USER);
                t.ExpectAbsent(2, EVFILT_USER);
            }),

        new("CALL-ERR-006",
            "When room runs out part way, kevent() returns -1 with the errno of the first unreportable error; error events already written are in the array but uncounted.",
            "FreeBSD kern_event.c kqueue_kevent",
            t =>
            {
                KEvent other = new(1, EVFILT_TIMER, EV_ADD, UnknownTimerNotes, 1);
                CallResult result = t.Call([s_bad, other, new KEvent(2, EVFILT_USER, EV_ADD)], 1, KeventTimeout.Zero);
                result.MustFail(Errno.EINVAL);
                CheckRecord(t, result.Buffer[0], s_bad, Errno.ENOENT);
                t.ExpectAbsent(2, EVFILT_USER);
            }),

        new("CALL-ERR-007",
            "If any error event was produced, kevent() returns immediately: no pending event is collected and the timeout is not waited for.",
            "FreeBSD kern_event.c kqueue_kevent; xnu kevent_internal",
            t =>
            {
                t.AddUsers(1);
                t.Call([s_bad], 4, KeventTimeout.Infinite).MustReturn(1);
                t.Trigger(1);
                t.Check(t.Call([s_bad], 4, KeventTimeout.Infinite).MustReturn(1)[0].IsRecord, "an event was returned");
                t.Expect(1, EVFILT_USER);
            }),

        new("CALL-ERR-008",
            "Consequently one return never mixes error/receipt events with collected events.",
            "FreeBSD kern_event.c kqueue_kevent; xnu kevent_internal; recorded on FreeBSD 13 and NetBSD 7 (scenario receipt)",
            t =>
            {
                t.AddUsers(1);
                t.Trigger(1);
                t.Add(t.Pipe(bytes: 1).Reader, EVFILT_READ);
                KEvent receipt = new(2, EVFILT_USER, EV_ADD | EV_RECEIPT);
                foreach (KEvent[] changes in (KEvent[][])[[s_bad, receipt], [receipt, s_bad]])
                {
                    KEvent[] records = t.Call(changes, 64, KeventTimeout.Zero).MustReturn(2);
                    t.Check(records.All(r => r.IsRecord), $"the records are {Transcript.Text(records)}");
                }

                KEvent[] events = t.Poll();
                t.Check(events.Length == 2 && !events.Any(e => e.IsRecord), $"the events are {Transcript.Text(events)}");
            }),

        new("CALL-ERR-009",
            "fflags in an error event echoes the caller's fflags when the failure precedes creation of the registration, and is 0 when a new registration had been built first (attach failure or receipt).",
            "FreeBSD, NetBSD, OpenBSD kern_event.c kqueue_register; xnu kevent_internal",
            t =>
            {
                t.Equal(5u, t.ExpectRecord(Errno.ENOENT, s_bad).FFlags, "fflags of a change that built nothing");
                KEvent receipt = new(1, EVFILT_USER, EV_ADD | EV_RECEIPT, 5);
                t.Equal(t.ByDialect(0u, 0u, 0u, 5u), t.ExpectRecord(Errno.None, receipt).FFlags, "fflags of a receipt");
                KEvent timer = new(1, EVFILT_TIMER, EV_ADD, UnknownTimerNotes, 1);
                uint echoed = t.ByDialect(0u, 0u, 0u, UnknownTimerNotes);
                t.Equal(echoed, t.ExpectRecord(Errno.EINVAL, timer).FFlags, "fflags of a change that could not be attached");
            }),

        Clause.NotObservable("CALL-ERR-010",
            "DragonFly writes error events without checking nevents; with a NULL eventlist the call returns the registration errno.",
            ClauseDialects.None, "it is about DragonFly alone, which no dialect follows"),

        new("CALL-ERR-011",
            "filter == 0: FreeBSD skips the change silently (no error, no receipt); OpenBSD, DragonFly, macOS give EINVAL; on NetBSD 0 is EVFILT_READ.",
            "FreeBSD kern_event.c kqueue_kevent; OpenBSD kqueue_register; xnu kevent_register; recorded on FreeBSD 13, NetBSD 7 and OpenBSD 5.1 (scenario bad_args)",
            t =>
            {
                var (reader, _) = t.Pipe(bytes: 1);
                KEvent change = new(reader, 0, EV_ADD);
                t.ByDialect<Action>(
                    freeBsd: () =>
                    {
                        t.Call([change with { Flags = EV_ADD | EV_RECEIPT }], 4, KeventTimeout.Zero).MustReturn(0);
                        t.ExpectNone();
                    },
                    netBsd: () =>
                    {
                        t.Change(change);
                        t.Expect(reader, EVFILT_READ, data: 1);
                    },
                    openBsd: () => t.ExpectRecord(Errno.EINVAL, change),
                    macOs: () => t.ExpectRecord(Errno.EINVAL, change))();
            }),

        new("CALL-ERR-012",
            "An out-of-range filter gives EINVAL.",
            "FreeBSD kqueue(2) ERRORS; FreeBSD kern_event.c kqueue_fo_find; recorded on FreeBSD 13, NetBSD 7 and OpenBSD 5.1 (scenario bad_args)",
            t =>
            {
                var (reader, _) = t.Pipe();
                foreach (short filter in (short[])[-99, -100, short.MinValue])
                {
                    foreach (EventFlags flags in (EventFlags[])[EV_ADD, EV_DELETE, EV_ENABLE, 0])
                        t.ExpectErrno(Errno.EINVAL, reader, (EventFilter)filter, flags);
                }
            }),

        new("CALL-ERR-013",
            "A positive filter gives EINVAL.",
            "FreeBSD kern_event.c kqueue_fo_find; recorded on FreeBSD 13 and OpenBSD 5.1 (scenario bad_args)",
            ClauseDialects.FreeBsd | ClauseDialects.OpenBsd | ClauseDialects.MacOs,
            t =>
            {
                var (reader, _) = t.Pipe();
                foreach (short filter in (short[])[1, 3, 77, short.MaxValue])
                    t.ExpectErrno(Errno.EINVAL, reader, (EventFilter)filter, EV_ADD);
            }),

        new("CALL-ERR-014",
            "Input bits in EV_SYSFLAGS (EV_EOF, EV_ERROR, ...) are ignored.",
            "FreeBSD kern_event.c kqueue_kevent; OpenBSD, NetBSD, DragonFly, xnu kern_event.c",
            t =>
            {
                const EventFlags SystemFlags = (EventFlags)0xF000;
                var (reader, _) = t.Pipe(bytes: 1);
                t.Add(reader, EVFILT_READ, SystemFlags);
                t.Expect(reader, EVFILT_READ, flags: 0, data: 1);
                t.Add(1, EVFILT_USER, SystemFlags | EV_CLEAR);
                t.Change(1, EVFILT_USER, SystemFlags, NOTE_TRIGGER);
                t.Delete(reader, EVFILT_READ);
                t.Expect(1, EVFILT_USER, flags: EV_CLEAR);
            }),

        new("CALL-ERR-015",
            "EV_ENABLE|EV_DISABLE together: FreeBSD EINVAL (nothing applied); macOS disables; NetBSD, OpenBSD, DragonFly end up enabled.",
            "FreeBSD, NetBSD, OpenBSD, DragonFly kqueue_register; xnu kevent_register; recorded on FreeBSD 13, NetBSD 7 and OpenBSD 5.1 (scenario enable_and_disable_together)",
            t =>
            {
                t.Add(1, EVFILT_USER, EV_CLEAR, udata: 1);
                KEvent both = new(1, EVFILT_USER, EV_ENABLE | EV_DISABLE, NOTE_TRIGGER, 0, 2);
                Action enabled = () =>
                {
                    t.Change(both);
                    t.Expect(1, EVFILT_USER, udata: 2);
                    t.Add(2, EVFILT_USER, EV_ENABLE | EV_DISABLE);
                    t.Trigger(2);
                    t.Expect(2, EVFILT_USER);
                };
                t.ByDialect(
                    freeBsd: () =>
                    {
                        t.Call(both).MustFail(Errno.EINVAL);
                        t.ExpectNone();
                        t.ExpectErrno(Errno.EINVAL, 2, EVFILT_USER, EV_ADD | EV_ENABLE | EV_DISABLE);
                        t.ExpectAbsent(2, EVFILT_USER);
                    },
                    netBsd: enabled,
                    openBsd: enabled,
                    macOs: () =>
                    {
                        t.Change(both);
                        t.ExpectNone();
                        t.Change(1, EVFILT_USER, EV_ENABLE, udata: 3);
                        t.Expect(1, EVFILT_USER, udata: 3);
                        t.Add(2, EVFILT_USER, EV_ENABLE | EV_DISABLE);
                        t.Trigger(2);
                        t.ExpectNone();
                    })();
            }),

        new("CALL-ERR-016",
            "EV_ADD|EV_DELETE: absent registration - FreeBSD, NetBSD, OpenBSD and DragonFly create it, macOS ENOENT; present registration - FreeBSD and macOS delete it, NetBSD as recorded, OpenBSD and DragonFly modify it.",
            "FreeBSD, NetBSD, OpenBSD, DragonFly kqueue_register; xnu kevent_register; recorded on FreeBSD 13, NetBSD 7 and OpenBSD 5.1 (scenario delete_pending)",
            t =>
            {
                const EventFlags Both = EV_ADD | EV_DELETE;
                if (t.ByDialect(freeBsd: true, netBsd: true, openBsd: true, macOs: false))
                    t.Change(1, EVFILT_USER, Both);
                else
                    t.ExpectErrno(Errno.ENOENT, 1, EVFILT_USER, Both);

                var (reader, _) = t.Pipe(bytes: 2);
                t.Add(reader, EVFILT_READ, udata: 1);
                t.Change(reader, EVFILT_READ, Both, udata: 2);
                if (t.ByDialect(freeBsd: true, netBsd: false, openBsd: false, macOs: true))
                    t.ExpectAbsent(reader, EVFILT_READ);
                else
                    t.Expect(reader, EVFILT_READ, data: 2, udata: 2);
            }),

        new("CALL-ERR-017",
            "Any change without EV_ADD naming an unknown (ident,filter) gives ENOENT (DELETE, ENABLE, DISABLE, 0, NOTE_TRIGGER).",
            "FreeBSD kern_event.c kqueue_register; recorded on FreeBSD 13, NetBSD 7 and OpenBSD 5.1 (scenario delete_semantics)",
            t =>
            {
                var (reader, _) = t.Pipe();
                foreach (EventFlags flags in (EventFlags[])[EV_DELETE, EV_ENABLE, EV_DISABLE, 0])
                {
                    t.ExpectErrno(Errno.ENOENT, reader, EVFILT_READ, flags);
                    t.ExpectErrno(Errno.ENOENT, 1, EVFILT_TIMER, flags);
                    t.ExpectErrno(Errno.ENOENT, 1, EVFILT_USER, flags, NOTE_TRIGGER);
                }
            }),

        new("CALL-ERR-018",
            "For descriptor filters the descriptor is looked up first: with a closed ident every change gives EBADF on F,N,O,D; macOS looks for the registration first and gives ENOENT without EV_ADD.",
            "FreeBSD, OpenBSD, NetBSD kqueue_register; xnu kevent_register",
            t =>
            {
                Errno expected = t.ByDialect(Errno.EBADF, Errno.EBADF, Errno.EBADF, Errno.ENOENT);
                var (unregistered, registered) = t.Pipe();
                var (deleted, _) = t.Pipe();
                t.Add(registered, EVFILT_WRITE);
                t.Add(deleted, EVFILT_READ);
                foreach (Descriptor descriptor in (Descriptor[])[unregistered, registered, deleted])
                    descriptor.Close();
                t.ExpectErrno(Errno.EBADF, unregistered, EVFILT_READ, EV_ADD);
                foreach (EventFlags flags in (EventFlags[])[EV_DELETE, EV_ENABLE, EV_DISABLE, 0])
                    t.ExpectErrno(expected, unregistered, EVFILT_READ, flags);
                t.ExpectErrno(expected, deleted, EVFILT_READ, EV_DELETE);
                foreach (EventFlags flags in (EventFlags[])[EV_ENABLE, EV_DISABLE, 0])
                    t.ExpectErrno(expected, registered, EVFILT_WRITE, flags);
            }),

        new("CALL-ERR-019",
            "For descriptor filters an ident above INT_MAX gives EBADF.",
            "FreeBSD, NetBSD, OpenBSD kqueue_register; recorded on FreeBSD 13, NetBSD 7 and OpenBSD 5.1 (scenario bad_args)",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                foreach (nuint ident in (nuint[])[(nuint)int.MaxValue + 1, unchecked((nuint)(1L << 40)), nuint.MaxValue])
                {
                    foreach (EventFlags flags in (EventFlags[])[EV_ADD, EV_DELETE, EV_ENABLE, 0])
                    {
                        t.ExpectErrno(Errno.EBADF, ident, EVFILT_READ, flags);
                        t.ExpectErrno(Errno.EBADF, ident, EVFILT_WRITE, flags);
                    }
                }
            }),
    ]);

    private static void CheckRecord(ClauseTest t, KEvent record, KEvent change, Errno error) =>
        t.Check(
            record.IsRecord && record.Data == (long)error && record.Ident == change.Ident && record.Filter == change.Filter && record.UData == change.UData,
            $"the record of {change} was to tell {error}: {record}");
}
