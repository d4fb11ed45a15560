namespace LibKqueueSharp.Conformance.Clauses;

internal static class Timeouts
{
    // Longer than the suite lets a clause take.
    private static readonly KeventTimeout s_tooLong = KeventTimeout.FromTimespec(3600, 0);

    public static ClauseGroup Group { get; } = new("2.3", "Timeouts",
    [
        new("CALL-TMO-001",
            "timeout {0,0} polls: returns immediately with what is ready, else 0.",
            "FreeBSD kqueue(2) DESCRIPTION; recorded on FreeBSD 13, NetBSD 7 and OpenBSD 5.1 (scenario timeouts)",
            t =>
            {
                t.Call([], 4, KeventTimeout.FromTimespec(0, 0)).MustReturn(0);
                t.AddUsers(1);
                t.Trigger(1);
                t.Add(t.Pipe(bytes: 1).Reader, EVFILT_READ, EV_CLEAR);
                t.Call([], 4, KeventTimeout.FromTimespec(0, 0)).MustReturn(2);
                t.Call([], 4, KeventTimeout.FromTimespec(0, 0)).MustReturn(0);
            }),

        new("CALL-TMO-002",
            "timeout NULL waits until at least one event, an error or a signal.",
            "FreeBSD kqueue(2) DESCRIPTION",
            t =>
            {
                t.AddUsers(1);
                Waiter waiter = t.Wait();
                waiter.ExpectWaiting();
                t.Trigger(1);
                waiter.Expect(1);
                t.Call([new KEvent(2, EVFILT_USER, EV_DELETE)], 1, KeventTimeout.Infinite).MustReturn(1);
            }),

        new("CALL-TMO-003",
            "A positive timeout with nothing ready returns 0 no earlier than the interval.",
            "FreeBSD kqueue(2) RETURN VALUES; FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                t.Add(t.Pipe().Reader, EVFILT_READ);
                t.Add(1, EVFILT_TIMER, data: 3_600_000);
                foreach (double milliseconds in (double[])[50, 7.3, 1, 0.4, 0.000_1])
                {
                    TimeSpan interval = TimeSpan.FromMilliseconds(milliseconds);
                    CallResult result = t.Call([], 1, KeventTimeout.FromTimeSpan(interval));
                    result.MustReturn(0);
                    t.Check(result.Elapsed >= interval, $"a wait of {milliseconds} ms took {result.Elapsed.TotalMilliseconds} ms");
                }
            }),

        new("CALL-TMO-004",
            "A positive timeout returns as soon as the first event arrives, without waiting out the rest.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                var (reader, writer) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                t.AddUsers(1);
                foreach ((nuint ident, Action cause) in ((nuint, Action)[])[(1, () => t.Trigger(1)), (reader, () => writer.Write(1))])
                {
                    Waiter waiter = t.Wait(t.Queue, 1, s_tooLong);
                    cause();
                    waiter.Expect(ident);
                }
            }),

        new("CALL-TMO-005",
            "With events already pending the timeout is not waited for.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                t.AddUsers(1);
                t.Trigger(1);
                t.Call([], 4, s_tooLong).MustReturn(1);
                t.Add(t.Pipe(bytes: 1).Reader, EVFILT_READ);
                t.Call([], 4, s_tooLong).MustReturn(1);
                t.Call([], 4, KeventTimeout.Infinite).MustReturn(1);
            }),

        new("CALL-TMO-006",
            "tv_nsec < 0 or >= 1e9 gives EINVAL on F,N,O,M; DragonFly does not validate.",
            "FreeBSD kqueue_scan; OpenBSD sys_kevent; NetBSD kqueue_scan; xnu kevent_legacy_get_deadline",
            t =>
            {
                t.AddUsers(1);
                t.Trigger(1);
                foreach (long nanoseconds in (long[])[-1, 1_000_000_000, long.MaxValue, long.MinValue])
                    t.Call([], 1, KeventTimeout.FromTimespec(0, nanoseconds)).MustFail(Errno.EINVAL);
                t.Expect(1, EVFILT_USER);
            }),

        new("CALL-TMO-007",
            "tv_sec < 0 gives EINVAL on F,N,O (macOS via timespec_is_valid: UNVERIFIED); DragonFly treats it as already expired and returns 0.",
            "FreeBSD kqueue_scan; OpenBSD sys_kevent; NetBSD kqueue_scan",
            t =>
            {
                t.AddUsers(1);
                t.Trigger(1);
                foreach (long seconds in (long[])[-1, long.MinValue])
                    t.Call([], 1, KeventTimeout.FromTimespec(seconds, 0)).MustFail(Errno.EINVAL);
                t.Expect(1, EVFILT_USER);
            }),

        new("CALL-TMO-008",
            "Invalid timeout with nevents==0: FreeBSD and NetBSD return 0 (never looked at); OpenBSD and macOS return EINVAL.",
            "FreeBSD, NetBSD kqueue_scan; OpenBSD sys_kevent; xnu kevent_internal",
            t =>
            {
                CallResult result = t.Call([], 0, KeventTimeout.FromTimespec(0, -1));
                Errno expected = t.ByDialect(Errno.None, Errno.None, Errno.EINVAL, Errno.EINVAL);
                t.Equal((expected == Errno.None ? 0 : -1, expected), (result.Count, result.Error), "the answer");
            }),

        new("CALL-TMO-009",
            "Invalid timeout with changes: FreeBSD and NetBSD apply the changes and then fail; OpenBSD and macOS fail before applying any.",
            "FreeBSD, NetBSD kqueue_scan; OpenBSD sys_kevent; xnu kevent_internal",
            t =>
            {
                t.Call([new KEvent(1, EVFILT_USER, EV_ADD)], 1, KeventTimeout.FromTimespec(0, -1)).MustFail(Errno.EINVAL);
                t.ByDialect<Action>(
                    freeBsd: () => t.ExpectRegistered(1, EVFILT_USER),
                    netBsd: () => t.ExpectRegistered(1, EVFILT_USER),
                    openBsd: () => t.ExpectAbsent(1, EVFILT_USER),
                    macOs: () => t.ExpectAbsent(1, EVFILT_USER))();
            }),

        new("CALL-TMO-010",
            "Very large tv_sec does not overflow: the call waits (FreeBSD treats > INT32_MAX seconds as forever).",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                t.AddUsers(1);
                foreach (long seconds in (long[])[int.MaxValue, (long)int.MaxValue + 1, 1L << 33, 1L << 40, long.MaxValue])
                {
                    Waiter waiter = t.Wait(t.Queue, 1, KeventTimeout.FromTimespec(seconds, 999_999_999));
                    waiter.ExpectWaiting();
                    t.Trigger(1);
                    waiter.Expect(1);
                }
            }),

        Clause.NotObservable("CALL-TMO-011",
            "The wait is measured on a monotonic clock: changing wall-clock time does not shorten or lengthen it.",
            "changing the clock needs privilege and disturbs the whole machine"),

        new("CALL-TMO-012",
            "A wake-up whose event turns out stale does not end the wait early with 0; waiting continues for the remaining time.",
            "FreeBSD kern_event.c kqueue_scan retry",
            t =>
            {
                const int Rounds = 300;
                var (reader, writer) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                t.AddUsers(1);
                void Collect()
                {
                    KEvent e;
                    do
                    {
                        e = t.Call([], 1, t.Patience).MustReturn(1)[0];
                        t.Check(e.Filter == EVFILT_USER || e.Data > 0, $"a stale event was returned: {e}");
                    }
                    while (e.Filter != EVFILT_USER);
                }

                void MakeStale()
                {
                    for (int round = 0; round < Rounds; round++)
                    {
                        writer.Write(1);
                        reader.Read(1);
                    }

                    t.Trigger(1);
                }

                t.Together(Collect, MakeStale);
                t.ExpectNone();
            }),

        Clause.NotObservable("CALL-TMO-013",
            "kevent64/kevent_qos with KEVENT_FLAG_IMMEDIATE never block and ignore the timeout.",
            ClauseDialects.MacOs, "the contract is kevent(), and not kevent64() or kevent_qos()"),

        Clause.NotObservable("CALL-TMO-014",
            "KEVENT_FLAG_ERROR_EVENTS: only change errors (and receipts) are returned; pending events are left alone and the call does not wait.",
            ClauseDialects.MacOs, "the contract is kevent(), and not kevent64() or kevent_qos()"),
    ]);
}
