namespace LibKqueueSharp.Conformance.Clauses;

internal static class ReadingDevices
{
    private const string NullDevice = "/dev/null";

    public static ClauseGroup Group { get; } = new("7.5", "EVFILT_READ: terminals, devices, others",
    [
        new("READ-TTY-001",
            "tty or pty slave: fires when input can be read; data is the number of readable bytes (a whole line in canonical mode).",
            "FreeBSD tty.c tty_kqops_read_event",
            t =>
            {
                (Descriptor master, Descriptor slave) = t.Terminal();
                t.Add(slave, EVFILT_READ);
                master.Write(2);
                t.ExpectNone();
                master.WriteLine();
                t.Expect(slave, EVFILT_READ, EventFlags.None, data: 3);
                slave.Read(3);
                t.ExpectNone();
            }),

        new("READ-TTY-002",
            "Hang-up (tty gone or zombie, e.g. master closed): EV_EOF.",
            "FreeBSD tty.c tty_kqops_read_event",
            ClauseDialects.FreeBsd,
            t =>
            {
                (Descriptor master, Descriptor slave) = t.Terminal();
                t.Add(slave, EVFILT_READ);
                t.ExpectNone();
                master.Close();
                t.Expect(slave, EVFILT_READ, EV_EOF);
                t.Expect(slave, EVFILT_READ, EV_EOF);
            }),

        new("READ-PTY-001",
            "pty master: fires when slave output is available.",
            "OpenBSD regress/sys/kern/kqueue/kqueue-pty.c",
            t =>
            {
                (Descriptor master, Descriptor slave) = t.Terminal();
                t.Add(master, EVFILT_READ);
                t.ExpectNone();
                slave.Write(3);
                t.Expect(master, EVFILT_READ, EventFlags.None, data: 3);
                master.Read(3);
                t.ExpectNone();
            }),

        new("READ-DEV-001",
            "Devices that are always ready (null device and the like) fire with data 0 where supported through a seltrue filter.",
            "NetBSD and OpenBSD kern_event.c seltrue_kqfilter, filt_seltrue",
            ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                Descriptor device = t.Open(NullDevice);
                t.Add(device, EVFILT_READ);
                t.Expect(device, EVFILT_READ, EventFlags.None, data: 0);
                t.Expect(device, EVFILT_READ, EventFlags.None, data: 0);
            }),

        new("READ-DEV-002",
            "A device driver without kqueue support refuses registration (FreeBSD ENODEV, as its null device does; NetBSD EOPNOTSUPP documented).",
            "FreeBSD dev/null/null.c, kern_conf.c no_kqfilter",
            ClauseDialects.FreeBsd,
            t =>
            {
                Descriptor device = t.Open(NullDevice);
                t.ExpectErrno(Errno.ENODEV, device, EVFILT_READ, EV_ADD);
                t.ExpectAbsent(device, EVFILT_READ);
            }),

        new("READ-DEV-003",
            "macOS: a device that cannot report a byte count attaches only with NOTE_LOWAT and data 1.",
            "xnu kqueue(2) Device nodes",
            ClauseDialects.MacOs,
            t =>
            {
                Descriptor device = t.Open(NullDevice);
                t.ExpectErrno(Errno.EINVAL, device, EVFILT_READ, EV_ADD);
                t.ExpectErrno(Errno.EINVAL, device, EVFILT_READ, EV_ADD, NOTE_LOWAT, 2);
                t.Add(device, EVFILT_READ, 0, NOTE_LOWAT, 1);
                t.Expect(device, EVFILT_READ, EventFlags.None, data: 1);
            }),

        Clause.NotObservable("READ-BPF-001",
            "BPF: fires when the buffer is full, the timeout expired, or immediate mode has data; data is the byte count.",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            "only the superuser can attach a BPF device to an interface, and what arrives there is not the program's own"),

        new("READ-EVFD-001",
            "eventfd: fires when the counter > 0; data is the counter (cast to uint64).",
            "FreeBSD sys_eventfd.c filt_eventfdread",
            ClauseDialects.FreeBsd,
            t =>
            {
                Descriptor counter = t.EventCounter(3);
                t.Add(counter, EVFILT_READ);
                t.Expect(counter, EVFILT_READ, EventFlags.None, data: 3);
                counter.Read(sizeof(ulong));
                t.ExpectNone();
                counter.AddToCounter(2);
                t.Expect(counter, EVFILT_READ, EventFlags.None, data: 2);
            }),
    ]);
}
