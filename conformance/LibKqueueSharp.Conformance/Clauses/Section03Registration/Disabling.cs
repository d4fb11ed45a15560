namespace LibKqueueSharp.Conformance.Clauses;

internal static class Disabling
{
    public static ClauseGroup Group { get; } = new("3.4", "EV_ENABLE and EV_DISABLE",
    [
        new("CORE-DIS-001",
            "A disabled registration is never returned.",
            "FreeBSD kqueue(2) EV_DISABLE",
            t =>
            {
                var (reader, writer) = t.Pipe(bytes: 1);
                t.Add(reader, EVFILT_READ);
                t.Expect(reader, EVFILT_READ);
                t.Disable(reader, EVFILT_READ);
                for (int i = 0; i < 3; i++)
                {
                    t.ExpectNone();
                    writer.Write(1);
                }

                writer.Close();
                t.ExpectNone();
            }),

        new("CORE-DIS-002",
            "EV_DISABLE suppresses an event already queued.",
            "FreeBSD kern_event.c kqueue_scan; libkqueue tests disable_drains",
            t =>
            {
                var (one, other) = t.SocketPair();
                t.Add(one, EVFILT_READ, EV_CLEAR);
                t.AddUsers(2);
                t.Trigger(1);
                t.Trigger(2);
                other.Write(1);
                t.Disable(1, EVFILT_USER);
                t.Disable(one, EVFILT_READ);
                t.ExpectIdents(2);
                t.ExpectNone();
            }),

        new("CORE-DIS-003",
            "The filter stays attached while disabled: activity is remembered and returned after EV_ENABLE if it still holds.",
            "FreeBSD kqueue(2) EV_DISABLE; FreeBSD kern_event.c KNOTE_ACTIVATE",
            t =>
            {
                foreach (EventFlags flags in (EventFlags[])[0, EV_CLEAR, EV_ONESHOT])
                {
                    var (reader, writer) = t.Pipe();
                    t.Add(reader, EVFILT_READ, flags);
                    t.Disable(reader, EVFILT_READ);
                    writer.Write(3);
                    t.ExpectNone();
                    t.Enable(reader, EVFILT_READ);
                    t.Expect(reader, EVFILT_READ, flags, data: 3);
                    reader.Read(3);
                }
            }),

        new("CORE-DIS-004",
            "A level condition that came and went while disabled is not returned after EV_ENABLE.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                var (reader, writer) = t.Pipe();
                var (one, other) = t.SocketPair();
                foreach (Descriptor watched in (Descriptor[])[reader, one])
                {
                    t.Add(watched, EVFILT_READ);
                    t.Disable(watched, EVFILT_READ);
                }

                writer.Write(5);
                other.Write(5);
                t.ExpectNone();
                reader.Read(5);
                one.Read(5);
                t.Enable(reader, EVFILT_READ);
                t.Enable(one, EVFILT_READ);
                t.ExpectNone();
                other.Write(1);
                t.Expect(one, EVFILT_READ, data: 1);
            }),

        new("CORE-DIS-005",
            "Counting filters (TIMER, SIGNAL) keep counting while disabled; the total arrives after EV_ENABLE.",
            "FreeBSD kern_event.c filt_timerexpire, filt_signal",
            t =>
            {
                TimerWatch timer = t.AddTimer(1, 2);
                t.Disable(1, EVFILT_TIMER);
                t.Sleep(20);
                t.ExpectNone();
                timer.BeforeCollecting();
                t.Enable(1, EVFILT_TIMER);
                t.Check(t.ExpectTimer(timer).Data >= 9, "the expirations while it was disabled were lost");
                t.Delete(1, EVFILT_TIMER);
                if (!t.Capabilities.Supports(EVFILT_SIGNAL))
                    return;

                // Sent to this process only while it ignores it.
                const nuint Signal = 30;
                t.Must("signal(SIG_IGN)", t.Host.Processes.Ignore($"{Signal}"));
                t.Add(Signal, EVFILT_SIGNAL);
                t.Disable(Signal, EVFILT_SIGNAL);
                for (int i = 0; i < 3; i++)
                    t.Must("kill()", t.Host.Processes.Kill(t.Host.Processes.Self, $"{Signal}"));
                t.ExpectNone();
                t.Enable(Signal, EVFILT_SIGNAL);
                t.Expect(Signal, EVFILT_SIGNAL, data: 3);
            }),

        new("CORE-DIS-006",
            "EV_DISABLE of a disabled and EV_ENABLE of an enabled registration succeed.",
            "FreeBSD kern_event.c kqueue_register",
            t =>
            {
                var (reader, _) = t.Pipe(bytes: 1);
                t.Add(reader, EVFILT_READ);
                t.Enable(reader, EVFILT_READ);
                t.Expect(reader, EVFILT_READ);
                t.Disable(reader, EVFILT_READ);
                t.Disable(reader, EVFILT_READ);
                t.ExpectNone();
                t.Enable(reader, EVFILT_READ);
                t.Expect(reader, EVFILT_READ);
            }),

        new("CORE-DIS-007",
            "Enabling and triggering in one change works (EVFILT_USER EV_ENABLE + NOTE_TRIGGER).",
            "libkqueue test user.c",
            t =>
            {
                t.Add(1, EVFILT_USER, EV_CLEAR | EV_DISABLE);
                t.Change(1, EVFILT_USER, EV_ENABLE, NOTE_TRIGGER);
                t.Expect(1, EVFILT_USER);
                t.ExpectNone();
            }),
    ]);
}
