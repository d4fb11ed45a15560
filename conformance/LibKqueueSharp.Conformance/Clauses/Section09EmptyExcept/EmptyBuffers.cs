namespace LibKqueueSharp.Conformance.Clauses;

internal static class EmptyBuffers
{
    public static ClauseGroup Group { get; } = new("9", "EVFILT_EMPTY",
    [
        new("EMPTY-001",
            "EVFILT_EMPTY fires when a socket's send buffer holds no unsent or unacknowledged data; data is 0.",
            "FreeBSD uipc_socket.c filt_soempty; trace empty_filter",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd,
            t =>
            {
                (Descriptor client, Descriptor _) = t.TcpPair();
                t.Add(client, EVFILT_EMPTY, EV_CLEAR);
                t.Expect(client, EVFILT_EMPTY, EV_CLEAR, fflags: 0, data: 0);
                t.ExpectNone();
                client.Write(100);
                t.Expect(client, EVFILT_EMPTY, EV_CLEAR, fflags: 0, data: 0);
            }),

        new("EMPTY-002",
            "Silent while bytes remain; data is only visible as 0 at delivery.",
            "FreeBSD uipc_socket.c filt_soempty",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd,
            t =>
            {
                (Descriptor client, Descriptor server) = t.TcpPair();
                client.Fill();
                t.Add(client, EVFILT_EMPTY);
                t.ExpectNone();
                KEvent[] events = [];
                while (events.Length == 0)
                {
                    server.Drain();
                    events = t.Poll();
                }

                t.Equal(0, events[0].Data, "data");
            }),

        new("EMPTY-003",
            "Listening socket: always fires.",
            "FreeBSD uipc_socket.c filt_soempty",
            ClauseDialects.FreeBsd,
            t =>
            {
                Descriptor listener = t.Listener();
                t.Add(listener, EVFILT_EMPTY);
                t.Expect(listener, EVFILT_EMPTY, EventFlags.None, data: 0);
                t.Expect(listener, EVFILT_EMPTY, EventFlags.None, data: 0);
            }),

        new("EMPTY-004",
            "Not a socket: EINVAL.",
            "FreeBSD sys_pipe.c pipe_kqfilter",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd,
            t =>
            {
                t.Needs(EventFilter.Empty);
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.ExpectErrno(Errno.EINVAL, reader, EVFILT_EMPTY, EV_ADD);
                t.ExpectErrno(Errno.EINVAL, writer, EVFILT_EMPTY, EV_ADD);
                t.ExpectErrno(Errno.EINVAL, t.OpenFile(bytes: 1), EVFILT_EMPTY, EV_ADD);
                t.ExpectAbsent(writer, EVFILT_EMPTY);
            }),

        new("EMPTY-005",
            "Level-triggered on an idle connected socket.",
            "FreeBSD uipc_socket.c filt_soempty",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd,
            t =>
            {
                (Descriptor client, _) = t.TcpPair();
                t.Add(client, EVFILT_EMPTY);
                t.Expect(client, EVFILT_EMPTY, EventFlags.None, data: 0);
                t.Expect(client, EVFILT_EMPTY, EventFlags.None, data: 0);
            }),

        new("EMPTY-006",
            "AF_UNIX stream: fires while the peer has nothing left to read, and is silent while bytes wait there (recorded on FreeBSD 13; the text of FreeBSD 15 tests the peer's buffer space and looks inverted).",
            "trace empty_filter",
            ClauseDialects.FreeBsd,
            t =>
            {
                (Descriptor one, Descriptor other) = t.SocketPair();
                t.Add(one, EVFILT_EMPTY, EV_CLEAR);
                t.Expect(one, EVFILT_EMPTY, EV_CLEAR, data: 0);
                one.Write(100);
                t.ExpectNone();
                other.Drain();
                t.Expect(one, EVFILT_EMPTY, EV_CLEAR, data: 0);
            }),
    ]);
}
