using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

internal static class Signals
{
    // Sent to this process only while it ignores them.
    private const nuint First = 30;
    private const nuint Second = 31;
    private const nuint WindowChanged = 28;

    private const string NoMask = "a managed program cannot block a signal in all of its threads";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static ClauseGroup Group { get; } = new("13", "EVFILT_SIGNAL",
    [
        new("SIG-001",
            "ident is the signal number; fires when the signal is sent to the process; data is how often since the last retrieval.",
            "FreeBSD kqueue(2) EVFILT_SIGNAL; OpenBSD kern_sig.c filt_signal",
            t =>
            {
                Watch(t, First);
                t.Must("signal(SIG_IGN)", t.Host.Processes.Ignore($"{Second}"));
                t.ExpectNone();
                Send(t, First, 3);
                Send(t, Second, 1);
                t.Expect(First, EVFILT_SIGNAL, data: 3);
                t.ExpectNone();
            }),

        new("SIG-002",
            "EV_CLEAR is automatic; data restarts at 0 after retrieval.",
            "OpenBSD kern_sig.c filt_sigattach",
            t =>
            {
                Watch(t, First);
                Send(t, First, 2);
                t.Expect(First, EVFILT_SIGNAL, flags: EV_CLEAR, data: 2);
                t.ExpectNone();
                Send(t, First, 1);
                t.Expect(First, EVFILT_SIGNAL, flags: EV_CLEAR, data: 1);
            }),

        new("SIG-003",
            "Recorded even when the disposition is SIG_IGN.",
            "FreeBSD kqueue(2) EVFILT_SIGNAL; kern_sig.c tdsendsignal",
            t =>
            {
                Watch(t, First);
                Send(t, First, 1);
                t.Expect(First, EVFILT_SIGNAL, data: 1);
            }),

        Clause.NotObservable("SIG-004",
            "Exception: SIGCHLD while ignored is not recorded.",
            ClauseDialects.FreeBsd, "a program that ignores SIGCHLD cannot wait for its children, and this one has to"),

        new("SIG-005",
            "Ignored or default SIGCONT is recorded.",
            "libkqueue test signal.c",
            ClauseDialects.FreeBsd | ClauseDialects.MacOs,
            t =>
            {
                nuint continued = (nuint)t.Must("SIGCONT", t.Host.Processes.Number("CONT"));
                t.Add(continued, EVFILT_SIGNAL);
                Send(t, continued, 1);
                t.Expect(continued, EVFILT_SIGNAL, data: 1);
                Watch(t, continued);
                Send(t, continued, 1);
                t.Expect(continued, EVFILT_SIGNAL, data: 1);
            }),

        Clause.NotObservable("SIG-006",
            "Recorded when the signal is blocked; the signal also stays pending.",
            NoMask),

        new("SIG-007",
            "Coexists with sigaction(): the handler still runs.",
            "FreeBSD kqueue(2) EVFILT_SIGNAL",
            t =>
            {
                long before = t.Must("handled", t.Host.Processes.Handled);
                t.Add(WindowChanged, EVFILT_SIGNAL);
                t.Must("pthread_kill()", t.Host.Processes.Interrupt(t.Must("pthread_self()", t.Host.Processes.CurrentThread)));
                Handle(t, before);
                t.Delete(WindowChanged, EVFILT_SIGNAL);
                t.Must("pthread_kill()", t.Host.Processes.Interrupt(t.Must("pthread_self()", t.Host.Processes.CurrentThread)));
                Handle(t, before + 1);
            }),

        Clause.NotObservable("SIG-008",
            "Notification precedes ordinary delivery.",
            ClauseDialects.FreeBsd | ClauseDialects.MacOs, "a program cannot collect an event between the notification and the delivery"),

        new("SIG-009",
            "A wait interrupted by the same signal returns EINTR or the event; the event is not lost and can be collected next.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                t.Add(WindowChanged, EVFILT_SIGNAL);
                CallResult result = t.CallUnderSignals(() => t.Queue.CallOnce([], 1, KeventTimeout.Infinite));
                if (result.Error == Errno.EINTR)
                    t.Collect(1);
                else
                    result.MustReturn(1);
            }),

        Clause.NotObservable("SIG-010",
            "Signals already pending before registration are not counted.",
            NoMask),

        new("SIG-011",
            "Only the registering process's signals count; other processes' are not visible.",
            "OpenBSD kern_sig.c filt_sigattach",
            t =>
            {
                Watch(t, First);
                long child = t.Must("spawn()", t.Host.Processes.Spawn(new ChildPlan(0, false, false, 100_000_000, 0)));
                t.Must("kill()", t.Host.Processes.Kill(child, $"{First}"));
                t.Must("wait()", t.Host.Processes.Wait(child));
                t.ExpectNone();
            }),

        new("SIG-012",
            "Signals to a specific thread (pthread_kill) are counted on FreeBSD, and not on macOS.",
            "libkqueue test signal.c; macOS psignal_internal (PSIG_THREAD)",
            ClauseDialects.FreeBsd | ClauseDialects.MacOs,
            t =>
            {
                long before = t.Must("handled", t.Host.Processes.Handled);
                t.Add(WindowChanged, EVFILT_SIGNAL);
                t.Must("pthread_kill()", t.Host.Processes.Interrupt(t.Must("pthread_self()", t.Host.Processes.CurrentThread)));
                Handle(t, before);
                if (t.ByDialect(freeBsd: true, netBsd: true, openBsd: true, macOs: false))
                    t.Expect(WindowChanged, EVFILT_SIGNAL, data: 1);
                else
                    t.ExpectNone();
            }),

        Clause.NotObservable("SIG-013",
            "Several sends of one signal while blocked count individually (unlike pending signals).",
            NoMask),

        new("SIG-014",
            "Invalid signal number: OpenBSD EINVAL for ident >= NSIG.",
            "OpenBSD kern_sig.c filt_sigattach; libkqueue test signal.c",
            ClauseDialects.OpenBsd,
            t => t.ExpectErrno(Errno.EINVAL, 1000, EVFILT_SIGNAL, EV_ADD)),

        new("SIG-015",
            "SIGKILL and SIGSTOP may be registered; harmless.",
            "no kernel's filt_sigattach looks at which signal it is",
            t =>
            {
                t.Add((nuint)t.Must("SIGKILL", t.Host.Processes.Number("KILL")), EVFILT_SIGNAL);
                t.Add((nuint)t.Must("SIGSTOP", t.Host.Processes.Number("STOP")), EVFILT_SIGNAL);
                t.ExpectNone();
            }),

        new("SIG-016",
            "Two queues watching one signal both count it.",
            "libkqueue test signal.c",
            t =>
            {
                Watch(t, First);
                TestQueue other = t.NewQueue();
                other.Add(First, EVFILT_SIGNAL);
                Send(t, First, 2);
                t.Expect(First, EVFILT_SIGNAL, data: 2);
                other.Expect(First, EVFILT_SIGNAL, data: 2);
            }),

        new("SIG-017",
            "raise(), kill(), alarm(), timer and kernel-generated signals (SIGPIPE, SIGALRM) all count.",
            "FreeBSD kern_sig.c tdsendsignal",
            t =>
            {
                nuint broken = (nuint)t.Must("SIGPIPE", t.Host.Processes.Number("PIPE"));
                Watch(t, broken);
                var (reader, writer) = t.Pipe();
                reader.Close();
                t.Equal("EPIPE", t.MustFail("write()", t.Host.Descriptors.Write(writer.Number, 1)), "the error of write(2)");
                t.Expect(broken, EVFILT_SIGNAL, data: 1);
                Send(t, broken, 1);
                t.Expect(broken, EVFILT_SIGNAL, data: 1);
            }),

        new("SIG-018",
            "fflags and input data are ignored; output fflags is 0.",
            "OpenBSD kern_sig.c filt_signal",
            t =>
            {
                t.Must("signal(SIG_IGN)", t.Host.Processes.Ignore($"{First}"));
                t.Add(First, EVFILT_SIGNAL, fflags: 3, data: 9);
                Send(t, First, 1);
                t.Expect(First, EVFILT_SIGNAL, fflags: 0, data: 1);
            }),

        Clause.NotObservable("SIG-019",
            "Registrations do not pass to a forked child.",
            "a managed process cannot go on after fork()"),

        Clause.NotObservable("SIG-020",
            "sigwait()/sigtimedwait() by another thread still leaves the event counted.",
            ClauseDialects.FreeBsd, NoMask),
    ]);

    private static void Watch(ClauseTest t, nuint signal)
    {
        t.Must("signal(SIG_IGN)", t.Host.Processes.Ignore($"{signal}"));
        t.Add(signal, EVFILT_SIGNAL);
    }

    /// <summary>Waits until the handler has run once more.</summary>
    private static void Handle(ClauseTest t, long before)
    {
        bool handled = SpinWait.SpinUntil(() => t.Must("handled", t.Host.Processes.Handled) > before, s_patience);
        t.Check(handled, "the handler did not run");
    }

    private static void Send(ClauseTest t, nuint signal, int times)
    {
        for (int i = 0; i < times; i++)
            t.Must("kill()", t.Host.Processes.Kill(t.Host.Processes.Self, $"{signal}"));
    }
}
