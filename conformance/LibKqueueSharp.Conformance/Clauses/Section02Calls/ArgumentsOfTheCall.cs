namespace LibKqueueSharp.Conformance.Clauses;

internal static class ArgumentsOfTheCall
{
    private const string SpansHaveNoNegativeLength = "the contract takes spans, whose length is never negative";
    private const string SpansAreMemory = "the contract takes spans, which are memory that exists";

    public static ClauseGroup Group { get; } = new("2.1", "Descriptor, lists and counts",
    [
        new("CALL-FD-001",
            "kq not open: -1, EBADF, nothing applied.",
            "FreeBSD kqueue(2) ERRORS; recorded on FreeBSD 13, NetBSD 7 and OpenBSD 5.1 (scenario bad_args)",
            t =>
            {
                const int NeverOpen = int.MaxValue;
                foreach (long number in (long[])[NeverOpen, -1])
                    t.Equal(Errno.EBADF, ErrnoOfCallOn(t, number), $"the error of kevent on {number}");
            }),

        new("CALL-FD-002",
            "kq open but not a queue: FreeBSD 14 returns EINVAL; FreeBSD 13 as recorded, NetBSD, OpenBSD, DragonFly and macOS return EBADF.",
            "FreeBSD kern_event.c kqueue_acquire; OpenBSD sys_kevent; NetBSD kevent1; xnu kevent_get_kqfile; recorded on FreeBSD 13 (scenario bad_args)",
            t =>
            {
                Errno error = ErrnoOfCallOn(t, t.Pipe(bytes: 1).Reader.Number);
                Errno newFreeBsd = error == Errno.EINVAL ? error : Errno.EBADF;
                t.Equal(t.ByDialect(newFreeBsd, Errno.EBADF, Errno.EBADF, Errno.EBADF), error, "the error of kevent on a pipe");
            }),

        new("CALL-NCH-001",
            "nchanges == 0 ignores the changelist pointer (NULL or garbage).",
            "FreeBSD kern_event.c kqueue_kevent",
            t =>
            {
                t.AddUsers(1);
                t.Trigger(1);
                KEvent[] events = new KEvent[2];
                t.Equal(1, CallWithoutChanges(t.Queue.Backend, events), "the number of events");
            }),

        Clause.NotObservable("CALL-NCH-002",
            "nchanges < 0: FreeBSD EINVAL; OpenBSD and macOS treat it as 0; NetBSD's parameter is size_t; DragonFly UNVERIFIED.",
            SpansHaveNoNegativeLength),

        new("CALL-NCH-003",
            "Changes are applied strictly in array order, before any event is collected.",
            "FreeBSD kqueue(2) DESCRIPTION; FreeBSD kern_event.c kqueue_kevent; recorded on FreeBSD 13, NetBSD 7 and OpenBSD 5.1 (scenario changelist_and_events)",
            t =>
            {
                KEvent add = new(1, EVFILT_USER, EV_ADD), delete = new(1, EVFILT_USER, EV_DELETE);
                t.Change(add, delete, add);
                t.ExpectRegistered(1, EVFILT_USER);
                t.Change(delete, add, delete);
                t.ExpectAbsent(1, EVFILT_USER);

                KEvent trigger = new(1, EVFILT_USER, 0, NOTE_TRIGGER, 0, 7);
                KEvent e = t.Call([add, trigger], 4, KeventTimeout.Zero).MustReturn(1)[0];
                t.Equal(7, e.UData, "udata");
                t.Call([delete], 4, KeventTimeout.Zero).MustReturn(0);
            }),

        new("CALL-NCH-004",
            "More than 8 changes in one call all take effect (kernels copy them in batches).",
            "FreeBSD kern_event.c kqueue_kevent KQ_NEVENTS",
            t =>
            {
                const int Count = 100;
                t.Change([.. Users(Count, EV_ADD | EV_CLEAR)]);
                if (t.Queue.Backend.KnoteCount is >= 0 and int registrations)
                    t.Equal(Count, registrations, "the number of registrations");
                t.Change([.. Users(Count, 0, NOTE_TRIGGER)]);
                KEvent[] events = t.Collect(room: 2 * Count);
                t.Equal(Count, events.DistinctBy(e => e.Ident).Count(), "the number of idents");
            }),

        new("CALL-NEV-001",
            "nevents == 0 returns 0 at once after applying changes, whatever the timeout (NULL included).",
            "FreeBSD kqueue(2) DESCRIPTION; FreeBSD kern_event.c kqueue_scan; recorded on FreeBSD 13, NetBSD 7 and OpenBSD 5.1 (scenario max_zero)",
            t =>
            {
                t.Call([], 0, KeventTimeout.Infinite).MustReturn(0);
                t.Call([new KEvent(1, EVFILT_USER, EV_ADD)], 0, KeventTimeout.Infinite).MustReturn(0);
                t.ExpectRegistered(1, EVFILT_USER);
                t.Trigger(1);
                t.Call([], 0, t.Patience).MustReturn(0);
            }),

        new("CALL-NEV-002",
            "nevents == 0 leaves pending events queued.",
            "FreeBSD kern_event.c kqueue_scan; recorded on FreeBSD 13, NetBSD 7 and OpenBSD 5.1 (scenario max_zero)",
            t =>
            {
                t.Add(t.Pipe(bytes: 1).Reader, EVFILT_READ, EV_ONESHOT);
                t.AddUsers(1);
                t.Trigger(1);
                t.Call([], 0, KeventTimeout.Zero).MustReturn(0);
                t.Call([new KEvent(2, EVFILT_USER, EV_ADD)], 0, KeventTimeout.Zero).MustReturn(0);
                t.Equal(2, t.Poll().Length, "the number of events");
            }),

        Clause.NotObservable("CALL-NEV-003",
            "nevents < 0 with no changes: FreeBSD EINVAL; OpenBSD, DragonFly, macOS return 0; NetBSD reads it as a huge size_t and may block. Nothing may be written to the eventlist.",
            SpansHaveNoNegativeLength),

        Clause.NotObservable("CALL-NEV-004",
            "nevents < 0 on FreeBSD is detected only when scanning: the changelist has already been applied when EINVAL is returned.",
            ClauseDialects.FreeBsd, SpansHaveNoNegativeLength),

        new("CALL-NEV-005",
            "The return value never exceeds nevents and array elements beyond the return value are untouched.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                t.AddUsers(3);
                t.Trigger(1);
                t.Trigger(2);
                ExpectRestUntouched(t, t.Call([], 5, KeventTimeout.Zero), 2);
                ExpectRestUntouched(t, t.Call([], 5, KeventTimeout.Zero), 0);
                t.Trigger(3);
                KEvent absent = new(9, EVFILT_USER, EV_DELETE);
                ExpectRestUntouched(t, t.Call([absent], 5, KeventTimeout.Zero), 1);
                ExpectRestUntouched(t, t.Call([], 1, KeventTimeout.Zero), 1);
            }),

        new("CALL-NEV-006",
            "With more ready events than nevents, exactly nevents are returned and the rest stay queued for the next call.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                t.AddUsers(5);
                t.Change([.. Users(5, 0, NOTE_TRIGGER)]);
                List<nuint> seen = [];
                foreach (int count in (int[])[2, 2, 1])
                    seen.AddRange(t.Call([], 2, KeventTimeout.Zero).MustReturn(count).Select(e => e.Ident));
                t.Equal(5, seen.Distinct().Count(), "the number of idents");
                t.ExpectNone();
            }),

        new("CALL-NEV-007",
            "A nevents larger than 8 returns all ready events in one call.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                t.AddUsers(20);
                t.Change([.. Users(20, 0, NOTE_TRIGGER)]);
                t.Call([], 64, KeventTimeout.Zero).MustReturn(20);
                for (int pipe = 0; pipe < 20; pipe++)
                    t.Add(t.Pipe(bytes: 1).Reader, EVFILT_READ);
                t.Call([], 64, KeventTimeout.Zero).MustReturn(20);
            }),

        Clause.NotObservable("CALL-PTR-001",
            "Unreadable changelist memory gives -1, EFAULT.",
            SpansAreMemory),

        Clause.NotObservable("CALL-PTR-002",
            "Unreadable timeout pointer gives EFAULT before anything else: on FreeBSD even when kq is not open, and with no change applied.",
            ClauseDialects.FreeBsd, "the contract takes the timeout by value"),

        Clause.NotObservable("CALL-PTR-003",
            "Unwritable eventlist when events are ready gives EFAULT; events already dequeued for that call (EV_CLEAR/EV_ONESHOT) are lost.",
            ClauseDialects.FreeBsd, SpansAreMemory),

        Clause.NotObservable("CALL-PTR-004",
            "Failure to write an error event is ignored by FreeBSD and OpenBSD but makes NetBSD return EFAULT.",
            SpansAreMemory),

        new("CALL-ALIAS-001",
            "changelist and eventlist may be the same array.",
            "FreeBSD kqueue(2) DESCRIPTION",
            t =>
            {
                t.AddUsers(2);
                KEvent[] list =
                [
                    new(1, EVFILT_USER, 0, NOTE_TRIGGER, 0, 11),
                    new(2, EVFILT_USER, 0, NOTE_TRIGGER, 0, 12),
                    new(3, EVFILT_USER, EV_ADD),
                ];
                t.Equal(2, CallInPlace(t, list), "the number of events");
                t.Equal("11 12", string.Join(' ', list.Take(2).Select(e => e.UData)), "udata of the events");
                t.ExpectRegistered(3, EVFILT_USER);
            }),

        new("CALL-ALIAS-002",
            "With one array for both and more than 8 changes of which several fail, all changes are still applied as written: error events never overtake unread changes.",
            "FreeBSD kern_event.c kqueue_kevent",
            t =>
            {
                const int Pairs = 10, Absent = 1000;
                IEnumerable<KEvent[]> pairs = Enumerable.Range(1, Pairs).Select(i => (KEvent[])
                    [new((nuint)(Absent + i), EVFILT_USER, EV_DELETE), new((nuint)i, EVFILT_USER, EV_ADD)]);
                KEvent[] list = [.. pairs.SelectMany(p => p)];
                t.Equal(Pairs, CallInPlace(t, list), "the number of records");
                for (int i = 1; i <= Pairs; i++)
                {
                    KEvent record = list[i - 1];
                    t.Check(record.Ident == (nuint)(Absent + i) && record.IsRecord && record.Data == (long)Errno.ENOENT, $"record {i} is {record}");
                    t.ExpectRegistered((nuint)i, EVFILT_USER);
                }
            }),
    ]);

    private static Errno ErrnoOfCallOn(ClauseTest t, long number)
    {
        int count = t.Numeric.Kevent(number, [new KEvent(1, EVFILT_USER, EV_ADD)], new KEvent[1], KeventTimeout.Zero, out Errno error);
        t.Equal(-1, count, $"the answer of kevent on {number}");
        return error;
    }

    // The pointer is never followed: the span has no elements.
    private static unsafe int CallWithoutChanges(BackendQueue queue, KEvent[] events) =>
        queue.Kevent(new ReadOnlySpan<KEvent>((void*)1, 0), events, KeventTimeout.Zero, null, out _);

    private static int CallInPlace(ClauseTest t, KEvent[] list)
    {
        string changes = Transcript.Text(list);
        int count = t.Queue.Backend.Kevent(list, list, KeventTimeout.Zero, null, out Errno error);
        t.Transcript.Write($"kevent in place ({changes}) = {count} ({error}) {Transcript.Text(list)}");
        return count;
    }

    private static IEnumerable<KEvent> Users(int count, EventFlags flags, uint fflags = 0) =>
        Enumerable.Range(1, count).Select(i => new KEvent((nuint)i, EVFILT_USER, flags, fflags));

    private static void ExpectRestUntouched(ClauseTest t, CallResult result, int count)
    {
        result.MustReturn(count);
        t.Check(result.Buffer.Skip(count).All(e => e == TestQueue.Sentinel), $"beyond {count} elements it wrote {Transcript.Text(result.Buffer)}");
    }
}
