namespace LibKqueueSharp.Conformance.Clauses;

internal static class SocketData
{
    public static ClauseGroup Group { get; } = new("7.1", "EVFILT_READ on sockets: data",
    [
        new("READ-SOCK-001",
            "Fires when bytes in the receive buffer >= SO_RCVLOWAT (default 1); data is the count of protocol data bytes.",
            "FreeBSD uipc_socket.c filt_soread; FreeBSD kqueue(2) EVFILT_READ",
            t => ForEachStream(t, (watched, peer) =>
            {
                t.Add(watched, EVFILT_READ, EV_CLEAR);
                t.ExpectNone();
                peer.Write(1);
                t.Expect(watched, EVFILT_READ, data: 1);
                peer.Write(10);
                t.Expect(watched, EVFILT_READ, EV_CLEAR, fflags: 0, data: 11);
            })),

        new("READ-SOCK-002",
            "data excludes control (ancillary) bytes on FreeBSD and macOS; OpenBSD and NetBSD (2016 text) report the raw buffer count.",
            "FreeBSD, OpenBSD, NetBSD uipc_socket.c filt_soread; xnu uipc_socket.c filt_soread_common",
            t =>
            {
                bool payloadOnly = t.ByDialect(true, false, false, true);
                var (one, other) = t.SocketPair();
                t.Add(one, EVFILT_READ);
                other.SendDescriptor(other, 3);
                long data = t.Expect(one, EVFILT_READ).Data;
                t.Check(payloadOnly ? data == 3 : data > 3, $"data of three bytes with a control message was to be {(payloadOnly ? "3" : "more than 3")}, and is {data}");
            }),

        new("READ-SOCK-003",
            "Level-triggered: fires on every call until drained.",
            "FreeBSD kern_event.c kqueue_scan",
            t => ForEachStream(t, (watched, peer) =>
            {
                t.Add(watched, EVFILT_READ);
                peer.Write(5);
                for (int i = 0; i < 3; i++)
                    t.Expect(watched, EVFILT_READ, data: 5);
                watched.Read(5);
                t.ExpectNone();
            })),

        new("READ-SOCK-004",
            "After a partial read data is the remaining count.",
            "FreeBSD uipc_socket.c filt_soread",
            t => ForEachStream(t, (watched, peer) =>
            {
                t.Add(watched, EVFILT_READ);
                peer.Write(10);
                t.Expect(watched, EVFILT_READ, data: 10);
                watched.Read(4);
                t.Expect(watched, EVFILT_READ, data: 6);
            })),

        new("READ-SOCK-005",
            "SO_RCVLOWAT=N: silent below N bytes, fires at N.",
            "FreeBSD uipc_socket.c filt_soread",
            t => ForEachStream(t, (watched, peer) =>
            {
                watched.ReceiveLowWater = 10;
                t.Add(watched, EVFILT_READ);
                peer.Write(9);
                t.ExpectNone();
                peer.Write(1);
                t.Expect(watched, EVFILT_READ, data: 10);
            })),

        new("READ-SOCK-006",
            "Datagram socket: fires when a datagram is queued; data counts the bytes of all queued datagrams together; NetBSD and OpenBSD add the sender's address, 16 bytes for each UDP datagram.",
            "FreeBSD uipc_socket.c filt_soread; the recorded scenarios udp and sockpair_dgram",
            t =>
            {
                int address = t.ByDialect(0, 16, 16, 0);
                Descriptor receiver = t.Udp();
                Descriptor sender = t.Udp();
                t.Add(receiver, EVFILT_READ);
                t.ExpectNone();
                sender.SendTo(receiver, 10);
                t.Expect(receiver, EVFILT_READ, data: 10 + address);
                sender.SendTo(receiver, 20);
                t.Expect(receiver, EVFILT_READ, data: 30 + (2 * address));
            }),

        new("READ-SOCK-007",
            "A zero-length datagram fires until it is read: data is 0 on FreeBSD, and the 16 bytes of the sender's address on NetBSD and OpenBSD. macOS: UNVERIFIED.",
            "the recorded scenario udp",
            t =>
            {
                Descriptor receiver = t.Udp();
                t.Add(receiver, EVFILT_READ);
                t.Udp().SendTo(receiver, 0);
                for (int i = 0; i < 2; i++)
                    t.Expect(receiver, EVFILT_READ, data: t.ByDialect(0, 16, 16, 0));
                receiver.Drain();
                t.ExpectNone();
            }),

        new("READ-SOCK-008",
            "A pending so_error without shutdown makes the filter fire with no EV_EOF and without the error in fflags.",
            "FreeBSD, OpenBSD uipc_socket.c filt_soread; xnu uipc_socket.c filt_soread_common",
            ClauseDialects.FreeBsd | ClauseDialects.OpenBsd | ClauseDialects.MacOs,
            t =>
            {
                Descriptor sender = t.Udp();
                Descriptor gone = t.Udp();
                int port = gone.Port;
                gone.Close();
                t.Add(sender, EVFILT_READ);
                t.Check(sender.Connect(port).Succeeded, "a UDP socket could not be connected");
                t.ExpectNone();
                sender.Write(1);
                t.Equal((EventFlags)0, t.Expect(sender, EVFILT_READ, fflags: 0).Flags & EV_EOF, "EV_EOF");
                t.Equal(Errno.ECONNREFUSED, sender.TakeError(), "the error of the socket");
                t.ExpectNone();
            }),

        new("READ-SOCK-009",
            "Registering on an unconnected TCP socket succeeds. On F,N,O it stays silent until data, EOF or error.",
            "FreeBSD uipc_socket.c filt_soread; the recorded scenario tcp_unconnected_add",
            t =>
            {
                Descriptor client = t.Tcp();
                t.Add(client, EVFILT_READ);
                t.ExpectNone();
                Descriptor listener = t.Listener();
                client.Connect(listener.Port);
                Descriptor server = listener.Accept();
                t.ExpectNone();
                server.Write(2);
                t.Expect(client, EVFILT_READ, data: 2);
            }),

        new("READ-SOCK-010",
            "AF_UNIX stream sockets and socketpairs behave as TCP here.",
            "FreeBSD uipc_usrreq.c; libkqueue test read.c",
            t =>
            {
                var (listener, path) = t.UnixListener();
                Descriptor client = t.ConnectUnix(path);
                Descriptor server = listener.Accept();
                t.Add(client, EVFILT_READ);
                t.ExpectNone();
                server.Write(3);
                t.Expect(client, EVFILT_READ, data: 3);
                server.Close();
                t.Expect(client, EVFILT_READ, EV_EOF, data: 3);
                client.Read(3);
                t.Expect(client, EVFILT_READ, EV_EOF, data: 0);
            }),

        new("READ-SOCK-011",
            "A failed non-blocking connect() makes READ fire with EV_EOF and the connect errno (e.g. ECONNREFUSED) in fflags.",
            "FreeBSD uipc_socket.c filt_soread, soisdisconnected",
            t =>
            {
                int port = t.ClosedPort();
                Descriptor client = t.Tcp();
                t.Add(client, EVFILT_READ);
                client.Connect(port);
                t.Expect(client, EVFILT_READ, EV_EOF, fflags: (uint)Errno.ECONNREFUSED);
            }),
    ]);

    /// <summary>Runs a check on the connections of each kind, with the watched end first.</summary>
    internal static void ForEachStream(ClauseTest t, Action<Descriptor, Descriptor> check)
    {
        foreach (bool tcp in (bool[])[false, true])
        {
            var (watched, peer) = tcp ? t.TcpPair() : t.SocketPair();
            check(watched, peer);
            watched.Close();
        }
    }
}
