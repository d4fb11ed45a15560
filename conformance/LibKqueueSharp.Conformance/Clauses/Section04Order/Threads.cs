namespace LibKqueueSharp.Conformance.Clauses;

internal static class Threads
{
    public static ClauseGroup Group { get; } = new("4", "Threads",
    [
        new("THR-001",
            "Several threads may wait in kevent() on one queue; an arriving event wakes a waiter.",
            "FreeBSD kern_event.c kqueue_wakeup",
            t =>
            {
                t.AddUsers(1);
                List<Waiter> waiters = [.. t.WaitTogether(3)];
                while (waiters.Count > 0)
                {
                    t.Trigger(1);
                    Waiter woken = t.ExpectOneReturns(waiters);
                    woken.Expect(1);
                    waiters.Remove(woken);
                }
            }),

        new("THR-002",
            "EV_CLEAR, EV_ONESHOT and EV_DISPATCH events are returned to exactly one thread per activation.",
            "libkqueue test threading.c",
            t =>
            {
                foreach (EventFlags flag in (EventFlags[])[EV_CLEAR, EV_ONESHOT, EV_DISPATCH])
                {
                    TestQueue queue = t.NewQueue();
                    queue.Add(1, EVFILT_USER, flag);
                    Waiter[] waiters = queue.WaitTogether(4);
                    queue.Trigger(1);
                    t.ExpectOneReturns(waiters).Expect(1);
                }
            }),

        new("THR-003",
            "A level-triggered event may be returned to several threads.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                Waiter[] waiters = t.WaitTogether(4);
                writer.Write(1);
                foreach (Waiter waiter in waiters)
                    waiter.Expect(reader);
            }),

        new("THR-004",
            "N distinct events and N waiting threads each asking for 1: all N are delivered with none lost.",
            "FreeBSD kern_event.c kqueue_wakeup",
            t =>
            {
                const int Count = 6;
                t.AddUsers(Count);
                Waiter[] waiters = t.WaitTogether(Count);
                t.Together(Count, i => t.Trigger((nuint)i + 1));
                IEnumerable<nuint> idents = waiters.Select(w => w.Result().MustReturn(1)[0].Ident).Order();
                t.Equal("1 2 3 4 5 6", string.Join(' ', idents), "the idents");
            }),

        new("THR-005",
            "Changes made by one thread take effect for threads already blocked in kevent() on the same queue.",
            "FreeBSD kern_event.c knote_enqueue, kqueue_wakeup",
            t =>
            {
                Waiter waiter = t.Wait();
                (Descriptor reader, _) = t.Pipe(bytes: 3);
                t.Add(reader, EVFILT_READ);
                t.Equal(3, waiter.Expect(reader).Data, "data");
            }),

        new("THR-006",
            "NOTE_TRIGGER from another thread wakes a blocked waiter.",
            "libkqueue test user.c",
            t =>
            {
                t.AddUsers(1);
                Waiter waiter = t.Wait();
                t.Trigger(1, data: 7);
                t.Equal(7, waiter.Expect(1).Data, "data");
            }),

        new("THR-007",
            "EV_DELETE racing with delivery ends in either one delivery or none, never a crash or a stale later delivery.",
            "libkqueue test threading.c",
            t =>
            {
                const int Rounds = 2000;
                int deleted = 0;
                bool done = false;
                void Delete()
                {
                    for (int round = 1; round <= Rounds; round++)
                    {
                        t.Queue.ChangeQuietly(new KEvent(1, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0, round));
                        t.Queue.ChangeQuietly(new KEvent(1, EVFILT_USER, 0, NOTE_TRIGGER, 0, round));
                        t.Queue.ChangeQuietly(new KEvent(1, EVFILT_USER, EV_DELETE));
                        Volatile.Write(ref deleted, round);
                    }

                    Volatile.Write(ref done, true);
                }

                void Collect()
                {
                    nint last = 0;
                    while (!Volatile.Read(ref done))
                    {
                        int gone = Volatile.Read(ref deleted);
                        foreach (KEvent e in t.Queue.PollQuietly(4))
                        {
                            t.Check(e.UData > gone, $"registration {gone} was deleted before the call that returned {e}");
                            t.Check(e.UData > last, $"after an event of registration {last} came {e}");
                            last = e.UData;
                        }
                    }
                }

                t.Together(Delete, Collect);
                t.ExpectNone();
            }),

        new("THR-008",
            "Concurrent ADD/DELETE from many threads on distinct idents is safe.",
            "libkqueue test user.c, kqueue.c",
            t =>
            {
                const int Each = 300;
                t.Together(4, thread =>
                {
                    for (int i = 1; i <= Each; i++)
                    {
                        nuint ident = (nuint)(thread * Each + i);
                        t.Queue.ChangeQuietly(new KEvent(ident, EVFILT_USER, EV_ADD));
                        if (i % 3 != 0)
                            t.Queue.ChangeQuietly(new KEvent(ident, EVFILT_USER, EV_DELETE));
                    }
                });
                for (nuint ident = 1; ident <= 4 * Each; ident++)
                {
                    if (ident % 3 == 0)
                        t.Delete(ident, EVFILT_USER);
                    else
                        t.ExpectAbsent(ident, EVFILT_USER);
                }
            }),

        new("THR-009",
            "The knote is owned by the queue, not the thread: exit of the registering thread changes nothing.",
            "FreeBSD kern_event.c",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.OnAnotherThread(() =>
                {
                    t.Add(reader, EVFILT_READ);
                    t.AddUsers(1);
                });
                writer.Write(1);
                t.Expect(reader, EVFILT_READ, data: 1);
                reader.Read(1);
                t.Trigger(1);
                t.Expect(1, EVFILT_USER);
            }),

        new("THR-010",
            "Two scans of one queue do not both see the same queued entry: a scan meeting another thread's marker or an entry in flux waits or steps over it.",
            "FreeBSD, NetBSD, OpenBSD, DragonFly kern_event.c kqueue_scan",
            t =>
            {
                const int Entries = 500;
                KEvent[] changes = [.. Enumerable.Range(1, Entries).Select(i => new KEvent((nuint)i, EVFILT_USER, EV_ADD | EV_ONESHOT))];
                KEvent[] triggers = [.. changes.Select(c => new KEvent(c.Ident, EVFILT_USER, 0, NOTE_TRIGGER))];
                t.Queue.ChangeQuietly(changes);
                t.Queue.ChangeQuietly(triggers);
                int left = Entries;
                List<nuint>[] seen = [[], [], [], []];
                t.Together(seen.Length, thread =>
                {
                    while (Volatile.Read(ref left) > 0)
                    {
                        KEvent[] events = t.Queue.PollQuietly(3);
                        Interlocked.Add(ref left, -events.Length);
                        seen[thread].AddRange(events.Select(e => e.Ident));
                    }
                });
                t.Equal(Entries, seen.Sum(s => s.Count), "the number of events");
                t.Equal(Entries, seen.SelectMany(s => s).Distinct().Count(), "the number of idents");
            }),
    ]);
}
