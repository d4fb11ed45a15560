namespace LibKqueueSharp.Conformance.Clauses;

internal static class DarwinFlags
{
    private const string NoName = "native only: EventFlags has no such flag, and its bits mean EV_FORCEONESHOT and EV_KEEPUDATA there";

    public static ClauseGroup Group { get; } = new("3.9", "Darwin-only flags",
    [
        Clause.NotObservable("CORE-UDS-001",
            "EV_UDATA_SPECIFIC makes udata part of the key: the same (ident, filter) may be registered several times with different udata, each delivered.",
            ClauseDialects.MacOs,
            NoName),

        Clause.NotObservable("CORE-UDS-002",
            "Modifying an EV_UDATA_SPECIFIC registration does not change its udata.",
            ClauseDialects.MacOs,
            NoName),

        Clause.NotObservable("CORE-UDS-003",
            "EV_DISPATCH2 + EV_DELETE while disabled: error event with EINPROGRESS; the deletion completes when the registration is next enabled, which delivers a final event with EV_DELETE|EV_ONESHOT set.",
            ClauseDialects.MacOs,
            NoName),

        Clause.NotObservable("CORE-UDS-004",
            "EV_DISPATCH2 + EV_ONESHOT: after delivery the registration stays (disabled, deferred delete) until enabled.",
            ClauseDialects.MacOs,
            NoName),

        Clause.NotObservable("CORE-UDS-005",
            "EV_VANISHED is accepted only with EV_ADD|EV_DISPATCH2; else EINVAL.",
            ClauseDialects.MacOs,
            NoName),

        Clause.NotObservable("CORE-UDS-006",
            "With EV_VANISHED requested, closing the watched descriptor delivers an event with EV_VANISHED|EV_ONESHOT instead of removing silently.",
            ClauseDialects.MacOs,
            NoName),

        new("CORE-UDS-007",
            "Bits 0x0100 and 0x0200 mean EV_FORCEONESHOT and EV_KEEPUDATA on FreeBSD, EV_UDATA_SPECIFIC and EV_VANISHED on macOS; a portable API must not expose them by raw number.",
            "FreeBSD sys/event.h; xnu bsd/sys/event.h",
            ClauseDialects.FreeBsd | ClauseDialects.MacOs,
            t =>
            {
                bool meansSomething = t.ByDialect(freeBsd: true, netBsd: false, openBsd: false, macOs: false);
                t.Add(1, EVFILT_USER, EV_CLEAR, udata: 1);
                t.Change(1, EVFILT_USER, EV_KEEPUDATA, NOTE_TRIGGER, udata: 2);
                t.Expect(1, EVFILT_USER, EV_CLEAR, udata: meansSomething ? 1 : 2);
                t.Change(1, EVFILT_USER, EV_FORCEONESHOT, udata: 3);
                if (meansSomething)
                    t.Expect(1, EVFILT_USER, EV_CLEAR | EV_ONESHOT, udata: 3);
                else
                    t.Delete(1, EVFILT_USER);
                t.ExpectNone();
                t.ExpectAbsent(1, EVFILT_USER);
            }),

        Clause.NotObservable("CORE-ABI-001",
            "A queue first used with kevent() rejects kevent64()/kevent_qos() with EINVAL, and the reverse.",
            ClauseDialects.MacOs,
            "native only: the contract of a backend has one call, kevent"),
    ]);
}
