namespace LibKqueueSharp.Conformance.Clauses;

internal static class ProcessDescriptors
{
    private const EventFlags Over = EV_EOF | EV_ONESHOT | EV_CLEAR;
    private const string NotYet = "FreeBSD has it since 2026, in no release, and the dialect follows FreeBSD 15";

    public static ClauseGroup Group { get; } = new("12", "EVFILT_PROCDESC",
    [
        new("PDESC-001",
            "ident is a process descriptor (pdfork()); NOTE_EXIT fires with data = wait status and EV_EOF|EV_ONESHOT.",
            "FreeBSD kqueue(2) EVFILT_PROCDESC; sys_procdesc.c procdesc_kqops_event",
            ClauseDialects.FreeBsd,
            t =>
            {
                Child child = t.NewChild(exitCode: 3);
                Descriptor descriptor = child.Open();
                t.Add(descriptor, EVFILT_PROCDESC, fflags: NOTE_EXIT, udata: 5);
                t.ExpectNone();
                child.End();
                t.Expect(descriptor, EVFILT_PROCDESC, flags: Over, fflags: NOTE_EXIT, data: 3 << 8, udata: 5);
                t.ExpectAbsent(descriptor, EVFILT_PROCDESC);
            }),

        new("PDESC-002",
            "Registering after the process has exited fires at once.",
            "FreeBSD sys_procdesc.c procdesc_kqops_event",
            ClauseDialects.FreeBsd,
            t =>
            {
                Child child = t.NewChild(exitCode: 3);
                Descriptor descriptor = child.Open();
                child.EndWatched();
                t.Add(descriptor, EVFILT_PROCDESC, fflags: NOTE_EXIT);
                KEvent[] events = t.Poll();
                t.Check(events is [{ FFlags: NOTE_EXIT, Data: 3 << 8 }], $"its exit was to be there: {Transcript.Text(events)}");
            }),

        new("PDESC-003",
            "EV_CLEAR is automatic.",
            "FreeBSD sys_procdesc.c procdesc_kqfilter",
            ClauseDialects.FreeBsd,
            t =>
            {
                Child child = t.NewChild();
                Descriptor descriptor = child.Open();
                t.Add(descriptor, EVFILT_PROCDESC, fflags: NOTE_EXIT);
                child.End();
                KEvent e = t.Expect(descriptor, EVFILT_PROCDESC);
                t.Check((e.Flags & EV_CLEAR) != 0, $"it was to carry EV_CLEAR: {e}");
            }),

        new("PDESC-004",
            "Any other filter on a process descriptor: EINVAL; EVFILT_PROCDESC on another descriptor type: EINVAL.",
            "FreeBSD sys_procdesc.c procdesc_kqfilter",
            ClauseDialects.FreeBsd,
            t =>
            {
                var (reader, _) = t.Pipe();
                Descriptor descriptor = t.NewChild().Open();
                t.ExpectErrno(Errno.EINVAL, reader, EVFILT_PROCDESC, EV_ADD, NOTE_EXIT);
                t.ExpectErrno(Errno.EINVAL, descriptor, EVFILT_VNODE, EV_ADD, NOTE_DELETE);
                t.ExpectErrno(Errno.EINVAL, descriptor, EVFILT_READ, EV_ADD);
            }),

        new("PDESC-005",
            "Exit with nothing requested: dropped silently.",
            "FreeBSD sys_procdesc.c procdesc_kqops_event",
            ClauseDialects.FreeBsd,
            t =>
            {
                Child child = t.NewChild();
                Descriptor descriptor = child.Open();
                t.Add(descriptor, EVFILT_PROCDESC);
                child.EndWatched();
                t.ExpectNone();
                t.ExpectAbsent(descriptor, EVFILT_PROCDESC);
            }),

        Clause.NotObservable("PDESC-006",
            "NOTE_FORK reports data = pid of the latest child (advisory); with NOTE_EXIT also pending data is the exit status. NOTE_TRACK not supported.",
            ClauseDialects.FreeBsd, NotYet),

        Clause.NotObservable("PDESC-007",
            "NOTE_PDSIGCHLD fires on stop/continue/trace/exit changes visible to pdwait().",
            ClauseDialects.FreeBsd, NotYet),
    ]);
}
