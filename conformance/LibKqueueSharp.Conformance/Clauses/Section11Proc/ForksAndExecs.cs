namespace LibKqueueSharp.Conformance.Clauses;

internal static class ForksAndExecs
{
    public static ClauseGroup Group { get; } = new("11", "EVFILT_PROC: NOTE_FORK and NOTE_EXEC",
    [
        new("PROC-013",
            "NOTE_FORK: fires when the process forks; data 0 on FreeBSD, NetBSD and OpenBSD.",
            "FreeBSD kqueue(2) NOTE_FORK; recorded on FreeBSD 13 and OpenBSD 5.1 (scenario proc_fork)",
            t =>
            {
                Child child = t.NewChild(forks: true);
                t.Follow(child, NOTE_FORK | NOTE_EXIT);
                t.ExpectNone();
                child.Proceed();
                t.Expect(child, EVFILT_PROC, flags: EV_CLEAR, fflags: NOTE_FORK, data: t.ByDialect<long?>(freeBsd: 0, netBsd: 0, openBsd: 0, macOs: null));
                t.ExpectNone();
            }),

        new("PROC-014",
            "NOTE_EXEC: fires on execve.",
            "FreeBSD kqueue(2) NOTE_EXEC; recorded on FreeBSD 13 and OpenBSD 5.1 (scenario proc_exec)",
            t =>
            {
                Child child = t.NewChild(executes: true);
                t.Follow(child, NOTE_EXEC | NOTE_EXIT);
                t.ExpectNone();
                child.Proceed();
                t.Expect(child, EVFILT_PROC, flags: EV_CLEAR, fflags: NOTE_EXEC);
                t.ExpectNone();
            }),

        new("PROC-015",
            "FORK, EXEC and EXIT before retrieval merge into one event with all bits and data = exit status.",
            "FreeBSD kern_event.c filt_proc",
            t =>
            {
                uint status = t.ByDialect(freeBsd: 0u, netBsd: 0u, openBsd: 0u, macOs: NOTE_EXITSTATUS);
                Child child = t.NewChild(forks: true, executes: true);
                t.Follow(child, NOTE_FORK | NOTE_EXEC | NOTE_EXIT | status);
                child.EndWatched();
                t.Expect(child, EVFILT_PROC,
                    flags: EV_EOF | EV_ONESHOT | EV_CLEAR,
                    fflags: NOTE_FORK | NOTE_EXEC | NOTE_EXIT | status,
                    data: 7 << 8);
            }),

        new("PROC-022",
            "The watcher's own pid may be registered (FORK, EXEC).",
            "FreeBSD kern_event.c filt_procattach; recorded on FreeBSD 13 and OpenBSD 5.1 (scenario proc_self_fork)",
            ClauseDialects.FreeBsd | ClauseDialects.OpenBsd,
            t =>
            {
                nuint self = (nuint)t.Host.Processes.Self;
                t.Follow(self, NOTE_FORK | NOTE_EXEC | NOTE_EXIT);
                t.NewChild();
                t.Expect(self, EVFILT_PROC, flags: EV_CLEAR, fflags: NOTE_FORK, data: 0);
                t.NewChild();
                t.NewChild();
                t.Expect(self, EVFILT_PROC, flags: EV_CLEAR, fflags: NOTE_FORK, data: 0);
            }),
    ]);
}
