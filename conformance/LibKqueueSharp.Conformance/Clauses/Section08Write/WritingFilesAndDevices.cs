using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

internal static class WritingFilesAndDevices
{
    public static ClauseGroup Group { get; } = new("8", "EVFILT_WRITE: files, terminals, devices",
    [
        new("WRITE-FILE-001",
            "Regular file: manuals say unsupported; NetBSD refuses it with EINVAL, the other kernels accept it and it fires always; data 0 on F,O,D and 1 on macOS.",
            "traces file_write; libkqueue test/write.c",
            t =>
            {
                Descriptor file = t.OpenFile(bytes: 10, HostOpenMode.WriteOnly);
                if (t.ByDialect(freeBsd: false, netBsd: true, openBsd: false, macOs: false))
                {
                    t.ExpectErrno(Errno.EINVAL, file, EVFILT_WRITE, EV_ADD);
                    t.ExpectNone();
                    return;
                }

                long data = t.ByDialect(freeBsd: 0, netBsd: 0, openBsd: 0, macOs: 1);
                t.Add(file, EVFILT_WRITE);
                t.Expect(file, EVFILT_WRITE, EventFlags.None, fflags: 0, data);
                t.Expect(file, EVFILT_WRITE, EventFlags.None, fflags: 0, data);
            }),

        new("WRITE-TTY-001",
            "tty: data is the output space; EV_EOF when gone.",
            "FreeBSD tty.c tty_kqops_write_event",
            ClauseDialects.FreeBsd,
            t =>
            {
                (Descriptor master, Descriptor slave) = t.Terminal();
                t.Add(slave, EVFILT_WRITE);
                KEvent e = t.Expect(slave, EVFILT_WRITE, EventFlags.None);
                t.Check(e.Data > 0, $"data was to be the output space: {e}");

                // What was written moves on to the master's side, and makes room: by a thread of the kernel's, which may be late.
                for (int full = 0; full < 5; full++)
                {
                    if (slave.Fill(chunk: 64) > 0)
                        full = 0;
                    t.Settle();
                }

                t.ExpectNone();
                master.Close();
                t.Expect(slave, EVFILT_WRITE, EV_EOF);
            }),

        Clause.NotObservable("WRITE-BPF-001",
            "BPF attached to an interface: always writable, data is the MTU (FreeBSD); OpenBSD documents WRITE on BPF as unsupported.",
            "only the superuser can attach a BPF device to an interface"),

        new("WRITE-EVFD-001",
            "eventfd: data is the largest value that can be added without blocking (cast to int64).",
            "FreeBSD sys_eventfd.c filt_eventfdwrite",
            ClauseDialects.FreeBsd,
            t =>
            {
                Descriptor counter = t.EventCounter(3);
                t.Add(counter, EVFILT_WRITE);
                t.Expect(counter, EVFILT_WRITE, EventFlags.None, data: unchecked((long)(ulong.MaxValue - 1 - 3)));
                counter.AddToCounter(long.MaxValue);
                t.Expect(counter, EVFILT_WRITE, EventFlags.None, data: long.MaxValue - 3);
            }),
    ]);
}
