namespace LibKqueueSharp.Conformance.Clauses;

internal static class ListeningSockets
{
    public static ClauseGroup Group { get; } = new("7.2", "EVFILT_READ on listening sockets",
    [
        new("READ-LSTN-001",
            "Fires while the completed-connection queue is not empty; data is its length.",
            "FreeBSD kqueue(2) EVFILT_READ; FreeBSD uipc_socket.c filt_soread; libkqueue test read.c",
            t =>
            {
                Descriptor listener = t.Listener();
                t.Add(listener, EVFILT_READ);
                t.ExpectNone();
                for (int i = 1; i <= 3; i++)
                {
                    t.ConnectTo(listener);
                    t.Expect(listener, EVFILT_READ, 0, data: i);
                }

                t.Delete(listener, EVFILT_READ);
                var (local, path) = t.UnixListener();
                t.Add(local, EVFILT_READ);
                t.ExpectNone();
                t.ConnectUnix(path);
                t.ConnectUnix(path);
                t.Expect(local, EVFILT_READ, 0, data: 2);
            }),

        new("READ-LSTN-002",
            "accept() lowers data; at 0 it no longer fires.",
            "FreeBSD uipc_socket.c filt_soread",
            t =>
            {
                Descriptor listener = t.Listener();
                t.Add(listener, EVFILT_READ);
                t.ConnectTo(listener);
                t.ConnectTo(listener);
                t.Expect(listener, EVFILT_READ, data: 2);
                listener.Accept();
                t.Expect(listener, EVFILT_READ, data: 1);
                listener.Accept();
                t.ExpectNone();
            }),

        new("READ-LSTN-003",
            "With EV_CLEAR each new connection triggers once.",
            "FreeBSD uipc_socket.c solisten_wakeup",
            t =>
            {
                Descriptor listener = t.Listener();
                t.Add(listener, EVFILT_READ, EV_CLEAR);
                for (int i = 1; i <= 3; i++)
                {
                    t.ConnectTo(listener);
                    t.Expect(listener, EVFILT_READ, EV_CLEAR, data: i);
                    t.ExpectNone();
                }
            }),

        Clause.NotObservable("READ-LSTN-004",
            "A listening socket with a pending error fires with EV_EOF and the error in fflags on FreeBSD; OpenBSD and NetBSD (2016 text) look only at the queue length.",
            "no program can give a listening socket an error: what fails, fails a connection that is not accepted yet"),

        new("READ-LSTN-005",
            "listen() after registration switches an existing registration to listen semantics.",
            "FreeBSD uipc_socket.c filt_soread; xnu uipc_socket.c",
            ClauseDialects.FreeBsd | ClauseDialects.MacOs,
            t =>
            {
                Descriptor socket = t.Tcp();
                t.Add(socket, EVFILT_READ);
                t.ExpectNone();
                socket.StartListening(5);
                t.ConnectTo(socket);
                t.ConnectTo(socket);
                t.Expect(socket, EVFILT_READ, 0, data: 2);
            }),

        new("READ-LSTN-006",
            "A connection whose client closed it before accept still counts. Of one that was aborted by a reset this is UNVERIFIED.",
            "recorded on FreeBSD; of a reset not read, and a queue that shrinks by itself is taken as well",
            t =>
            {
                Descriptor listener = t.Listener();
                t.Add(listener, EVFILT_READ);
                Descriptor closed = t.ConnectTo(listener);
                t.Expect(listener, EVFILT_READ, data: 1);
                closed.Close();
                Descriptor aborted = t.ConnectTo(listener);
                t.Expect(listener, EVFILT_READ, 0, data: 2);
                aborted.Reset();
                t.ConnectTo(listener);
                long waiting = t.Expect(listener, EVFILT_READ, 0).Data;
                t.Check(waiting is 2 or 3, $"three connections, one closed and one aborted, were counted as {waiting}");
            }),
    ]);
}
