namespace LibKqueueSharp.Conformance.Clauses;

internal static class ClosingQueues
{
    private const string OneObject = "a queue of the contract is an object: kevent cannot be given a duplicate of its descriptor";

    public static ClauseGroup Group { get; } = new("1", "Closing and duplicating queues",
    [
        new("KQ-CLOSE-001",
            "close(kq) drops every registration; re-creating a queue with the same number starts empty.",
            "FreeBSD kern_event.c kqueue_drain; recorded on FreeBSD 13, NetBSD 7 and OpenBSD 5.1 (scenario kq_close_detaches)",
            t =>
            {
                var (reader, _) = t.Pipe(bytes: 1);
                t.Check(Enumerable.Range(0, 10).Any(_ => CloseAndReuse(t, reader)), "of ten queues none got the number of the one that was closed before it");
            }),

        new("KQ-CLOSE-002",
            "kevent() on a closed queue descriptor returns -1, EBADF.",
            "FreeBSD kqueue(2) ERRORS; recorded on FreeBSD 13, NetBSD 7 and OpenBSD 5.1 (scenario bad_args)",
            t =>
            {
                t.AddUsers(1);
                t.Trigger(1);
                t.Queue.Close();
                t.Call([], 1, KeventTimeout.Zero).MustFail(Errno.EBADF);
                t.Call([], 1, KeventTimeout.Infinite).MustFail(Errno.EBADF);
                t.Call(new KEvent(2, EVFILT_USER, EV_ADD)).MustFail(Errno.EBADF);
                t.Call([new KEvent(2, EVFILT_USER, EV_ADD | EV_RECEIPT)], 1, KeventTimeout.Zero).MustFail(Errno.EBADF);
            }),

        new("KQ-CLOSE-003",
            "close(kq) while another thread is blocked in kevent(): FreeBSD and DragonFly do not wake the waiter (it keeps waiting until an event, signal or timeout); macOS wakes it with EBADF; OpenBSD and NetBSD wake it and the call fails with EBADF.",
            "libkqueue test threading.c; xnu kqueue_drain; OpenBSD kqueue_terminate; NetBSD kqueue_restart",
            t =>
            {
                Waiter[] waiters = t.WaitTogether(2);
                t.Queue.Close();
                foreach (Waiter waiter in waiters)
                {
                    Action expected = () => waiter.Result().MustFail(Errno.EBADF);
                    t.ByDialect(freeBsd: waiter.ExpectWaiting, netBsd: expected, openBsd: expected, macOs: expected)();
                }
            }),

        new("KQ-CLOSE-004",
            "With the queue closed by the last reference, timers, signals and process watches attached to it stop; no callback or crash follows.",
            "FreeBSD kern_event.c kqueue_drain, filt_timerdetach",
            t =>
            {
                TestQueue closed = t.NewQueue();
                for (nuint timer = 1; timer <= 100; timer++)
                    closed.Add(timer, EVFILT_TIMER, data: 1);
                if (t.Capabilities.Supports(EVFILT_SIGNAL))
                    closed.Add(1, EVFILT_SIGNAL);
                Child? child = t.Capabilities.Supports(EVFILT_PROC) ? t.NewChild() : null;
                if (child is not null)
                    closed.Add(child, EVFILT_PROC, fflags: NOTE_EXIT);
                closed.Close();
                child?.End();
                t.Sleep(20);
                t.ExpectNone();
                closed.Call([], 1, KeventTimeout.Zero).MustFail(Errno.EBADF);
            }),

        Clause.NotObservable("KQ-DUP-001",
            "dup(kq) refers to the same queue: an event registered through one is returned through the other, once in total.",
            OneObject),

        Clause.NotObservable("KQ-DUP-002",
            "Closing one of two dup'd queue descriptors keeps registrations alive.",
            OneObject),
    ]);

    /// <summary>Whether the second queue got the number of the first, which another thread may have taken.</summary>
    private static bool CloseAndReuse(ClauseTest t, Descriptor reader)
    {
        TestQueue closed = t.NewQueue();
        nuint number = closed.Ident;
        closed.AddUsers(1);
        closed.Trigger(1);
        closed.Add(reader, EVFILT_READ);
        t.Equal(2, closed.Poll().Length, "the number of events");
        closed.Trigger(1);
        closed.Close();

        TestQueue fresh = t.NewQueue();
        fresh.ExpectNone();
        fresh.ExpectAbsent(1, EVFILT_USER);
        fresh.ExpectAbsent(reader, EVFILT_READ);
        return fresh == number;
    }
}
