namespace LibKqueueSharp.Conformance.Clauses;

internal static class TrackedChildren
{
    private const ClauseDialects Bsd = ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd;
    private const int StatusOfForked = 9 << 8;

    public static ClauseGroup Group { get; } = new("11", "EVFILT_PROC: NOTE_TRACK",
    [
        new("PROC-TRACK-001",
            "NOTE_TRACK: when the process forks, the child is watched with the same fflags, udata and queue.",
            "FreeBSD kern_event.c knote_fork; NetBSD kern_event.c knote_proc_fork_track; OpenBSD kern_event.c filt_proc",
            Bsd,
            t =>
            {
                Child child = t.NewChild(forks: true);
                t.Follow(child, NOTE_TRACK | NOTE_EXIT, udata: 5);
                child.Proceed();
                nuint forked = t.Collect(1)[0].Ident;
                child.Proceed();
                t.Expect(forked, EVFILT_PROC, fflags: NOTE_EXIT, data: StatusOfForked, udata: 5);
            }),

        new("PROC-TRACK-002",
            "The new child produces an event with ident=child pid, fflags=NOTE_CHILD, data=parent pid.",
            "FreeBSD kqueue(2) NOTE_TRACK",
            Bsd,
            t =>
            {
                Child child = t.NewChild(forks: true);
                t.Follow(child, NOTE_TRACK | NOTE_EXIT);
                child.Proceed();
                KEvent[] events = t.Collect();
                bool isIt = events.Length == 1
                    && events[0].Ident != child
                    && events[0].FFlags == NOTE_CHILD
                    && events[0].Data == child.Process;
                t.Check(isIt, $"a child of {child.Process} was to come: {Transcript.Text(events)}");
                t.ExpectNone();
            }),

        new("PROC-TRACK-003",
            "On FreeBSD and NetBSD the NOTE_CHILD event is a separate one-shot entry, so NOTE_EXIT of a quickly exiting child never overwrites its data; on OpenBSD one entry is used and NOTE_CHILD|NOTE_EXIT can merge with data = exit status.",
            "FreeBSD kern_event.c knote_fork; OpenBSD kern_event.c filt_proc",
            Bsd,
            t =>
            {
                Child child = t.NewChild(forks: true);
                t.Follow(child, NOTE_TRACK | NOTE_EXIT);
                child.EndWatched();
                KEvent[] forked =
                [
                    .. t.CollectUntil(events => events.Any(e => e.Ident != child && (e.FFlags & NOTE_EXIT) != 0)).Where(e => e.Ident != child),
                ];
                bool areTwo = forked.Length == 2
                    && forked.Any(e => e.FFlags == NOTE_CHILD && e.Data == child.Process)
                    && forked.Any(e => e.FFlags == NOTE_EXIT && e.Data == StatusOfForked);
                bool isOne = forked is [{ FFlags: NOTE_CHILD | NOTE_EXIT, Data: StatusOfForked }];
                t.Check(areTwo || (isOne && t.ByDialect(false, false, openBsd: true, false)), $"of what {child.Process} forked came {Transcript.Text(forked)}");
            }),

        new("PROC-TRACK-004",
            "The parent's own event (NOTE_FORK) is reported only if NOTE_FORK was requested.",
            "FreeBSD kern_event.c knote_fork",
            Bsd,
            t =>
            {
                Child quiet = t.NewChild(forks: true);
                t.Follow(quiet, NOTE_TRACK);
                quiet.Proceed();
                t.Check(t.Collect() is [{ FFlags: NOTE_CHILD }], "only the new child was to come");
                t.ExpectNone();
                Child loud = t.NewChild(forks: true);
                t.Follow(loud, NOTE_TRACK | NOTE_FORK);
                loud.Proceed();
                t.CollectUntil(events => events.Any(e => e.Ident == loud && e.FFlags == NOTE_FORK) && events.Any(e => e.FFlags == NOTE_CHILD));
            }),

        Clause.NotObservable("PROC-TRACK-005",
            "If the child cannot be watched, the parent's event carries NOTE_TRACKERR and there is no NOTE_CHILD.",
            Bsd,
            "a child cannot be watched only where memory or the like gives out in the moment of the fork"),

        new("PROC-TRACK-006",
            "Tracking is recursive.",
            "FreeBSD kern_event.c knote_fork",
            Bsd,
            t =>
            {
                Child child = t.NewChild(forksTwice: true);
                t.Follow(child, NOTE_TRACK | NOTE_EXIT);
                child.Proceed();
                IReadOnlyList<KEvent> events = t.CollectUntil(events => events.Count >= 2);
                bool isLine = events.Count == 2
                    && events.All(e => e.FFlags == NOTE_CHILD)
                    && events.Any(older => older.Data == child.Process && events.Any(younger => younger.Data == (long)older.Ident));
                t.Check(isLine, $"a child and a grandchild of {child.Process} were to come: {Transcript.Text([.. events])}");
            }),

        new("PROC-TRACK-007",
            "NOTE_TRACK, NOTE_TRACKERR or NOTE_CHILD in fflags: ENOTSUP.",
            "xnu kern_event.c filt_procattach",
            ClauseDialects.MacOs,
            t =>
            {
                nuint self = (nuint)t.Host.Processes.Self;
                foreach (uint note in (uint[])[NOTE_TRACK, NOTE_TRACKERR, NOTE_CHILD])
                    t.ExpectErrno(Errno.ENOTSUP, self, EVFILT_PROC, EV_ADD, NOTE_EXIT | note);
            }),

        new("PROC-TRACK-008",
            "NOTE_CHILD passed by the caller is ignored.",
            "NetBSD kern_event.c filt_procattach",
            ClauseDialects.NetBsd,
            t =>
            {
                Child child = t.NewChild();
                t.Add(child, EVFILT_PROC, fflags: NOTE_EXIT | NOTE_CHILD);
                t.ExpectNone();
                child.End();
                t.Expect(child, EVFILT_PROC, fflags: NOTE_EXIT);
            }),
    ]);
}
