namespace LibKqueueSharp.Conformance.Clauses;

internal static class Dispatching
{
    public static ClauseGroup Group { get; } = new("3.7", "EV_DISPATCH",
    [
        new("CORE-DSP-001",
            "EV_DISPATCH: the registration is disabled after each delivery.",
            "FreeBSD kqueue(2) EV_DISPATCH",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe(bytes: 5);
                t.Add(reader, EVFILT_READ, EV_DISPATCH);
                t.Expect(reader, EVFILT_READ, data: 5);
                t.ExpectNone();
                writer.Write(5);
                t.ExpectNone();
                t.Delete(reader, EVFILT_READ);
            }),

        new("CORE-DSP-002",
            "EV_ENABLE re-arms; a condition still true is delivered again at once on F and M. On N and O, as recorded, EV_ENABLE does not look at the object: new activity is delivered.",
            "FreeBSD kern_event.c kqueue_register; trace dispatch",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe(bytes: 5);
                t.Add(reader, EVFILT_READ, EV_DISPATCH);
                t.Expect(reader, EVFILT_READ, data: 5);
                t.Enable(reader, EVFILT_READ);
                if (t.ByDialect(freeBsd: false, netBsd: true, openBsd: true, macOs: false))
                {
                    t.ExpectNone();
                    writer.Write(1);
                }

                t.Expect(reader, EVFILT_READ, data: t.ByDialect(5, 6, 6, 5));
                t.ExpectNone();
            }),

        new("CORE-DSP-003",
            "EV_DISPATCH is sticky: it survives triggers and enable/disable cycles and shows in delivered flags.",
            "libkqueue test user.c dispatch_durable",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(reader, EVFILT_READ, EV_DISPATCH);
                for (int cycle = 0; cycle < 3; cycle++)
                {
                    writer.Write(1);
                    t.Expect(reader, EVFILT_READ, EV_DISPATCH, data: 1);
                    t.ExpectNone();
                    reader.Read(1);
                    t.Disable(reader, EVFILT_READ);
                    t.Enable(reader, EVFILT_READ);
                    t.ExpectNone();
                }
            }),

        new("CORE-DSP-004",
            "EV_DISPATCH|EV_CLEAR: both act (state reset and disabled) on F,O,D,M; NetBSD resets but does not disable, because its scan tests EV_CLEAR first.",
            "FreeBSD, OpenBSD, DragonFly, NetBSD kern_event.c kqueue_scan; libkqueue test signal.c, timer.c",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe(bytes: 5);
                t.Add(reader, EVFILT_READ, EV_DISPATCH | EV_CLEAR);
                t.Expect(reader, EVFILT_READ, EV_DISPATCH | EV_CLEAR, data: 5);
                t.ExpectNone();
                writer.Write(5);
                if (t.ByDialect(freeBsd: true, netBsd: false, openBsd: true, macOs: true))
                {
                    t.ExpectNone();
                    t.Enable(reader, EVFILT_READ);
                }

                t.Expect(reader, EVFILT_READ, EV_DISPATCH | EV_CLEAR, data: 10);
                t.ExpectNone();
            }),

        new("CORE-DSP-005",
            "Activity during the disabled period is delivered after EV_ENABLE.",
            "FreeBSD kern_event.c KNOTE_ACTIVATE, kqueue_register",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe(bytes: 5);
                t.Add(reader, EVFILT_READ, EV_DISPATCH);
                t.Expect(reader, EVFILT_READ, data: 5);
                writer.Write(3);
                t.ExpectNone();
                t.Enable(reader, EVFILT_READ);
                t.Expect(reader, EVFILT_READ, data: 8);
            }),

        new("CORE-DSP-006",
            "With several threads, each activation of an EV_DISPATCH registration is delivered to exactly one.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(reader, EVFILT_READ, EV_DISPATCH);
                List<Waiter> waiters = [.. t.WaitTogether(4)];
                while (waiters.Count > 0)
                {
                    writer.Write(1);
                    Waiter woken = t.ExpectOneReturns(waiters);
                    woken.Expect(reader);
                    waiters.Remove(woken);
                    reader.Read(1);
                    t.Enable(reader, EVFILT_READ);
                }
            }),
    ]);
}
