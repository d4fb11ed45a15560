namespace LibKqueueSharp.Conformance.Clauses;

internal static class ExceptionalConditions
{
    public static ClauseGroup Group { get; } = new("9", "EVFILT_EXCEPT",
    [
        new("EXC-001",
            "EVFILT_EXCEPT with NOTE_OOB fires when TCP urgent data is pending or the read mark is at it; fflags has NOTE_OOB.",
            "OpenBSD uipc_socket.c filt_soexcept; xnu kqueue(2) EVFILT_EXCEPT",
            ClauseDialects.OpenBsd | ClauseDialects.MacOs,
            t =>
            {
                (Descriptor client, Descriptor server) = t.TcpPair();
                t.Add(server, EVFILT_EXCEPT, 0, NOTE_OOB);
                client.Write(5);
                t.ExpectNone();
                client.SendUrgent(1);
                t.Expect(server, EVFILT_EXCEPT, EventFlags.None, NOTE_OOB);
                t.Expect(server, EVFILT_EXCEPT, EventFlags.None, NOTE_OOB);
            }),

        new("EXC-002",
            "Without NOTE_OOB in fflags nothing is reported (OpenBSD, outside poll emulation).",
            "OpenBSD uipc_socket.c filt_soexcept",
            ClauseDialects.OpenBsd,
            t =>
            {
                (Descriptor client, Descriptor server) = t.TcpPair();
                t.Add(server, EVFILT_EXCEPT);
                client.SendUrgent(1);
                t.ExpectNone();
                t.Add(server, EVFILT_EXCEPT, 0, NOTE_OOB);
                t.Expect(server, EVFILT_EXCEPT, EventFlags.None, NOTE_OOB);
            }),

        new("EXC-003",
            "macOS: EXCEPT also fires with EV_EOF and the error in fflags when the read side is shut down.",
            "xnu kqueue(2) EVFILT_EXCEPT",
            ClauseDialects.MacOs,
            t =>
            {
                (Descriptor client, Descriptor server) = t.TcpPair();
                t.Add(server, EVFILT_EXCEPT, 0, NOTE_OOB);
                t.ExpectNone();
                client.Shutdown(write: true);
                t.Expect(server, EVFILT_EXCEPT, EV_EOF, fflags: 0);

                (Descriptor other, Descriptor reset) = t.TcpPair();
                TestQueue queue = t.NewQueue();
                queue.Add(reset, EVFILT_EXCEPT, 0, NOTE_OOB);
                other.Reset();
                queue.Expect(reset, EVFILT_EXCEPT, EV_EOF, (uint)Errno.ECONNRESET);
            }),

        new("EXC-004",
            "FreeBSD and NetBSD have no EVFILT_EXCEPT; -15 on FreeBSD is EVFILT_JAILDESC.",
            "FreeBSD and NetBSD sys/event.h",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd,
            t =>
            {
                (Descriptor one, _) = t.SocketPair();
                t.Call(new KEvent(one, EVFILT_EXCEPT, EV_ADD)).MustFail(Errno.EINVAL);
            }),

        Clause.NotObservable("EXC-005",
            "macOS EVFILT_READ sets EV_OOBAND in flags when urgent data is present.",
            ClauseDialects.MacOs,
            "native only: EventFlags has no such flag, which is one of the filter's own bits in FreeBSD's numbers"),

        new("EXC-006",
            "EVFILT_EXCEPT on a pipe fires with EV_EOF when the other end closes.",
            "OpenBSD sys_pipe.c filt_pipeexcept_common",
            ClauseDialects.OpenBsd,
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe(bytes: 3);
                t.Add(reader, EVFILT_EXCEPT);
                t.ExpectNone();
                writer.Close();
                t.Expect(reader, EVFILT_EXCEPT, EV_EOF);

                (Descriptor left, Descriptor waiting) = t.Pipe();
                TestQueue queue = t.NewQueue();
                queue.Add(waiting, EVFILT_EXCEPT);
                queue.ExpectNone();
                left.Close();
                queue.Expect(waiting, EVFILT_EXCEPT, EV_EOF);
            }),
    ]);
}
