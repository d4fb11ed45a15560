namespace LibKqueueSharp.Conformance.Clauses;

internal static class LowWaterMarks
{
    public static ClauseGroup Group { get; } = new("7.1", "EVFILT_READ on sockets: NOTE_LOWAT",
    [
        new("READ-LOWAT-001",
            "NOTE_LOWAT with data=N overrides SO_RCVLOWAT for this registration only: silent below N, fires at N.",
            "FreeBSD uipc_socket.c filt_soread; FreeBSD kqueue(2) EVFILT_READ",
            t => SocketData.ForEachStream(t, (watched, peer) =>
            {
                t.Add(watched, EVFILT_READ, 0, NOTE_LOWAT, 10);
                peer.Write(9);
                t.ExpectNone();
                peer.Write(1);
                t.Expect(watched, EVFILT_READ, data: 10);
                watched.Read(1);
                t.ExpectNone();
            })),

        new("READ-LOWAT-002",
            "Two queues with different NOTE_LOWAT on one socket act independently; the socket option is not changed.",
            "FreeBSD uipc_socket.c filt_soread",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t => SocketData.ForEachStream(t, (watched, peer) =>
            {
                TestQueue low = t.NewQueue();
                TestQueue high = t.NewQueue();
                low.Add(watched, EVFILT_READ, 0, NOTE_LOWAT, 5);
                high.Add(watched, EVFILT_READ, 0, NOTE_LOWAT, 10);
                peer.Write(7);
                low.Expect(watched, EVFILT_READ, data: 7);
                high.ExpectNone();
                t.Equal(1, watched.ReceiveLowWater, "SO_RCVLOWAT");
                peer.Write(3);
                high.Expect(watched, EVFILT_READ, data: 10);
            })),

        new("READ-LOWAT-003",
            "EOF fires regardless of NOTE_LOWAT.",
            "FreeBSD uipc_socket.c filt_soread",
            t => SocketData.ForEachStream(t, (watched, peer) =>
            {
                t.Add(watched, EVFILT_READ, 0, NOTE_LOWAT, 1000);
                peer.Write(3);
                t.ExpectNone();
                peer.Close();
                t.Expect(watched, EVFILT_READ, EV_EOF, data: 3);
            })),

        new("READ-LOWAT-004",
            "Re-adding without NOTE_LOWAT restores SO_RCVLOWAT.",
            "FreeBSD uipc_socket.c filt_soread",
            t => SocketData.ForEachStream(t, (watched, peer) =>
            {
                t.Add(watched, EVFILT_READ, 0, NOTE_LOWAT, 10);
                peer.Write(5);
                t.ExpectNone();
                t.Add(watched, EVFILT_READ);
                t.Expect(watched, EVFILT_READ, data: 5);
            })),
    ]);
}
