namespace LibKqueueSharp.Conformance.Clauses;

internal static class UserTriggers
{
    private const int OpenBsdLimit = 1024;

    public static ClauseGroup Group { get; } = new("15", "EVFILT_USER: triggers",
    [
        new("USER-001",
            "EV_ADD creates an untriggered event.",
            "FreeBSD kqueue(2) EVFILT_USER",
            t =>
            {
                t.Add(1, EVFILT_USER);
                t.ExpectNone();
                t.ExpectRegistered(1, EVFILT_USER);
                t.ExpectNone();
            }),

        new("USER-002",
            "NOTE_TRIGGER in a later change triggers it.",
            "FreeBSD kqueue(2) EVFILT_USER; trace user_basic",
            t =>
            {
                t.Add(1, EVFILT_USER);
                t.Add(2, EVFILT_USER);
                t.Change(1, EVFILT_USER, 0, NOTE_TRIGGER);
                t.Expect(1, EVFILT_USER, EventFlags.None);
            }),

        new("USER-003",
            "NOTE_TRIGGER in the creating EV_ADD: triggers on O, D, M; not on F and N, whose attach routine tests a field that is still zero.",
            "FreeBSD, NetBSD, OpenBSD, DragonFly, xnu kern_event.c filt_userattach",
            t =>
            {
                t.Add(1, EVFILT_USER, EV_CLEAR, NOTE_TRIGGER);
                t.Equal(t.ByDialect(0, 0, 1, 1), t.Poll().Length, "the number of events");
                t.ExpectNone();
            }),

        new("USER-004",
            "NOTE_TRIGGER in a re-ADD of an existing registration triggers.",
            "FreeBSD kern_event.c filt_usertouch",
            t =>
            {
                t.Add(1, EVFILT_USER, udata: 1);
                t.Add(1, EVFILT_USER, 0, NOTE_TRIGGER, udata: 2);
                t.Expect(1, EVFILT_USER, EventFlags.None, udata: 2);
            }),

        new("USER-005",
            "NOTE_TRIGGER on an absent ident: ENOENT.",
            "FreeBSD kern_event.c kqueue_register; trace user_basic",
            t =>
            {
                t.ExpectErrno(Errno.ENOENT, 1, EVFILT_USER, 0, NOTE_TRIGGER);
                t.Add(1, EVFILT_USER);
                t.ExpectNone();
            }),

        new("USER-006",
            "EV_CLEAR is not automatic: without it a triggered event is returned on every call.",
            "FreeBSD kern_event.c filt_user; libkqueue test user.c; trace user_basic",
            t =>
            {
                t.Add(1, EVFILT_USER);
                t.Trigger(1);
                for (int call = 0; call < 3; call++)
                    t.Expect(1, EVFILT_USER, EventFlags.None);
            }),

        new("USER-007",
            "With EV_CLEAR: returned once per trigger.",
            "FreeBSD kern_event.c filt_usertouch; trace user_clear",
            t =>
            {
                t.Add(1, EVFILT_USER, EV_CLEAR);
                for (int trigger = 0; trigger < 3; trigger++)
                {
                    t.Trigger(1);
                    t.Expect(1, EVFILT_USER, EV_CLEAR);
                    t.ExpectNone();
                }
            }),

        new("USER-008",
            "Several triggers before retrieval give one event.",
            "libkqueue test user.c; trace user_clear",
            t =>
            {
                t.Add(1, EVFILT_USER, EV_CLEAR);
                t.Trigger(1);
                t.Trigger(1);
                t.Expect(1, EVFILT_USER);
                t.ExpectNone();
            }),

        new("USER-009",
            "A change carrying EV_CLEAR un-triggers the event on F,N,O,D (even if it also carries NOTE_TRIGGER); macOS has no such rule.",
            "FreeBSD, NetBSD, DragonFly, xnu kern_event.c filt_usertouch; OpenBSD kern_event.c filt_usermodify; trace user_basic",
            t =>
            {
                int left = t.ByDialect(0, 0, 0, 1);
                t.Add(1, EVFILT_USER);
                t.Trigger(1);
                t.Expect(1, EVFILT_USER);
                t.Change(1, EVFILT_USER, EV_CLEAR);
                t.Equal(left, t.Poll().Length, "the number of events after EV_CLEAR");
                t.Change(1, EVFILT_USER, EV_CLEAR, NOTE_TRIGGER);
                t.Equal(left, t.Poll().Length, "the number of events after EV_CLEAR with NOTE_TRIGGER");
            }),

        new("USER-010",
            "Hence re-ADD with EV_ADD|EV_CLEAR and NOTE_TRIGGER on an existing registration does not fire on F,N,O,D.",
            "FreeBSD, NetBSD, DragonFly kern_event.c filt_usertouch; OpenBSD kern_event.c filt_usermodify",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                t.Add(1, EVFILT_USER, EV_CLEAR);
                t.Add(1, EVFILT_USER, EV_CLEAR, NOTE_TRIGGER);
                t.ExpectNone();
                t.Trigger(1);
                t.Expect(1, EVFILT_USER, EV_CLEAR);
            }),

        new("USER-ONE-001",
            "EV_ONESHOT: removed after delivery.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                t.Add(1, EVFILT_USER, EV_ONESHOT);
                t.ExpectNone();
                t.Trigger(1);
                t.Expect(1, EVFILT_USER, EV_ONESHOT);
                t.ExpectErrno(Errno.ENOENT, 1, EVFILT_USER, 0, NOTE_TRIGGER);
            }),

        new("USER-ONE-002",
            "On FreeBSD a one-shot (or forced one-shot) USER event is delivered with fflags 0 and data 0, because the one-shot path copies the raw entry without the USER hook; N,O,D,M deliver the stored values.",
            "FreeBSD, NetBSD kern_event.c kqueue_scan",
            t =>
            {
                t.Add(1, EVFILT_USER, EV_ONESHOT);
                t.Trigger(1, NOTE_FFCOPY | 5, data: 7, udata: 9);
                t.Expect(1, EVFILT_USER, EV_ONESHOT, t.ByDialect(0u, 5u, 5u, 5u), t.ByDialect(0, 7, 7, 7), udata: 9);
            }),

        new("USER-DIS-001",
            "Triggering while disabled is remembered and delivered on EV_ENABLE.",
            "FreeBSD kern_event.c KNOTE_ACTIVATE, filt_user",
            t =>
            {
                t.Add(1, EVFILT_USER, EV_CLEAR);
                t.Disable(1, EVFILT_USER);
                t.Trigger(1);
                t.ExpectNone();
                t.Enable(1, EVFILT_USER);
                t.Expect(1, EVFILT_USER);
                t.ExpectNone();
            }),

        new("USER-LIMIT-001",
            "OpenBSD limits timers plus user events to 1024 per process: ENOMEM.",
            "OpenBSD kern_event.c filt_userattach",
            ClauseDialects.OpenBsd,
            t =>
            {
                KEvent[] changes = [.. Enumerable.Range(1, OpenBsdLimit).Select(i => new KEvent((nuint)i, EVFILT_USER, EV_ADD))];
                t.Change(changes);
                CallResult result = t.Call(new KEvent(0, EVFILT_USER, EV_ADD));
                t.Check(result is { Count: -1, Error: Errno.ENOMEM }, $"user event {OpenBsdLimit + 1} was to be ENOMEM: {result}");
            }),

        new("USER-THR-001",
            "A trigger by another thread wakes the waiter; one via a dup'd queue descriptor does, too (KQ-DUP-001).",
            "libkqueue test user.c",
            t =>
            {
                t.Add(1, EVFILT_USER, EV_CLEAR);
                Waiter waiter = t.Wait();
                t.OnAnotherThread(() => t.Trigger(1));
                waiter.Expect(1);
                t.ExpectNone();
            }),
    ]);
}
