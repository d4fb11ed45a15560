namespace LibKqueueSharp.Conformance.Clauses;

internal static class Interruption
{
    public static ClauseGroup Group { get; } = new("2.4", "Signals and cancellation",
    [
        new("CALL-INTR-001",
            "A caught signal during the wait makes kevent() return -1, EINTR when no event was collected.",
            "FreeBSD kqueue(2) ERRORS",
            t =>
            {
                t.AddUsers(1);
                t.CallUnderSignals(() => t.Queue.CallOnce([], 1, KeventTimeout.Infinite)).MustFail(Errno.EINTR);
                t.CallUnderSignals(() => t.Queue.CallOnce([], 1, t.Patience)).MustFail(Errno.EINTR);
                t.Trigger(1);
                t.CallUnderSignals(() => t.Queue.CallOnce([], 1, KeventTimeout.Infinite)).MustReturn(1);
            }),

        new("CALL-INTR-002",
            "EINTR is returned even when the handler was installed with SA_RESTART.",
            "FreeBSD, OpenBSD, NetBSD, DragonFly, xnu kern_event.c kqueue_scan",
            t =>
            {
                t.Add(t.Pipe().Reader, EVFILT_READ);
                t.Add(1, EVFILT_TIMER, data: 3_600_000);
                t.CallUnderSignals(() => t.Queue.CallOnce([], 1, KeventTimeout.Infinite)).MustFail(Errno.EINTR);
            }),

        new("CALL-INTR-003",
            "After EINTR all changes of that call have been applied.",
            "FreeBSD kqueue(2) ERRORS",
            t =>
            {
                var (reader, writer) = t.Pipe();
                KEvent[] changes = [new(1, EVFILT_USER, EV_ADD), new(reader, EVFILT_READ, EV_ADD)];
                t.CallUnderSignals(() => t.Queue.CallOnce(changes, 1, KeventTimeout.Infinite)).MustFail(Errno.EINTR);
                writer.Write(1);
                t.Expect(reader, EVFILT_READ);
                t.Delete(1, EVFILT_USER);
            }),

        new("CALL-INTR-004",
            "A signal that is ignored or blocked does not interrupt the wait.",
            "FreeBSD sigaction(2)",
            t =>
            {
                const string Signal = "USR1";
                const int Sent = 10;
                int interruptions = 0;
                t.AddUsers(1);
                t.Must("signal(SIG_IGN)", t.Host.Processes.Ignore(Signal));
                void Wait()
                {
                    CallResult result;
                    while ((result = t.Queue.CallOnce([], 1, t.Patience)).Error == Errno.EINTR)
                        interruptions++;
                    result.MustReturn(1);
                }

                void Send()
                {
                    for (int i = 0; i < Sent; i++)
                    {
                        t.Must("kill()", t.Host.Processes.Kill(t.Host.Processes.Self, Signal));
                        t.Sleep(2);
                    }

                    t.Trigger(1);
                }

                t.Together(Wait, Send);

                // The runtime sends itself a signal now and then.
                t.Check(interruptions < Sent / 2, $"{Sent} signals that are ignored interrupted the wait {interruptions} times");
            }),

        Clause.NotObservable("CALL-CANCEL-001",
            "kevent() with nevents != 0 is a thread cancellation point, with nevents == 0 it is not; cancellation acts only before any change or when blocked with no changes requested.",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd, "a managed thread cannot be cancelled"),
    ]);
}
