using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

internal static class ReadingPipes
{
    private const int MoreThanAPipeHolds = 256 << 10;

    public static ClauseGroup Group { get; } = new("7.3", "EVFILT_READ: pipes and FIFOs",
    [
        new("READ-PIPE-001",
            "Fires when bytes are available; data is the byte count.",
            "FreeBSD sys_pipe.c filt_piperead",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                t.ExpectNone();
                writer.Write(7);
                t.Expect(reader, EVFILT_READ, EventFlags.None, data: 7);
                reader.Read(7);
                t.ExpectNone();
            }),

        new("READ-PIPE-002",
            "Two writes before retrieval: one event, data is the sum.",
            "libkqueue test/read.c; trace level_pipe_read",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                writer.Write(11);
                writer.Write(11);
                t.Expect(reader, EVFILT_READ, data: 22);
            }),

        new("READ-PIPE-003",
            "EVFILT_READ on the write end is accepted. F: never fires. M: silent until the pipe loses its peer, then EV_EOF. O (and older N): pipes are treated as two-way, so it fires with EV_EOF when the reader closes. N 10 has a wrong-end filter.",
            "FreeBSD, OpenBSD, NetBSD and xnu sys_pipe.c pipe_kqfilter",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe(bytes: 5);
                t.Add(writer, EVFILT_READ);
                t.ExpectNone();
                reader.Close();
                if (t.ByDialect(freeBsd: false, netBsd: false, openBsd: true, macOs: true))
                    t.Expect(writer, EVFILT_READ, EV_EOF, data: 0);
                else
                    t.ExpectNone();
            }),

        new("READ-PIPE-004",
            "A blocked large write (direct write) is counted in data when the buffer itself is empty.",
            "FreeBSD sys_pipe.c filt_piperead",
            ClauseDialects.FreeBsd,
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                writer.SetBlocking(true);
                t.Add(reader, EVFILT_READ);
                t.Together(
                    () => writer.Write(MoreThanAPipeHolds),
                    () =>
                    {
                        for (long taken = 0; taken < MoreThanAPipeHolds; taken += reader.Drain())
                            t.Check(t.Expect(reader, EVFILT_READ, EventFlags.None).Data > 0, "data was to count what the blocked writer offers");
                    });
                t.ExpectNone();
            }),

        new("READ-PIPE-LOWAT-001",
            "NOTE_LOWAT on a pipe's READ is honoured by macOS (bounded by the largest pipe size; EOF overrides it); F, N and O ignore it and use 1.",
            "traces lowat_pipe_read; xnu sys_pipe.c filt_pipelowwat",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(reader, EVFILT_READ, 0, NOTE_LOWAT, 10);
                writer.Write(5);
                if (t.ByDialect(freeBsd: true, netBsd: true, openBsd: true, macOs: false))
                    t.Expect(reader, EVFILT_READ, data: 5);
                else
                    t.ExpectNone();
                writer.Write(5);
                t.Expect(reader, EVFILT_READ, data: 10);
                reader.Read(7);
                writer.Close();
                t.Expect(reader, EVFILT_READ, EV_EOF, data: 3);
            }),

        new("READ-PIPE-EOF-001",
            "Last writer closes: EV_EOF with data = bytes still buffered.",
            "traces pipe_eof_with_data",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe(bytes: 3);
                Descriptor last = writer.Duplicate();
                t.Add(reader, EVFILT_READ);
                writer.Close();
                t.Expect(reader, EVFILT_READ, EventFlags.None, data: 3);
                last.Close();
                t.Expect(reader, EVFILT_READ, EV_EOF, data: 3);
            }),

        new("READ-PIPE-EOF-002",
            "After draining: EV_EOF, data 0, on every call.",
            "traces pipe_eof_with_data, pipe_eof_no_data",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe(bytes: 3);
                t.Add(reader, EVFILT_READ);
                writer.Close();
                reader.Read(3);
                t.Expect(reader, EVFILT_READ, EV_EOF, data: 0);
                t.Expect(reader, EVFILT_READ, EV_EOF, data: 0);
            }),

        new("READ-PIPE-EOF-003",
            "fflags stays 0 on pipe EOF.",
            "traces pipe_eof_with_data, pipe_eof_no_data",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                writer.Close();
                t.Expect(reader, EVFILT_READ, EV_EOF, fflags: 0);
            }),

        new("READ-PIPE-EOF-004",
            "EOF does not make the read-side registration one-shot.",
            "FreeBSD sys_pipe.c filt_piperead",
            ClauseDialects.FreeBsd,
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(reader, EVFILT_READ);
                writer.Close();
                t.Expect(reader, EVFILT_READ, EV_EOF);
                t.Delete(reader, EVFILT_READ);
            }),

        new("READ-FIFO-001",
            "A FIFO opened for reading with no writer yet does not report EV_EOF.",
            "FreeBSD sys_pipe.c filt_piperead (pipe_wgen)",
            ClauseDialects.FreeBsd,
            t =>
            {
                string path = t.NewFifo();
                Descriptor reader = t.Open(path);
                t.Add(reader, EVFILT_READ);
                t.ExpectNone();
                Descriptor writer = t.Open(path, HostOpenMode.WriteOnly);
                t.ExpectNone();
                writer.Write(2);
                t.Expect(reader, EVFILT_READ, EventFlags.None, data: 2);
            }),

        new("READ-FIFO-002",
            "Once a writer has come and gone: EV_EOF.",
            "FreeBSD kqueue(2) Fifos, Pipes",
            t =>
            {
                string path = t.NewFifo();
                Descriptor reader = t.Open(path);
                t.Add(reader, EVFILT_READ);
                Descriptor writer = t.Open(path, HostOpenMode.WriteOnly);
                writer.Write(2);
                writer.Close();
                t.Expect(reader, EVFILT_READ, EV_EOF, data: 2);
                reader.Read(2);
                t.Expect(reader, EVFILT_READ, EV_EOF, data: 0);
            }),

        new("READ-FIFO-003",
            "A new writer clears EV_EOF; the filter then waits for data. The manuals of NetBSD, OpenBSD and macOS say that the caller clears it by passing EV_CLEAR; the filters of NetBSD and OpenBSD do it by themselves, as FreeBSD's does.",
            "FreeBSD kqueue(2) Fifos, Pipes; OpenBSD and NetBSD fifo_vnops.c fifo_open, filt_fiforead",
            t =>
            {
                string path = t.NewFifo();
                Descriptor reader = t.Open(path);
                t.Add(reader, EVFILT_READ);
                t.Open(path, HostOpenMode.WriteOnly).Close();
                t.Expect(reader, EVFILT_READ, EV_EOF, data: 0);
                Descriptor writer = t.Open(path, HostOpenMode.WriteOnly);
                t.ExpectNone();
                writer.Write(4);
                t.Expect(reader, EVFILT_READ, EventFlags.None, data: 4);
            }),

        new("READ-FIFO-004",
            "EVFILT_VNODE works on a FIFO as on any vnode.",
            "FreeBSD sys_pipe.c pipe_kqfilter",
            ClauseDialects.FreeBsd,
            t =>
            {
                string path = t.NewFifo();
                Descriptor reader = t.Open(path);
                t.Add(reader, EVFILT_VNODE, EV_CLEAR, NOTE_ATTRIB);
                t.ExpectNone();
                t.Must($"chmod({path})", t.Host.Files.ChangeMode(path, 0x100));
                t.Expect(reader, EVFILT_VNODE, fflags: NOTE_ATTRIB);
            }),
    ]);
}
