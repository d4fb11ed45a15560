namespace LibKqueueSharp.Conformance.Clauses;

internal static class WatchedProcesses
{
    // More than any of the systems numbers its processes to, Linux's 4,194,304 included.
    private const nuint TooLarge = 4_194_305;

    public static ClauseGroup Group { get; } = new("11", "EVFILT_PROC: which processes, and how often",
    [
        new("PROC-009",
            "Unknown pid: ESRCH.",
            "FreeBSD kern_event.c filt_procattach; kqueue(2) ERRORS",
            t =>
            {
                Child gone = t.NewChild();
                gone.End();
                gone.Wait();
                t.ExpectErrno(Errno.ESRCH, gone, EVFILT_PROC, EV_ADD, NOTE_EXIT);
                t.ExpectErrno(Errno.ESRCH, int.MaxValue, EVFILT_PROC, EV_ADD, NOTE_EXIT);
            }),

        new("PROC-011",
            "Any visible process may be watched, not only children.",
            "FreeBSD kqueue(2) EVFILT_PROC",
            t =>
            {
                nuint parent = (nuint)t.Must("getppid()", t.Host.Processes.Parent);
                t.Add(parent, EVFILT_PROC, fflags: NOTE_EXIT);
                t.ExpectNone();
                t.Delete(parent, EVFILT_PROC);
            }),

        Clause.NotObservable("PROC-012",
            "No permission: FreeBSD returns the p_cansee() error (ESRCH); NetBSD EACCES when uid differs or set-id; OpenBSD EPERM without the pledge.",
            "it takes another user's process and a caller without privilege, or a jail or pledges; a clause asks nothing of who runs it"),

        new("PROC-016",
            "EV_CLEAR is set automatically.",
            "FreeBSD kern_event.c filt_procattach; recorded on FreeBSD 13 and OpenBSD 5.1 (scenario proc_exit)",
            t =>
            {
                Child child = t.NewChild();
                t.Add(child, EVFILT_PROC, fflags: NOTE_EXIT);
                child.End();
                KEvent e = t.Expect(child, EVFILT_PROC);
                t.Check((e.Flags & EV_CLEAR) != 0, $"it was to carry EV_CLEAR: {e}");
            }),

        new("PROC-019",
            "Registering the same pid in two queues delivers to both.",
            "libkqueue test proc.c",
            t =>
            {
                Child child = t.NewChild();
                TestQueue other = t.NewQueue();
                t.Add(child, EVFILT_PROC, fflags: NOTE_EXIT, udata: 1);
                other.Add(child, EVFILT_PROC, fflags: NOTE_EXIT, udata: 2);
                child.End();
                t.Expect(child, EVFILT_PROC, fflags: NOTE_EXIT, udata: 1);
                other.Expect(child, EVFILT_PROC, fflags: NOTE_EXIT, udata: 2);
            }),

        new("PROC-020",
            "Many simultaneous exits: one event per pid, none lost.",
            "libkqueue test proc.c fork_storm",
            t =>
            {
                const int count = 50;
                Child[] children = [.. Enumerable.Range(0, count).Select(_ => t.NewChild())];
                foreach (Child child in children)
                    t.Add(child, EVFILT_PROC, fflags: NOTE_EXIT);
                foreach (Child child in children)
                    child.End();
                IReadOnlyList<KEvent> events = t.CollectUntil(e => e.Count >= count);
                t.ExpectNone();
                t.Equal(
                    string.Join(' ', children.Select(c => c.Process).Order()),
                    string.Join(' ', events.Select(e => (long)e.Ident).Order()),
                    "the idents");
            }),

        new("PROC-021",
            "A disabled registration whose process exits keeps the exit event for EV_ENABLE (but an EV_ENABLE with fflags=0 overwrites the interest set, CORE-MOD-002).",
            "libkqueue test proc.c disable_preserves_events",
            t =>
            {
                Child child = t.NewChild();
                t.Add(child, EVFILT_PROC, fflags: NOTE_EXIT);
                t.Change(child, EVFILT_PROC, EV_DISABLE, NOTE_EXIT);
                child.EndWatched();
                t.ExpectNone();
                t.Change(child, EVFILT_PROC, EV_ENABLE, NOTE_EXIT);
                t.Expect(child, EVFILT_PROC, fflags: NOTE_EXIT);
            }),

        new("PROC-023",
            "ident above PID_MAX: ESRCH.",
            "OpenBSD kern_event.c filt_procattach",
            ClauseDialects.FreeBsd | ClauseDialects.OpenBsd,
            t =>
            {
                t.ExpectErrno(Errno.ESRCH, TooLarge, EVFILT_PROC, EV_ADD, NOTE_EXIT);
                t.ExpectErrno(Errno.ESRCH, nuint.MaxValue, EVFILT_PROC, EV_ADD, NOTE_EXIT);
            }),

        new("PROC-SIG-001",
            "NOTE_SIGNAL: fires when the process is sent a signal.",
            "macOS kqueue(2) EVFILT_PROC",
            ClauseDialects.MacOs,
            t =>
            {
                Child child = t.NewChild();
                t.Add(child, EVFILT_PROC, fflags: NOTE_SIGNAL);
                child.Kill("CONT");
                KEvent[] events = t.Poll();
                t.Check(events.Length == 1 && events[0].FFlags == NOTE_SIGNAL, $"NOTE_SIGNAL was to come: {Transcript.Text(events)}");
            }),

        new("PROC-REAP-001",
            "NOTE_REAP: fires when the process has been reaped; with it, EV_EOF|EV_ONESHOT come with the reap, not with NOTE_EXIT.",
            "xnu kern_event.c filt_procevent",
            ClauseDialects.MacOs,
            t =>
            {
                Child child = t.NewChild();
                t.Add(child, EVFILT_PROC, fflags: NOTE_EXIT | NOTE_REAP);
                child.End();
                KEvent exit = t.Expect(child, EVFILT_PROC, fflags: NOTE_EXIT);
                t.Check((exit.Flags & EV_EOF) == 0, $"EV_EOF was to come with the reap: {exit}");
                child.Wait();
                t.Expect(child, EVFILT_PROC, flags: EV_EOF | EV_ONESHOT | EV_CLEAR, fflags: NOTE_REAP);
            }),
    ]);
}
