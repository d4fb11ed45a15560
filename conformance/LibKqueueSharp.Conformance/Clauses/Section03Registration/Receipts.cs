namespace LibKqueueSharp.Conformance.Clauses;

internal static class Receipts
{
    private const int Room = 8;

    public static ClauseGroup Group { get; } = new("3.8", "EV_RECEIPT",
    [
        new("CORE-RCP-001",
            "EV_RECEIPT on a successful change returns an event with flags containing EV_ERROR and data 0.",
            "FreeBSD kqueue(2) EV_RECEIPT",
            t =>
            {
                t.ExpectRecord(Errno.None, AddUser(1, EV_RECEIPT));
                t.ExpectRecord(Errno.None, new(1, EVFILT_USER, EV_DISABLE | EV_RECEIPT, udata: 7));
                t.ExpectRecord(Errno.None, new(1, EVFILT_USER, EV_DELETE | EV_RECEIPT));
            }),

        new("CORE-RCP-002",
            "Exact flags: EV_ERROR alone on F,N,O,D; caller's flags | EV_ERROR on macOS (EV_ADD|EV_RECEIPT|EV_ERROR). The libkqueue test comment claiming FreeBSD keeps EV_ADD comes from its comparison helper, not from the kernel.",
            "FreeBSD kern_event.c kqueue_kevent; xnu kern_event.c kevent_internal",
            t =>
            {
                EventFlags echoed = t.ByDialect(EventFlags.None, EventFlags.None, EventFlags.None, EV_ADD | EV_RECEIPT);
                t.Equal(EV_ERROR | echoed, t.ExpectRecord(Errno.None, AddUser(1, EV_RECEIPT)).Flags, "flags");
            }),

        new("CORE-RCP-003",
            "A receipt call drains no pending events and does not wait.",
            "FreeBSD kqueue(2) EV_RECEIPT",
            t =>
            {
                KEvent record = t.Call([AddUser(1, EV_RECEIPT)], Room, KeventTimeout.Infinite).MustReturn(1)[0];
                t.Check(record.IsRecord, $"a receipt was to come: {record}");
                t.Trigger(1);
                t.ExpectRecord(Errno.None, AddUser(2, EV_RECEIPT));
                t.ExpectIdents(1);
            }),

        new("CORE-RCP-004",
            "On failure the receipt is the ordinary error event (data=errno).",
            "FreeBSD kern_event.c kqueue_kevent",
            t =>
            {
                t.ExpectRecord(Errno.ENOENT, new(1, EVFILT_USER, EV_DELETE | EV_RECEIPT, udata: 7));
                t.ExpectErrno(Errno.ENOENT, 1, EVFILT_USER, EV_DELETE | EV_RECEIPT);
            }),

        new("CORE-RCP-005",
            "No room for a receipt: F,N,O stop processing there and return 0 (the change itself was applied, later ones are not). On F this holds even when an earlier receipt of the same call was already written into the array: with two receipts and nevents=1 the first receipt is in the array yet the call returns 0. macOS applies every change, writes as many receipts as fit and returns that number.",
            "FreeBSD kern_event.c kqueue_kevent; FreeBSD kqueue(2) EV_RECEIPT; xnu kern_event.c kevent_internal; trace receipt",
            t =>
            {
                bool continues = t.ByDialect(freeBsd: false, netBsd: false, openBsd: false, macOs: true);
                t.Call([AddUser(1, EV_RECEIPT), AddUser(2)], 0, KeventTimeout.Zero).MustReturn(0);
                CallResult result = t.Call([AddUser(3, EV_RECEIPT), AddUser(4, EV_RECEIPT), AddUser(5)], 1, KeventTimeout.Zero);
                KEvent record = result.Buffer[0];
                t.Check(record is { Ident: 3, IsRecord: true, Data: 0 }, $"the first receipt was to be in the array: {record}");
                result.MustReturn(continues ? 1 : 0);
                foreach (nuint applied in (nuint[])[1, 3, 4])
                    t.ExpectRegistered(applied, EVFILT_USER);
                foreach (nuint later in (nuint[])[2, 5])
                {
                    if (continues)
                        t.ExpectRegistered(later, EVFILT_USER);
                    else
                        t.ExpectAbsent(later, EVFILT_USER);
                }
            }),

        new("CORE-RCP-006",
            "The return value is the number of receipts plus errors written.",
            "FreeBSD kern_event.c kqueue_kevent",
            t =>
            {
                KEvent absent = new(9, EVFILT_USER, EV_DELETE);
                KEvent[] records = t.Call([AddUser(1, EV_RECEIPT), absent, AddUser(2, EV_RECEIPT), AddUser(3, EV_RECEIPT)], Room, KeventTimeout.Zero).MustReturn(4);
                t.Equal("1 9 2 3", string.Join(' ', records.Select(r => r.Ident)), "the idents");
                t.Equal("None ENOENT None None", string.Join(' ', records.Select(r => r.Error)), "the errors");
            }),

        new("CORE-RCP-007",
            "EV_RECEIPT given at creation is stored and appears in later delivered flags.",
            "FreeBSD kern_event.c kqueue_register; libkqueue tests receipt_preserved",
            t =>
            {
                (Descriptor reader, _) = t.Pipe(bytes: 1);
                t.Add(reader, EVFILT_READ, EV_RECEIPT);
                t.Expect(reader, EVFILT_READ, EV_RECEIPT, data: 1);
                t.Expect(reader, EVFILT_READ, EV_RECEIPT, data: 1);
            }),

        new("CORE-RCP-008",
            "Mixing receipt and plain changes: only receipt ones and failures are reported.",
            "FreeBSD kern_event.c kqueue_kevent",
            t =>
            {
                KEvent absent = new(9, EVFILT_USER, EV_DELETE);
                KEvent[] records = t.Call([AddUser(1), AddUser(2, EV_RECEIPT), absent, AddUser(3)], Room, KeventTimeout.Zero).MustReturn(2);
                t.Equal("2 9", string.Join(' ', records.Select(r => r.Ident)), "the idents");
                foreach (nuint ident in (nuint[])[1, 2, 3])
                    t.ExpectRegistered(ident, EVFILT_USER);
            }),
    ]);

    private static KEvent AddUser(nuint ident, EventFlags flags = EventFlags.None) => new(ident, EVFILT_USER, EV_ADD | flags, udata: (nint)ident);
}
