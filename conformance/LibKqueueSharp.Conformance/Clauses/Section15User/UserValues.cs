namespace LibKqueueSharp.Conformance.Clauses;

internal static class UserValues
{
    public static ClauseGroup Group { get; } = new("15", "EVFILT_USER: fflags, data and udata",
    [
        new("USER-FF-001",
            "NOTE_FFCOPY: the low 24 bits replace the stored flags.",
            "FreeBSD kqueue(2) EVFILT_USER; trace user_fflags_ops",
            t =>
            {
                t.Add(1, EVFILT_USER, 0, 0xf0);
                t.Trigger(1, NOTE_FFCOPY | 0xabcdef);
                t.Expect(1, EVFILT_USER, fflags: 0xabcdef);
                t.Change(1, EVFILT_USER, 0, NOTE_FFCOPY);
                t.Expect(1, EVFILT_USER, fflags: 0);
            }),

        new("USER-FF-002",
            "NOTE_FFOR: OR into the stored flags.",
            "FreeBSD kern_event.c filt_usertouch; trace user_fflags_ops",
            t =>
            {
                t.Add(1, EVFILT_USER, 0, 0xf0);
                t.Trigger(1, NOTE_FFOR | 0x0f);
                t.Expect(1, EVFILT_USER, fflags: 0xff);
            }),

        new("USER-FF-003",
            "NOTE_FFAND: AND with the stored flags.",
            "FreeBSD kern_event.c filt_usertouch; trace user_fflags_ops",
            t =>
            {
                t.Add(1, EVFILT_USER, 0, 0xff);
                t.Trigger(1, NOTE_FFAND | 0x3c);
                t.Expect(1, EVFILT_USER, fflags: 0x3c);
            }),

        new("USER-FF-004",
            "NOTE_FFNOP: stored flags unchanged.",
            "FreeBSD kern_event.c filt_usertouch; trace user_fflags_ops",
            t =>
            {
                t.Add(1, EVFILT_USER, 0, 0xf0);
                t.Trigger(1, NOTE_FFNOP | 0x0f);
                t.Expect(1, EVFILT_USER, fflags: 0xf0);
            }),

        new("USER-FF-005",
            "Several FFOR triggers accumulate.",
            "libkqueue test user.c",
            t =>
            {
                t.Add(1, EVFILT_USER, EV_CLEAR);
                t.Trigger(1, NOTE_FFOR | 1);
                t.Trigger(1, NOTE_FFOR | 2);
                t.Expect(1, EVFILT_USER, fflags: 3);
            }),

        new("USER-FF-006",
            "Bits outside the low 24 never reach the stored flags through a modification.",
            "FreeBSD kern_event.c filt_usertouch (NOTE_FFLAGSMASK)",
            t =>
            {
                t.Add(1, EVFILT_USER);
                foreach (uint operation in (uint[])[NOTE_FFCOPY, NOTE_FFOR, NOTE_FFAND])
                {
                    t.Trigger(1, operation | 0x3e00_0001);
                    t.Expect(1, EVFILT_USER, fflags: 1);
                }
            }),

        new("USER-FF-007",
            "fflags of the creating EV_ADD: F, N and M store it raw (control bits NOTE_FF* and NOTE_TRIGGER included) and report it raw; O masks it to the low 24 bits; D applies the requested FF operation to an initial 0. Portable callers should create with fflags in the low 24 bits only.",
            "FreeBSD, NetBSD kern_event.c kqueue_register; OpenBSD, DragonFly, xnu kern_event.c filt_userattach",
            t =>
            {
                const uint Raw = NOTE_TRIGGER | NOTE_FFCOPY | 5;
                t.Add(1, EVFILT_USER, 0, Raw);
                t.Trigger(1);
                t.Expect(1, EVFILT_USER, fflags: t.ByDialect(Raw, Raw, 5u, Raw));
            }),

        new("USER-FF-008",
            "Delivered fflags is the stored value, with NOTE_TRIGGER absent.",
            "FreeBSD kern_event.c filt_usertouch",
            t =>
            {
                t.Add(1, EVFILT_USER, EV_CLEAR, 0x10);
                t.Trigger(1);
                t.Expect(1, EVFILT_USER, fflags: 0x10);
                t.Trigger(1, NOTE_FFOR | 1);
                t.Expect(1, EVFILT_USER, fflags: 0x11);
            }),

        new("USER-FF-009",
            "Stored flags persist after an EV_CLEAR delivery on F, N, M and O (r1.205); D, and OpenBSD's first version of the filter, reset them to 0.",
            "FreeBSD, NetBSD kern_event.c filt_usertouch; xnu, OpenBSD kern_event.c filt_userprocess; trace user_clear",
            t =>
            {
                t.Add(1, EVFILT_USER, EV_CLEAR);
                t.Trigger(1, NOTE_FFCOPY | 5);
                t.Expect(1, EVFILT_USER, fflags: 5);
                t.Trigger(1);
                t.Expect(1, EVFILT_USER, fflags: 5);
            }),

        new("USER-DATA-001",
            "Delivered data is the data of the most recent change (including a bare trigger).",
            "FreeBSD kern_event.c filt_usertouch; OpenBSD kern_event.c filt_usermodify; trace user_clear",
            t =>
            {
                t.Add(1, EVFILT_USER, data: 41);
                t.Trigger(1, data: 42);
                t.Expect(1, EVFILT_USER, data: 42);
                t.Add(1, EVFILT_USER, data: 43);
                t.Expect(1, EVFILT_USER, data: 43);
                t.Trigger(1);
                t.Expect(1, EVFILT_USER, data: 0);
            }),

        new("USER-DATA-002",
            "udata likewise follows the last change unless EV_KEEPUDATA.",
            "FreeBSD kern_event.c kqueue_register; libkqueue test user.c; trace user_basic",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.MacOs,
            t =>
            {
                t.Add(1, EVFILT_USER, udata: 1);
                t.Trigger(1, udata: 2);
                t.Expect(1, EVFILT_USER, udata: 2);
                t.Trigger(1);
                t.Expect(1, EVFILT_USER, udata: 0);
                if (t.ByDialect(freeBsd: false, netBsd: true, openBsd: true, macOs: true))
                    return;
                t.Change(1, EVFILT_USER, EV_KEEPUDATA, NOTE_TRIGGER, udata: 3);
                t.Expect(1, EVFILT_USER, udata: 0);
            }),
    ]);
}
