namespace LibKqueueSharp.Conformance.Clauses;

internal static class WritingSockets
{
    private const long DefaultLowWater = 2048;
    private const long MoreThanAnyBuffer = 1L << 40;

    public static ClauseGroup Group { get; } = new("8", "EVFILT_WRITE: sockets",
    [
        new("WRITE-SOCK-001",
            "Fires when free space in the send buffer >= SO_SNDLOWAT; data is the free space in bytes.",
            "traces sockpair_write; FreeBSD uipc_socket.c filt_sowrite",
            t =>
            {
                (Descriptor one, _) = t.SocketPair();
                t.Add(one, EVFILT_WRITE);
                long room = t.Expect(one, EVFILT_WRITE, EventFlags.None, fflags: 0).Data;
                t.Check(room >= DefaultLowWater, $"data was to be at least the low-water mark, and is {room}");
                t.Expect(one, EVFILT_WRITE, data: room);
                one.Fill();
                t.ExpectNone();
            }),

        new("WRITE-SOCK-002",
            "Silent while the buffer is full; fires after the peer drains enough.",
            "traces sockpair_write",
            t =>
            {
                (Descriptor one, Descriptor other) = t.SocketPair();
                one.Fill();
                t.Add(one, EVFILT_WRITE);
                t.ExpectNone();
                other.Read(1);
                t.ExpectNone();
                other.Drain();
                t.Expect(one, EVFILT_WRITE, EventFlags.None);
            }),

        new("WRITE-SOCK-003",
            "NOTE_LOWAT with data=N: fires when free space >= N; N above SO_SNDBUF never fires.",
            "traces lowat_sock_write",
            t =>
            {
                (Descriptor one, _) = t.SocketPair();
                t.Add(one, EVFILT_WRITE);
                long room = t.Expect(one, EVFILT_WRITE).Data;
                t.Add(one, EVFILT_WRITE, 0, NOTE_LOWAT, room);
                t.Expect(one, EVFILT_WRITE, data: room);
                t.Add(one, EVFILT_WRITE, 0, NOTE_LOWAT, room + 1);
                t.ExpectNone();
                t.Add(one, EVFILT_WRITE, 0, NOTE_LOWAT, MoreThanAnyBuffer);
                t.ExpectNone();
                t.Add(one, EVFILT_WRITE, 0, NOTE_LOWAT, 1);
                t.Expect(one, EVFILT_WRITE, data: room);
            }),

        new("WRITE-SOCK-004",
            "TCP not yet connected: silent. Becomes writable when the connection is established.",
            "traces tcp_connect, tcp_unconnected_add",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                Descriptor listener = t.Listener();
                Descriptor client = t.Tcp();
                t.Add(client, EVFILT_WRITE);
                t.ExpectNone();
                client.Connect(listener.Port);
                KEvent e = t.Expect(client, EVFILT_WRITE, EventFlags.None, fflags: 0);
                t.Check(e.Data > 0, $"data was to be the room for a connected socket's bytes: {e}");
            }),

        new("WRITE-SOCK-005",
            "Failed connect: fires with EV_EOF and the errno in fflags.",
            "FreeBSD uipc_socket.c filt_sowrite",
            t =>
            {
                Descriptor client = t.Tcp();
                t.Add(client, EVFILT_WRITE);
                client.Connect(t.ClosedPort());
                t.Expect(client, EVFILT_WRITE, EV_EOF, (uint)Errno.ECONNREFUSED);
            }),

        new("WRITE-SOCK-006",
            "Unconnected UDP socket: writable at once.",
            "FreeBSD uipc_socket.c filt_sowrite; libkqueue test/write.c",
            t =>
            {
                Descriptor socket = t.Udp();
                t.Add(socket, EVFILT_WRITE);
                KEvent e = t.Expect(socket, EVFILT_WRITE, EventFlags.None, fflags: 0);
                t.Check(e.Data > 0, $"data was to be the room for a datagram: {e}");
            }),

        new("WRITE-SOCK-007",
            "Listening socket: accepted, never fires.",
            "FreeBSD and OpenBSD uipc_socket.c filt_sowrite",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                Descriptor listener = t.Listener();
                t.Add(listener, EVFILT_WRITE);
                t.ExpectNone();
                t.ConnectTo(listener);
                t.ExpectNone();
                t.Delete(listener, EVFILT_WRITE);
            }),

        new("WRITE-SOCK-008",
            "Peer fully closed: EV_EOF once the connection can no longer send (for TCP after the RST arrives, e.g. provoked by a send); fflags carries the error.",
            "FreeBSD uipc_socket.c filt_sowrite",
            t =>
            {
                (Descriptor client, Descriptor server) = t.TcpPair();
                t.Add(client, EVFILT_WRITE);
                t.Expect(client, EVFILT_WRITE, EventFlags.None, fflags: 0);
                server.Close();
                client.Write(1);
                ExpectEof(t, client, (uint)Errno.ECONNRESET);
            }),

        new("WRITE-SOCK-009",
            "Local shutdown(SHUT_WR): WRITE fires with EV_EOF.",
            "traces tcp_shutdown_self_wr",
            t =>
            {
                (Descriptor client, _) = t.TcpPair();
                t.Add(client, EVFILT_WRITE);
                t.Expect(client, EVFILT_WRITE, EventFlags.None);
                client.Shutdown(write: true);
                t.Expect(client, EVFILT_WRITE, EV_EOF, fflags: 0);
            }),

        new("WRITE-SOCK-010",
            "Peer shutdown(SHUT_WR) alone does not set EV_EOF on WRITE.",
            "traces tcp_half_close",
            t =>
            {
                (Descriptor client, Descriptor server) = t.TcpPair();
                t.Add(client, EVFILT_WRITE);
                t.Expect(client, EVFILT_WRITE, EventFlags.None);
                server.Shutdown(write: true);
                TestQueue reading = t.NewQueue();
                reading.Add(client, EVFILT_READ);
                reading.Expect(client, EVFILT_READ, EV_EOF);
                t.Expect(client, EVFILT_WRITE, EventFlags.None, fflags: 0);
            }),

        new("WRITE-SOCK-011",
            "A pending error without shutdown fires without EV_EOF (\"temporary\" UDP error).",
            "FreeBSD, OpenBSD and NetBSD uipc_socket.c filt_sowrite (so_error)",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                Descriptor gone = t.Udp();
                Descriptor socket = t.Udp();
                t.Check(socket.Connect(gone.Port).Succeeded, "connect of a UDP socket was to succeed");
                gone.Close();
                t.Add(socket, EVFILT_WRITE, 0, NOTE_LOWAT, MoreThanAnyBuffer);
                t.ExpectNone();
                socket.Write(1);
                t.Expect(socket, EVFILT_WRITE, EventFlags.None);
                t.Equal(Errno.ECONNREFUSED, socket.TakeError(), "the socket's error");
                t.ExpectNone();
            }),

        new("WRITE-SOCK-012",
            "EV_CLEAR: fires once, then only when space is freed again.",
            "traces sockpair_write_clear",
            t =>
            {
                (Descriptor one, Descriptor other) = t.SocketPair();
                t.Add(one, EVFILT_WRITE, EV_CLEAR);
                t.Expect(one, EVFILT_WRITE, EV_CLEAR);
                t.ExpectNone();
                one.Fill();
                t.ExpectNone();
                other.Drain();
                t.Expect(one, EVFILT_WRITE, EV_CLEAR);
                t.ExpectNone();
            }),

        new("WRITE-UNIX-001",
            "AF_UNIX stream on FreeBSD 15: data is the free space of the peer's receive buffer; EV_EOF when the peer can no longer receive; not connected and not disconnected: silent.",
            "FreeBSD uipc_usrreq.c uipc_filt_sowrite",
            ClauseDialects.FreeBsd,
            t =>
            {
                Descriptor lonely = t.Unix();
                t.Add(lonely, EVFILT_WRITE);
                t.ExpectNone();
                t.Delete(lonely, EVFILT_WRITE);

                (Descriptor one, Descriptor other) = t.SocketPair();
                t.Add(one, EVFILT_WRITE);
                long room = t.Expect(one, EVFILT_WRITE, EventFlags.None).Data;
                one.Write(1000);
                long less = t.Expect(one, EVFILT_WRITE, EventFlags.None).Data;
                t.Check(less <= room - 1000, $"1000 bytes that the peer has not read were to take room: {room}, then {less}");
                other.Read(1000);
                t.Expect(one, EVFILT_WRITE, EventFlags.None, data: room);
                other.Close();
                t.Expect(one, EVFILT_WRITE, EV_EOF);
            }),
    ]);

    // The peer's RST is on its way while the socket is writable still.
    private static void ExpectEof(ClauseTest t, Descriptor socket, uint error)
    {
        KEvent e = t.Expect(socket, EVFILT_WRITE);
        while ((e.Flags & EV_EOF) == 0)
            e = t.Expect(socket, EVFILT_WRITE, fflags: 0);
        t.Equal(error, e.FFlags, "fflags");
    }
}
