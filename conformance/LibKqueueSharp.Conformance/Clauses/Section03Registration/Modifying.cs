namespace LibKqueueSharp.Conformance.Clauses;

internal static class Modifying
{
    private const EventFlags NoAction = 0;

    public static ClauseGroup Group { get; } = new("3.2", "Modification without EV_ADD",
    [
        new("CORE-MOD-001",
            "A change with none of ADD/DELETE/ENABLE/DISABLE on an existing registration is a modification: saved fflags, data and udata are overwritten. On OpenBSD, and on NetBSD as recorded, only EVFILT_USER reacts, other filters ignore it.",
            "FreeBSD, DragonFly kern_event.c kqueue_register; xnu kern_event.c f_touch; OpenBSD kern_event.c kqueue_register; the recorded scenario readd_modifies",
            t =>
            {
                bool ignored = t.ByDialect(false, true, true, false);
                var (one, other) = t.SocketPair();
                t.Add(one, EVFILT_READ, 0, NOTE_LOWAT, 10, udata: 1);
                other.Write(5);
                t.Change(one, EVFILT_READ, NoAction, NOTE_LOWAT, 5, udata: 2);
                if (ignored)
                    t.ExpectNone();
                else
                    t.Expect(one, EVFILT_READ, data: 5, udata: 2);
                t.Delete(one, EVFILT_READ);
                t.Add(1, EVFILT_USER, EV_CLEAR, udata: 1);
                t.Trigger(1, udata: 2);
                t.Expect(1, EVFILT_USER, udata: 2);
            }),

        new("CORE-MOD-002",
            "The same overwriting happens on EV_ENABLE and EV_DISABLE: enabling a VNODE or PROC registration with fflags=0 erases its interest set. Not on OpenBSD, nor on NetBSD as recorded.",
            "FreeBSD, DragonFly kern_event.c kqueue_register; xnu kern_event.c f_touch; the recorded scenario vnode_enable_only_flags",
            t =>
            {
                bool overwrites = t.ByDialect(true, false, false, true);
                var (one, other) = t.SocketPair();
                t.Add(one, EVFILT_READ, 0, NOTE_LOWAT, 10, udata: 1);
                t.Disable(one, EVFILT_READ);
                other.Write(5);
                t.Enable(one, EVFILT_READ);
                if (overwrites)
                    t.Expect(one, EVFILT_READ, data: 5, udata: 0);
                else
                    t.ExpectNone();
                other.Write(5);
                t.Expect(one, EVFILT_READ, data: 10, udata: overwrites ? 0 : 1);
                t.Delete(one, EVFILT_READ);

                Descriptor file = Watch.File(t, out string path, NOTE_WRITE);
                t.Disable(file, EVFILT_VNODE);
                t.Must($"overwrite({path})", t.Host.Files.Overwrite(path, 1));
                t.Change(file, EVFILT_VNODE, EV_ENABLE, NOTE_WRITE);
                if (overwrites)
                    t.ExpectNone();
                else
                    t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE);
            }),

        new("CORE-MOD-003",
            "Modification re-runs the filter and may queue the event; on OpenBSD, and on NetBSD as recorded, only EV_ADD and a change to EVFILT_USER do.",
            "FreeBSD kern_event.c kqueue_register done_ev_add; OpenBSD kern_event.c kqueue_register; the recorded scenario readd_modifies",
            t => ExpectEdgeAgain(t, NoAction, t.ByDialect(true, false, false, true))),

        new("CORE-MOD-004",
            "EV_ENABLE on a registration that is already enabled re-evaluates on FreeBSD, DragonFly and macOS; OpenBSD, and NetBSD as recorded, do nothing.",
            "FreeBSD kern_event.c kqueue_register; OpenBSD kern_event.c kqueue_register; the recorded scenario disable_enable_level",
            t => ExpectEdgeAgain(t, EV_ENABLE, t.ByDialect(true, false, false, true))),

        new("CORE-KEEP-001",
            "EV_KEEPUDATA on a modification leaves udata as it was while other fields are updated.",
            "FreeBSD kqueue(2) EV_KEEPUDATA; FreeBSD kern_event.c kqueue_register",
            ClauseDialects.FreeBsd,
            t =>
            {
                t.Add(1, EVFILT_USER, EV_CLEAR, udata: 9);
                t.Change(1, EVFILT_USER, EV_KEEPUDATA, NOTE_TRIGGER | NOTE_FFCOPY | 5, 3);
                t.Expect(1, EVFILT_USER, fflags: 5, data: 3, udata: 9);
                var (one, other) = t.SocketPair();
                t.Add(one, EVFILT_READ, 0, NOTE_LOWAT, 10, udata: 8);
                other.Write(5);
                t.Change(one, EVFILT_READ, EV_KEEPUDATA, NOTE_LOWAT, 5);
                t.Expect(one, EVFILT_READ, data: 5, udata: 8);
            }),

        new("CORE-KEEP-002",
            "EV_KEEPUDATA|EV_ADD gives EINVAL, whether or not the registration exists.",
            "FreeBSD kern_event.c kqueue_register",
            ClauseDialects.FreeBsd,
            t =>
            {
                t.ExpectErrno(Errno.EINVAL, 1, EVFILT_USER, EV_ADD | EV_KEEPUDATA);
                t.ExpectAbsent(1, EVFILT_USER);
                t.Add(1, EVFILT_USER, EV_CLEAR);
                t.ExpectErrno(Errno.EINVAL, 1, EVFILT_USER, EV_ADD | EV_KEEPUDATA);
                t.ExpectRegistered(1, EVFILT_USER);
            }),

        new("CORE-KEEP-003",
            "EV_KEEPUDATA is not stored and does not appear in delivered flags of an existing registration.",
            "FreeBSD kern_event.c kqueue_register",
            ClauseDialects.FreeBsd,
            t =>
            {
                t.Add(1, EVFILT_USER, EV_CLEAR);
                t.Change(1, EVFILT_USER, EV_KEEPUDATA, NOTE_TRIGGER);
                t.Equal(EV_CLEAR, t.Expect(1, EVFILT_USER).Flags, "the flags of the event");
            }),
    ]);

    private static void ExpectEdgeAgain(ClauseTest t, EventFlags change, bool again)
    {
        var (one, other) = t.SocketPair();
        t.Add(one, EVFILT_READ, EV_CLEAR);
        other.Write(5);
        t.Expect(one, EVFILT_READ, data: 5);
        t.ExpectNone();
        t.Change(one, EVFILT_READ, change);
        if (again)
            t.Expect(one, EVFILT_READ, data: 5);
        t.ExpectNone();
    }
}
