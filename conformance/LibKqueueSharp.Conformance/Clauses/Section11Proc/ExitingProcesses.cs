namespace LibKqueueSharp.Conformance.Clauses;

internal static class ExitingProcesses
{
    private const EventFlags Over = EV_EOF | EV_ONESHOT | EV_CLEAR;

    public static ClauseGroup Group { get; } = new("11", "EVFILT_PROC: exits",
    [
        new("PROC-001",
            "NOTE_EXIT: fires when the process exits; ident=pid, fflags has NOTE_EXIT, flags has EV_EOF|EV_ONESHOT.",
            "FreeBSD kern_event.c filt_proc; OpenBSD, NetBSD likewise; xnu kern_event.c filt_procevent",
            t =>
            {
                Child child = t.NewChild();
                t.Add(child, EVFILT_PROC, fflags: NOTE_EXIT, udata: 5);
                t.ExpectNone();
                child.End();
                t.Expect(child, EVFILT_PROC, flags: Over, fflags: NOTE_EXIT, udata: 5);
                t.ExpectNone();
            }),

        new("PROC-002",
            "data is the wait(2) status (exit code << 8, or the signal number).",
            "FreeBSD kqueue(2) NOTE_EXIT; kern_event.c filt_proc",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                Child exits = t.NewChild(exitCode: 3);
                t.Add(exits, EVFILT_PROC, fflags: NOTE_EXIT);
                exits.End();
                t.Expect(exits, EVFILT_PROC, fflags: NOTE_EXIT, data: 3 << 8);
                Child killed = t.NewChild();
                t.Add(killed, EVFILT_PROC, fflags: NOTE_EXIT);
                killed.Kill("KILL");
                t.Expect(killed, EVFILT_PROC, fflags: NOTE_EXIT, data: 9);
            }),

        new("PROC-003",
            "macOS gives data 0 unless NOTE_EXITSTATUS is also requested; then fflags has both and data is the status (low 20 bits).",
            "xnu kern_event.c filt_procevent, filt_procprocess",
            ClauseDialects.MacOs,
            t =>
            {
                Child plain = t.NewChild(exitCode: 3);
                t.Add(plain, EVFILT_PROC, fflags: NOTE_EXIT);
                plain.End();
                t.Expect(plain, EVFILT_PROC, fflags: NOTE_EXIT, data: 0);
                Child withStatus = t.NewChild(exitCode: 3);
                t.Add(withStatus, EVFILT_PROC, fflags: NOTE_EXIT | NOTE_EXITSTATUS);
                withStatus.End();
                t.Expect(withStatus, EVFILT_PROC, fflags: NOTE_EXIT | NOTE_EXITSTATUS, data: 3 << 8);
            }),

        new("PROC-004",
            "NOTE_EXITSTATUS needs the caller to be the parent (or debugger parent) or allowed to signal the process; else EACCES.",
            "xnu kern_event.c filt_procattach",
            ClauseDialects.MacOs,
            t =>
            {
                const int first = 1;
                t.Add(t.NewChild(), EVFILT_PROC, fflags: NOTE_EXIT | NOTE_EXITSTATUS);
                if (t.Must("kill(1, 0)", t.Host.Processes.MaySignal(first)) == 1)
                    t.Add(first, EVFILT_PROC, fflags: NOTE_EXIT | NOTE_EXITSTATUS);
                else
                    t.ExpectErrno(Errno.EACCES, first, EVFILT_PROC, EV_ADD, NOTE_EXIT | NOTE_EXITSTATUS);
            }),

        Clause.NotObservable("PROC-005",
            "NOTE_EXIT_DETAIL adds reason bits to data.",
            ClauseDialects.MacOs,
            "the reasons are the kernel's: that it could not decrypt a page, lacked memory, or found a wrong signature"),

        new("PROC-006",
            "After NOTE_EXIT is collected the registration is gone (ENOENT).",
            "FreeBSD kern_event.c filt_proc (EV_ONESHOT); recorded on FreeBSD 13 and OpenBSD 5.1 (scenario proc_exit)",
            t =>
            {
                Child child = t.NewChild();
                t.Add(child, EVFILT_PROC, fflags: NOTE_EXIT);
                child.End();
                t.Expect(child, EVFILT_PROC, fflags: NOTE_EXIT);
                t.ExpectAbsent(child, EVFILT_PROC);
            }),

        new("PROC-007",
            "kevent() does not reap: the zombie remains for waitpid().",
            "FreeBSD kern_event.c filt_proc; recorded on FreeBSD 13 and OpenBSD 5.1 (scenario proc_exit)",
            t =>
            {
                Child child = t.NewChild(exitCode: 3);
                t.Add(child, EVFILT_PROC, fflags: NOTE_EXIT);
                child.End();
                t.Expect(child, EVFILT_PROC, fflags: NOTE_EXIT);
                t.Equal(3 << 8, child.Wait(), "the wait status");
            }),

        new("PROC-008",
            "The event stays available after the process has been reaped.",
            "FreeBSD kern_event.c filt_proc",
            t =>
            {
                Child child = t.NewChild();
                t.Add(child, EVFILT_PROC, fflags: NOTE_EXIT);
                child.End();
                child.Wait();
                t.Expect(child, EVFILT_PROC, flags: Over, fflags: NOTE_EXIT);
            }),

        new("PROC-010",
            "Registering on a zombie: FreeBSD delivers NOTE_EXIT at once if NOTE_EXIT was requested (without it: ESRCH); NetBSD, OpenBSD and macOS give ESRCH.",
            "FreeBSD kern_event.c filt_procattach; libkqueue test proc.c; recorded on FreeBSD 13 and OpenBSD 5.1 (scenario proc_exit_zombie)",
            t =>
            {
                Child child = t.NewChild();
                child.EndWatched();
                t.ExpectErrno(Errno.ESRCH, child, EVFILT_PROC, EV_ADD);
                if (t.ByDialect(freeBsd: false, netBsd: true, openBsd: true, macOs: true))
                {
                    t.ExpectErrno(Errno.ESRCH, child, EVFILT_PROC, EV_ADD, NOTE_EXIT);
                    return;
                }

                t.Add(child, EVFILT_PROC, fflags: NOTE_EXIT);
                t.Equal(1, t.Poll().Length, "the number of events that are there at once");
            }),

        new("PROC-017",
            "Only requested bits appear. Process exits with none of them requested: FreeBSD drops the registration silently (EV_DROP); NetBSD and OpenBSD deliver an event with fflags 0 and EV_EOF|EV_ONESHOT; macOS delivers nothing.",
            "FreeBSD and OpenBSD kern_event.c filt_proc; NetBSD kern_event.c knote_proc_exit; libkqueue test proc.c",
            t =>
            {
                Child child = t.NewChild();
                t.Add(child, EVFILT_PROC);
                child.EndWatched();
                ExpectUnaskedExit(t, child);
                t.ExpectAbsent(child, EVFILT_PROC);
            }),

        new("PROC-018",
            "Clearing the interest by re-ADD with fflags=0 prevents delivery on FreeBSD and macOS, not on NetBSD and OpenBSD.",
            "libkqueue test proc.c",
            t =>
            {
                Child child = t.NewChild();
                t.Add(child, EVFILT_PROC, fflags: NOTE_EXIT);
                t.Add(child, EVFILT_PROC);
                child.EndWatched();
                ExpectUnaskedExit(t, child);
            }),
    ]);

    private static void ExpectUnaskedExit(ClauseTest t, Child child)
    {
        if (t.ByDialect(freeBsd: false, netBsd: true, openBsd: true, macOs: false))
            t.Expect(child, EVFILT_PROC, flags: Over, fflags: 0);
        else
            t.ExpectNone();
    }
}
