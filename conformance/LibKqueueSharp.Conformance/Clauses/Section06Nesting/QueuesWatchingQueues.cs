namespace LibKqueueSharp.Conformance.Clauses;

internal static class QueuesWatchingQueues
{
    public static ClauseGroup Group { get; } = new("6", "Queues watching queues",
    [
        new("NEST-001",
            "EVFILT_READ on a queue descriptor fires when the inner queue has queued events; data is their number.",
            "FreeBSD kqueue(2) Kqueues; FreeBSD, OpenBSD, NetBSD, xnu kern_event.c filt_kqueue",
            t =>
            {
                TestQueue inner = t.NewQueue();
                inner.AddUsers(3);
                t.Add(inner, EVFILT_READ, udata: 7);
                t.ExpectNone();
                inner.Trigger(1);
                inner.Trigger(3);
                t.Expect(inner, EVFILT_READ, data: 2, udata: 7);
            }),

        new("NEST-002",
            "Any filter other than EVFILT_READ on a queue gives EINVAL; NetBSD was recorded giving EPERM.",
            "FreeBSD, OpenBSD, xnu kern_event.c kqueue_kqfilter; recorded on NetBSD 7 (scenario bad_args)",
            t =>
            {
                TestQueue inner = t.NewQueue();
                t.ExpectErrno(t.ByDialect(Errno.EINVAL, Errno.EPERM, Errno.EINVAL, Errno.EINVAL), inner, EVFILT_WRITE, EV_ADD);
                t.ExpectAbsent(inner, EVFILT_WRITE);

                // Recorded of EVFILT_WRITE alone.
                if (t.ByDialect(freeBsd: false, netBsd: true, openBsd: false, macOs: false))
                    return;
                foreach (EventFilter filter in ((EventFilter[])[EVFILT_VNODE, EVFILT_EMPTY, EVFILT_EXCEPT]).Where(t.Capabilities.Supports))
                {
                    t.ExpectErrno(Errno.EINVAL, inner, filter, EV_ADD, NOTE_DELETE);
                    t.ExpectAbsent(inner, filter);
                }
            }),

        new("NEST-003",
            "A queue watching itself: EINVAL on FreeBSD and macOS. NetBSD and OpenBSD were recorded accepting it, and NetBSD aborts when an event arrives.",
            "FreeBSD kern_event.c kqueue_register; xnu kern_event.c kqueue_kqfilter",
            ClauseDialects.FreeBsd | ClauseDialects.MacOs,
            t =>
            {
                t.ExpectErrno(Errno.EINVAL, t.Queue, EVFILT_READ, EV_ADD);
                t.ExpectAbsent(t.Queue, EVFILT_READ);
                t.AddUsers(1);
                t.Trigger(1);
                t.Expect(1, EVFILT_USER);
                t.ExpectNone();
            }),

        new("NEST-004",
            "Collecting the inner queue's events makes the outer condition false.",
            "FreeBSD kern_event.c filt_kqueue",
            t =>
            {
                TestQueue inner = t.NewQueue();
                inner.AddUsers(2);
                t.Add(inner, EVFILT_READ);
                inner.Trigger(1);
                inner.Trigger(2);
                t.Expect(inner, EVFILT_READ, data: 2);
                t.Equal(1, inner.Collect(room: 1).Length, "the number of inner events");
                t.Expect(inner, EVFILT_READ, data: 1);
                inner.Expect(2, EVFILT_USER);
                t.ExpectNone();
            }),

        new("NEST-005",
            "Activation of the outer queue may be asynchronous (deferred task), but it comes: a thread that waits in the outer queue wakes.",
            "FreeBSD kern_event.c kqueue_schedtask; OpenBSD kern_event.c kqueue_wakeup",
            t =>
            {
                TestQueue inner = t.NewQueue();
                var (reader, writer) = t.Pipe();
                inner.AddUsers(1);
                inner.Add(reader, EVFILT_READ);
                t.Add(inner, EVFILT_READ);
                Waiter first = t.Wait();
                inner.Trigger(1);
                first.Expect(inner);
                inner.Expect(1, EVFILT_USER);
                Waiter second = t.Wait();
                writer.Write(1);
                second.Expect(inner);
            }),

        new("NEST-006",
            "Propagation works through several levels.",
            "FreeBSD kern_event.c kqueue_task",
            t =>
            {
                TestQueue middle = t.NewQueue();
                TestQueue inner = t.NewQueue();
                inner.AddUsers(1);
                middle.Add(inner, EVFILT_READ);
                t.Add(middle, EVFILT_READ);
                t.ExpectNone();
                Waiter waiter = t.Wait();
                inner.Trigger(1);
                waiter.Expect(middle);
                t.Expect(middle, EVFILT_READ, data: 1);
                middle.Expect(inner, EVFILT_READ, data: 1);
                inner.Expect(1, EVFILT_USER);
                middle.ExpectNone();
                t.ExpectNone();
            }),

        new("NEST-007",
            "macOS limits nesting to 10 levels and refuses cycles, both with EINVAL in the source read. FreeBSD has no depth limit and does not detect cycles longer than one.",
            "xnu kern_event.c kqueue_kqfilter MAX_NESTED_KQ; libkqueue test kqueue.c",
            ClauseDialects.FreeBsd | ClauseDialects.MacOs,
            t =>
            {
                const int Deep = 12;
                int least = t.ByDialect(freeBsd: Deep, netBsd: 0, openBsd: 0, macOs: 9);
                int most = t.ByDialect(freeBsd: Deep, netBsd: 0, openBsd: 0, macOs: Deep - 1);
                TestQueue inner = t.NewQueue();
                inner.AddUsers(1);
                int chained = 1;
                TestQueue outermost = inner;
                Errno refusal = Errno.None;
                while (chained < Deep && refusal == Errno.None)
                {
                    TestQueue above = t.NewQueue();
                    t.Check(above.Ident != inner.Ident, "two queues have one number");
                    refusal = above.Call(new KEvent(outermost, EVFILT_READ, EV_ADD)).Error;
                    if (refusal == Errno.None)
                    {
                        outermost = above;
                        chained++;
                    }
                }

                t.Check(chained >= least && chained <= most, $"{least} to {most} queues were to be chained, and {chained} were; then came {refusal}");
                t.Check(refusal is Errno.None or Errno.EINVAL, $"a deep chain was refused with {refusal}");
                inner.Trigger(1);
                t.Equal(1, outermost.Collect().Length, "the number of events of the outermost queue");

                TestQueue one = t.NewQueue();
                TestQueue other = t.NewQueue();
                one.Add(other, EVFILT_READ);
                Errno circle = t.ByDialect(freeBsd: Errno.None, netBsd: Errno.None, openBsd: Errno.None, macOs: Errno.EINVAL);
                t.Equal(circle, other.Call(new KEvent(one, EVFILT_READ, EV_ADD)).Error, "the error of a circle");
            }),

        new("NEST-008",
            "Closing the inner queue removes the registration from the outer one.",
            "FreeBSD kern_event.c knote_fdclose",
            t =>
            {
                TestQueue inner = t.NewQueue();
                nuint ident = inner;
                inner.AddUsers(1);
                t.Add(inner, EVFILT_READ);
                inner.Trigger(1);
                t.Expect(ident, EVFILT_READ, data: 1);
                var (idle, _) = t.Pipe();
                inner.Close();
                t.ExpectNone();
                t.ExpectAbsent(idle.DuplicateAt((long)ident), EVFILT_READ);
            }),
    ]);
}
