using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

internal static class QueuesAndProcesses
{
    private const string NoFork = "a managed process cannot go on after fork()";

    public static ClauseGroup Group { get; } = new("1", "Queues and other processes",
    [
        Clause.NotObservable("KQ-FORK-001",
            "After fork() the queue descriptor number is not open in the child: kevent() there gives EBADF and the number may be reused.",
            NoFork),

        new("KQ-FORK-002",
            "The parent's queue is unaffected by fork() and by anything the child does (closing its copies of watched descriptors removes nothing in the parent).",
            "FreeBSD kern_event.c knote_fdclose",
            t =>
            {
                var (reader, writer) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                t.AddUsers(1);
                t.Trigger(1);
                t.Must("wait()", t.Host.Processes.Wait(t.Must("spawn()", t.Host.Processes.Spawn(default(ChildPlan)))));
                t.Expect(1, EVFILT_USER);
                t.ExpectNone();
                writer.Write(3);
                t.Expect(reader, EVFILT_READ, data: 3);
            }),

        Clause.NotObservable("KQ-FORK-003",
            "With rfork() sharing the descriptor table, both processes use the same queue.",
            ClauseDialects.FreeBsd, NoFork),

        Clause.NotObservable("KQ-FORK-004",
            "EVFILT_SIGNAL registered by the child of rfork(RFPROC) watches the child's signals, not the parent's.",
            ClauseDialects.FreeBsd, NoFork),

        Clause.NotObservable("KQ-FORK-005",
            "KQUEUE_CPONFORK: the child gets, at the same descriptor number, its own deep copy; each pending one-shot registration fires once in the parent and once in the child.",
            ClauseDialects.FreeBsd, NoFork),

        Clause.NotObservable("KQ-FORK-006",
            "KQUEUE_CPONFORK: knotes on descriptors that the child does not inherit (close-on-fork, or a queue without CPONFORK) are silently not copied.",
            ClauseDialects.FreeBsd, NoFork),

        Clause.NotObservable("KQ-FORK-007",
            "KQUEUE_CPONFORK: an already queued event is queued in the copy as well; timers keep their absolute next deadline.",
            ClauseDialects.FreeBsd, NoFork),

        Clause.NotObservable("KQ-EXEC-001",
            "A queue without close-on-exec stays open across execve() at the same number.",
            "the queues of the contract are close-on-exec"),

        new("KQ-PASS-001",
            "Sending a queue descriptor through SCM_RIGHTS fails.",
            "OpenBSD kqueue(2) DESCRIPTION; OpenBSD regress kqueue-fdpass.c",
            ClauseDialects.OpenBsd,
            t => t.MustFail("sendmsg(SCM_RIGHTS)", t.QueueDescriptors.Pass(t.Queue.Backend.Descriptor))),

        Clause.NotObservable("KQ-CAP-001",
            "In Capsicum mode kevent() needs CAP_KQUEUE_CHANGE for changes and CAP_KQUEUE_EVENT for collecting; a watched descriptor needs CAP_EVENT. Missing rights give ENOTCAPABLE.",
            ClauseDialects.FreeBsd, "a process cannot leave Capsicum mode again"),
    ]);
}
