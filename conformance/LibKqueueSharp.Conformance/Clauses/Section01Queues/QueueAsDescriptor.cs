using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

internal static class QueueAsDescriptor
{
    private const int Seconds = 1000;

    public static ClauseGroup Group { get; } = new("1", "The queue's descriptor",
    [
        new("KQ-STAT-001",
            "fstat() on a queue reports file type FIFO (S_IFIFO).",
            "FreeBSD, NetBSD, OpenBSD, DragonFly, xnu kern_event.c kqueue_stat",
            t =>
            {
                const long FileType = 0xF000, Fifo = 0x1000;
                long mode = t.Must("fstat()", t.QueueDescriptors.Mode(t.Queue.Backend.Descriptor));
                t.Equal(Fifo, mode & FileType, "the file type");
            }),

        new("KQ-STAT-002",
            "fstat().st_size is the number of queued events on NetBSD, OpenBSD, DragonFly and macOS; always 0 on FreeBSD.",
            "FreeBSD, NetBSD, OpenBSD, DragonFly, xnu kern_event.c kqueue_stat",
            t =>
            {
                t.AddUsers(3);
                t.Trigger(1);
                t.Trigger(3);
                long size = t.Must("fstat()", t.QueueDescriptors.Size(t.Queue.Backend.Descriptor));
                t.Equal(t.ByDialect(freeBsd: 0, netBsd: 2, openBsd: 2, macOs: 2), size, "st_size");
            }),

        new("KQ-IO-001",
            "read() and write() on a queue fail: ENXIO on OpenBSD and DragonFly; an error on the others (FreeBSD EOPNOTSUPP, macOS ENXIO: exact numbers UNVERIFIED).",
            "OpenBSD, DragonFly kern_event.c kqueue_read, kqueue_write",
            t =>
            {
                t.AddUsers(1);
                t.Trigger(1);
                foreach (HostAnswer answer in (HostAnswer[])
                    [t.QueueDescriptors.Read(t.Queue.Backend.Descriptor), t.QueueDescriptors.Write(t.Queue.Backend.Descriptor)])
                {
                    string error = t.MustFail("read() or write()", answer);
                    t.Equal(t.ByDialect(error, error, "ENXIO", error), error, "the error of read() or write()");
                }

                t.Expect(1, EVFILT_USER);
            }),

        new("KQ-IO-002",
            "ioctl(FIOASYNC) on a queue fails with ENOTTY on FreeBSD and OpenBSD, succeeds on DragonFly (SIGIO supported).",
            "FreeBSD, OpenBSD, DragonFly kern_event.c kqueue_ioctl",
            ClauseDialects.FreeBsd | ClauseDialects.OpenBsd,
            t => t.Equal("ENOTTY", t.MustFail("ioctl(FIOASYNC)", t.QueueDescriptors.SetAsynchronous(t.Queue.Backend.Descriptor)), "the error")),

        Clause.NotObservable("KQ-IO-003",
            "KFILTER_BYNAME / KFILTER_BYFILTER map filter names and numbers both ways; unknown gives ENOENT.",
            ClauseDialects.NetBsd, "no host makes these two ioctl calls, which one system has"),

        new("KQ-POLL-001",
            "poll(POLLIN) / select(read) on a queue reports readable exactly while at least one event is queued.",
            "FreeBSD, NetBSD kern_event.c kqueue_poll; xnu kern_event.c kqueue_select",
            t =>
            {
                t.Check(!t.Queue.IsReadable(), "an empty queue was readable");
                t.Add(1, EVFILT_USER);
                t.Trigger(1);
                t.Check(t.Queue.IsReadable(), "a queue with a user event was not readable");
                t.Expect(1, EVFILT_USER);
                t.Check(t.Queue.IsReadable(), "a queue with a level-triggered event that was collected was not readable");
                t.Disable(1, EVFILT_USER);
                t.ExpectNone();
                t.Check(!t.Queue.IsReadable(), "a queue with a disabled event was readable");

                t.Add(t.Pipe(bytes: 1).Reader, EVFILT_READ, EV_ONESHOT);
                t.Check(t.Queue.IsReadable(), "a queue with a pipe's event was not readable");
                t.Collect();
                t.Check(!t.Queue.IsReadable(), "a queue whose events were collected was readable");

                t.AddTimer(2, 5, EV_ONESHOT);
                t.Check(t.Queue.IsReadable(10 * Seconds), "a queue with an expired timer was not readable");
                t.Collect();
                t.Check(!t.Queue.IsReadable(), "a queue whose timer was collected was readable");
            }),

        new("KQ-POLL-002",
            "poll(POLLOUT) on a queue never reports writable.",
            "FreeBSD, NetBSD kern_event.c kqueue_poll",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd,
            t =>
            {
                t.AddUsers(1);
                t.Check(!t.Queue.IsWritable(), "an empty queue was writable");
                t.Trigger(1);
                t.Check(!t.Queue.IsWritable(), "a queue with an event was writable");
            }),

        new("KQ-POLL-003",
            "A thread blocked in poll()/select() on the queue is woken when an event is queued.",
            "FreeBSD kern_event.c kqueue_wakeup",
            t =>
            {
                var (reader, writer) = t.Pipe();
                t.AddUsers(1);
                t.Add(reader, EVFILT_READ);
                foreach (Action cause in (Action[])[() => t.Trigger(1), () => writer.Write(1)])
                {
                    t.ExpectNone();
                    t.Together(
                        () => t.Check(t.Queue.IsReadable(10 * Seconds), "a thread in poll() was not woken"),
                        () =>
                        {
                            Waiter.Moment();
                            cause();
                        });
                    t.Collect();
                }
            }),

        new("KQ-POLL-004",
            "poll readability may be a false positive: queued knotes are only re-validated when kevent() scans them, so poll can say readable and kevent({0,0}) then return 0.",
            "FreeBSD kern_event.c kqueue_poll, kqueue_scan",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                var (reader, writer) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                for (int round = 0; round < 3; round++)
                {
                    writer.Write(1);
                    t.Check(t.Queue.IsReadable(), "a queue with an event was not readable");
                    reader.Read(1);
                    t.Queue.IsReadable();
                    t.ExpectNone();
                    t.Check(!t.Queue.IsReadable(), "a queue was readable although kevent found nothing");
                }
            }),
    ]);
}
