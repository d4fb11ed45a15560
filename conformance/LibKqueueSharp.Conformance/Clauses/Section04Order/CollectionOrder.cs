namespace LibKqueueSharp.Conformance.Clauses;

internal static class CollectionOrder
{
    public static ClauseGroup Group { get; } = new("4", "Collection order and fairness",
    [
        new("ORD-001",
            "Events are returned in the order they were queued (activation order).",
            "FreeBSD kern_event.c knote_enqueue",
            t =>
            {
                t.AddUsers(3);
                t.Trigger(3);
                t.Trigger(1);
                t.Trigger(2);
                t.ExpectIdents(3, 1, 2);
            }),

        new("ORD-002",
            "A level-triggered event that stays true is put at the tail after delivery, so with nevents=1 all ready sources are served in turn.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                List<nuint> served = [];
                for (int pipe = 0; pipe < 3; pipe++)
                    t.Add(t.Pipe(bytes: 1).Reader, EVFILT_READ);
                for (int call = 0; call < 6; call++)
                    served.Add(t.Collect(room: 1)[0].Ident);
                t.Equal(3, served.Distinct().Count(), "the number of idents");
                t.Equal(string.Join(' ', served.Take(3)), string.Join(' ', served.Skip(3)), "the second round");
            }),

        new("ORD-003",
            "One kevent() call never returns the same registration twice (scan marker).",
            "FreeBSD kern_event.c kqueue_scan; xnu kern_event.c knote_suppress",
            t =>
            {
                (Descriptor reader, _) = t.Pipe(bytes: 1);
                t.Add(reader, EVFILT_READ);
                t.Equal(1, t.Collect(room: 10).Length, "the number of events");
                t.Equal(1, t.Poll(room: 10).Length, "the number of events");
            }),

        new("ORD-004",
            "Activity arriving while a scan runs is left for the next call rather than extending the scan without end.",
            "FreeBSD kern_event.c kqueue_scan",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                const int Sources = 3, Room = 64, Calls = 100;
                t.AddUsers(Sources);
                bool done = false;
                void Flood(int source)
                {
                    KEvent trigger = new((nuint)source + 1, EVFILT_USER, 0, NOTE_TRIGGER);
                    while (!Volatile.Read(ref done))
                        t.Queue.ChangeQuietly(trigger);
                }

                void Collect()
                {
                    try
                    {
                        for (int call = 0; call < Calls; call++)
                        {
                            KEvent[] events = t.Queue.CollectQuietly(Room, t.Patience);
                            t.Check(events.Length is > 0 and <= Sources, $"{Sources} sources gave {Transcript.Text(events)}");
                            t.Equal(events.Length, events.DistinctBy(e => e.Ident).Count(), "the number of idents in one call");
                        }
                    }
                    finally
                    {
                        Volatile.Write(ref done, true);
                    }
                }

                t.Together(Collect, () => Flood(0), () => Flood(1), () => Flood(2));
            }),

        new("ORD-005",
            "Re-triggering an already queued event does not change its place or duplicate it.",
            "FreeBSD kern_event.c KNOTE_ACTIVATE",
            t =>
            {
                t.AddUsers(2);
                t.Trigger(1);
                t.Trigger(2);
                t.Trigger(1);
                t.ExpectIdents(1, 2);
                t.ExpectNone();
            }),

        new("ORD-006",
            "Disabled events are skipped without using up nevents.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                t.AddUsers(3);
                t.Trigger(1);
                t.Trigger(2);
                t.Trigger(3);
                t.Disable(1, EVFILT_USER);
                KEvent[] events = t.Collect(room: 2);
                t.Equal("2 3", string.Join(' ', events.Select(e => e.Ident)), "the idents");
            }),

        new("ORD-007",
            "The filter is re-run at retrieval, so data/fflags are current values, not those at activation.",
            "FreeBSD kqueue(2) DESCRIPTION; FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                writer.Write(5);
                writer.Write(5);
                t.Expect(reader, EVFILT_READ, data: 10);
                reader.Read(4);
                t.Expect(reader, EVFILT_READ, data: 6);
            }),

        new("ORD-008",
            "An event whose condition no longer holds at retrieval is dropped silently and not counted.",
            "FreeBSD kqueue(2) DESCRIPTION",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                writer.Write(5);
                reader.Read(5);
                t.ExpectNone();
                writer.Write(1);
                t.Expect(reader, EVFILT_READ, data: 1);

                // It is queued again now, and has to use up no room.
                reader.Read(1);
                t.AddUsers(1);
                t.Trigger(1);
                t.Equal((nuint)1, t.Collect(room: 1)[0].Ident, "the ident");
                t.ExpectNone();
            }),
    ]);
}
