namespace LibKqueueSharp.Conformance.Clauses;

internal static class CreatingQueues
{
    private const string NoFlags = "the contract creates queues without flags";

    public static ClauseGroup Group { get; } = new("1", "Creating queues",
    [
        new("KQ-NEW-001",
            "kqueue() returns a new descriptor >= 0 that is the lowest free number and refers to an empty queue: kevent(kq,NULL,0,buf,1,{0,0}) returns 0.",
            "FreeBSD kqueue(2) DESCRIPTION; FreeBSD kern_event.c kern_kqueue",
            t =>
            {
                t.Call([], 1, KeventTimeout.Zero).MustReturn(0);
                if (t.Host.Descriptors.DuplicateAt(-1, -1).Unsupported is { } reason)
                    t.NotApplicable(reason);
                t.Check(Enumerable.Range(0, 10).Any(_ => TakesLowestNumber(t)), "of ten queues none got the lowest free number");
            }),

        new("KQ-NEW-002",
            "The queue descriptor is open for both reading and writing (fcntl F_GETFL access mode O_RDWR).",
            "FreeBSD kern_event.c kern_kqueue_alloc; OpenBSD dokqueue; NetBSD kqueue1",
            t =>
            {
                const long AccessMode = 3, ReadWrite = 2;
                long flags = t.Must("fcntl(F_GETFL)", t.QueueDescriptors.StatusFlags(t.Queue.Backend.Descriptor));
                t.Equal(ReadWrite, flags & AccessMode, "the access mode");
            }),

        new("KQ-NEW-003",
            "Two queues are independent: a registration in one is invisible in the other (EV_DELETE in the other gives ENOENT).",
            "FreeBSD kern_event.c kqueue_register",
            t =>
            {
                TestQueue other = t.NewQueue();
                t.AddUsers(1);
                other.ExpectAbsent(1, EVFILT_USER);
                t.Trigger(1);
                other.ExpectNone();
                t.Expect(1, EVFILT_USER);
            }),

        new("KQ-NEW-004",
            "kqueue() fails with EMFILE when the per-process descriptor table is full and ENFILE when the system table is full; no descriptor is leaked.",
            "FreeBSD kqueue(2) ERRORS",
            t =>
            {
                const int Attempts = 4;
                Errno error = Errno.None;
                for (int room = 0; room == 0 || error != Errno.None; room++)
                {
                    long free = LowestFreeNumber(t);
                    for (int attempt = 0; attempt < Attempts && (attempt == 0 || error != Errno.None); attempt++)
                    {
                        t.Must($"with room for {room}", t.Host.Descriptors.WithRoomFor(room, () => error = TryCreate(t)));
                        t.Check(room > 0 || attempt > 0 || error != Errno.None, "a queue was created without a free number");
                        t.Check(error is Errno.None or Errno.EMFILE, $"with room for {room} descriptors there came {error}");
                    }

                    t.Check(LowestFreeNumber(t) < free + Attempts, $"with room for {room} descriptors, failing {Attempts} times leaked");
                }
            }),

        Clause.NotObservable("KQ-NEW-005",
            "kqueue() fails with ENOMEM when RLIMIT_KQUEUES for the real user would be exceeded; closing one queue makes the next call succeed.",
            ClauseDialects.FreeBsd, "the contract knows no limit of queues for a user"),

        Clause.NotObservable("KQ-NEW-006",
            "kqueuex(0) behaves exactly as kqueue().",
            ClauseDialects.FreeBsd, NoFlags),

        Clause.NotObservable("KQ-NEW-007",
            "kqueuex(KQUEUE_CLOEXEC) sets FD_CLOEXEC; kqueue() does not.",
            ClauseDialects.FreeBsd, NoFlags + "; its descriptors are always close-on-exec"),

        Clause.NotObservable("KQ-NEW-008",
            "kqueuex() with any bit outside KQUEUE_CLOEXEC|KQUEUE_CPONFORK returns -1 with EINVAL.",
            ClauseDialects.FreeBsd, NoFlags),

        new("KQ-NEW-009",
            "kqueue1(O_CLOEXEC) sets FD_CLOEXEC.",
            "FreeBSD kqueue(2) DESCRIPTION; OpenBSD sys_kqueue1; NetBSD kqueue1",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t => t.Equal(1, t.Must("fcntl(F_GETFD)", t.QueueDescriptors.IsCloseOnExec(t.Queue.Backend.Descriptor)), "FD_CLOEXEC")),

        Clause.NotObservable("KQ-NEW-010",
            "kqueue1() with an unknown flag: EINVAL on OpenBSD; NetBSD silently ignores it.",
            ClauseDialects.NetBsd | ClauseDialects.OpenBsd, NoFlags),

        Clause.NotObservable("KQ-NEW-011",
            "kqueue1(O_NONBLOCK) is accepted and recorded in F_GETFL but does not make kevent() non-blocking.",
            ClauseDialects.NetBsd | ClauseDialects.OpenBsd, NoFlags),

        Clause.NotObservable("KQ-NEW-012",
            "kqueue1(O_NOSIGPIPE) is accepted; it has no effect on kevent(). This is the only thing found that resembles a \"KQUEUE_NOSIGPIPE\"; no constant of that name exists in any header read.",
            ClauseDialects.NetBsd, NoFlags),
    ]);

    // Another thread of the process may take the number first.
    private static bool TakesLowestNumber(ClauseTest t)
    {
        long free = LowestFreeNumber(t);
        return t.NewQueue() <= (nuint)free;
    }

    private static long LowestFreeNumber(ClauseTest t)
    {
        var (reader, writer) = t.Pipe();
        reader.Close();
        writer.Close();
        return reader.Number;
    }

    private static Errno TryCreate(ClauseTest t)
    {
        TestQueue? queue = null;
        try
        {
            queue = t.NewQueue();
            _ = queue.Ident;
            return Errno.None;
        }
        catch (KqueueException e)
        {
            return e.Error;
        }
        finally
        {
            queue?.Close();
        }
    }
}
