namespace LibKqueueSharp.Conformance.Clauses;

internal static class EndOfConnections
{
    public static ClauseGroup Group { get; } = new("7.1", "EVFILT_READ on sockets: EV_EOF",
    [
        new("READ-EOF-001",
            "Peer close or shutdown(SHUT_WR): fires with EV_EOF; data is the number of bytes still buffered (may be > 0).",
            "FreeBSD uipc_socket.c filt_soread",
            t => SocketData.ForEachStream(t, (watched, peer) =>
            {
                t.Add(watched, EVFILT_READ);
                t.ExpectNone();
                peer.Write(5);
                peer.Shutdown(write: true);
                t.Expect(watched, EVFILT_READ, EV_EOF, data: 5);
                watched.Read(5);
                t.Expect(watched, EVFILT_READ, EV_EOF, data: 0);
                peer.Close();
                t.Expect(watched, EVFILT_READ, EV_EOF, data: 0);
            })),

        new("READ-EOF-002",
            "EV_EOF keeps being reported (level) until the descriptor is closed or deleted.",
            "FreeBSD uipc_socket.c filt_soread",
            t => SocketData.ForEachStream(t, (watched, peer) =>
            {
                t.Add(watched, EVFILT_READ);
                peer.Close();
                for (int i = 0; i < 4; i++)
                    t.Expect(watched, EVFILT_READ, EV_EOF);
                t.Delete(watched, EVFILT_READ);
                t.ExpectNone();
            })),

        new("READ-EOF-003",
            "fflags is the socket error: 0 after an orderly close, ECONNRESET after a reset.",
            "FreeBSD uipc_socket.c filt_soread",
            t =>
            {
                var (client, server) = t.TcpPair();
                t.Add(client, EVFILT_READ);
                server.Close();
                t.Expect(client, EVFILT_READ, EV_EOF, fflags: 0);
                client.Close();
                (client, server) = t.TcpPair();
                t.Add(client, EVFILT_READ);
                server.Reset();
                t.Expect(client, EVFILT_READ, EV_EOF, fflags: (uint)Errno.ECONNRESET);
            }),

        new("READ-EOF-004",
            "Reporting the error in fflags does not clear it: getsockopt(SO_ERROR) still returns it.",
            "FreeBSD uipc_socket.c filt_soread",
            t =>
            {
                var (client, server) = t.TcpPair();
                t.Add(client, EVFILT_READ);
                server.Reset();
                for (int i = 0; i < 2; i++)
                    t.Expect(client, EVFILT_READ, EV_EOF, fflags: (uint)Errno.ECONNRESET);
                t.Equal(Errno.ECONNRESET, client.TakeError(), "SO_ERROR");
            }),

        new("READ-EOF-005",
            "Local shutdown(SHUT_RD) also makes READ fire with EV_EOF.",
            "FreeBSD uipc_socket.c filt_soread",
            t => SocketData.ForEachStream(t, (watched, _) =>
            {
                t.Add(watched, EVFILT_READ);
                t.ExpectNone();
                watched.Shutdown(read: true);
                t.Expect(watched, EVFILT_READ, EV_EOF, data: 0);
            })),

        new("READ-EOF-006",
            "Local shutdown(SHUT_WR) alone does not make READ fire.",
            "FreeBSD uipc_socket.c filt_soread",
            t => SocketData.ForEachStream(t, (watched, peer) =>
            {
                t.Add(watched, EVFILT_READ);
                watched.Shutdown(write: true);
                t.ExpectNone();
                peer.Write(1);
                t.Expect(watched, EVFILT_READ, 0, data: 1);
            })),

        Clause.NotObservable("READ-EOF-007",
            "DragonFly additionally sets EV_NODATA when EOF and the buffer is empty.",
            ClauseDialects.None,
            "DragonFly is none of the dialects"),

        new("READ-EOF-008",
            "With EV_CLEAR, the EOF edge is reported once.",
            "FreeBSD uipc_socket.c socantrcvmore",
            t => SocketData.ForEachStream(t, (watched, peer) =>
            {
                t.Add(watched, EVFILT_READ, EV_CLEAR);
                t.ExpectNone();
                peer.Shutdown(write: true);
                t.Expect(watched, EVFILT_READ, EV_EOF | EV_CLEAR);
                t.ExpectNone();
            })),
    ]);
}
