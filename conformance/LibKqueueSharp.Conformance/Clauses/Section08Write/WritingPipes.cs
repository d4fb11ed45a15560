using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

internal static class WritingPipes
{
    private const int Page = 4096;
    private const int PipeBuffer = 512;
    private const int MoreThanAPipeHolds = 256 << 10;

    public static ClauseGroup Group { get; } = new("8", "EVFILT_WRITE: pipes and FIFOs",
    [
        new("WRITE-PIPE-001",
            "Fires when at least PIPE_BUF bytes are free; data is the free space.",
            "traces level_pipe_write",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(writer, EVFILT_WRITE);
                long room = t.Expect(writer, EVFILT_WRITE, EventFlags.None, fflags: 0).Data;
                t.Check(room >= PipeBuffer, $"data was to be at least PIPE_BUF, and is {room}");
                writer.Write(100);
                t.Expect(writer, EVFILT_WRITE, data: room - 100);
                reader.Read(100);
                t.Expect(writer, EVFILT_WRITE, data: room);
            }),

        new("WRITE-PIPE-002",
            "Silent when fewer than PIPE_BUF bytes are free, even if > 0.",
            "traces level_pipe_write",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(writer, EVFILT_WRITE);
                writer.Fill(Page);
                t.ExpectNone();
                reader.Read(1);
                t.ExpectNone();
                reader.Read(Page - 1);
                t.Expect(writer, EVFILT_WRITE, EventFlags.None, data: Page);
            }),

        new("WRITE-PIPE-003",
            "Reader closes: EV_EOF; data is 0, on FreeBSD the room that is left. On FreeBSD the registration also becomes one-shot: it is delivered once and then EV_DELETE gives ENOENT. On N, O, M and D it stays registered and keeps firing.",
            "traces pipe_writer_reader_closed",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(writer, EVFILT_WRITE);
                long room = t.Expect(writer, EVFILT_WRITE, EventFlags.None).Data;
                writer.Write(7);
                reader.Close();
                if (t.ByDialect(freeBsd: true, netBsd: false, openBsd: false, macOs: false))
                {
                    t.Expect(writer, EVFILT_WRITE, EV_EOF | EV_ONESHOT, fflags: 0, data: room - 7);
                    t.ExpectNone();
                    t.ExpectAbsent(writer, EVFILT_WRITE);
                    return;
                }

                t.Expect(writer, EVFILT_WRITE, EV_EOF, fflags: 0, data: 0);
                t.Expect(writer, EVFILT_WRITE, EV_EOF, fflags: 0, data: 0);
                t.Delete(writer, EVFILT_WRITE);
            }),

        new("WRITE-PIPE-004",
            "Registering WRITE after the reader has gone: EPIPE on F, O and D; EBADF on N; macOS accepts it and fires EV_EOF at once (its source explains that a peer closing is a race, not a caller's mistake).",
            "traces pipe_writer_reader_closed; xnu sys_pipe.c pipe_kqfilter",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                reader.Close();
                Errno error = t.ByDialect(freeBsd: Errno.EPIPE, netBsd: Errno.EBADF, openBsd: Errno.EPIPE, macOs: Errno.None);
                if (error != Errno.None)
                {
                    t.ExpectErrno(error, writer, EVFILT_WRITE, EV_ADD);
                    t.ExpectAbsent(writer, EVFILT_WRITE);
                    return;
                }

                t.Add(writer, EVFILT_WRITE);
                t.Expect(writer, EVFILT_WRITE, EV_EOF, data: 0);
            }),

        new("WRITE-PIPE-005",
            "WRITE on the read end is accepted. F: never fires. M: silent until EV_EOF. O: two-way pipes, so it fires at once with the room in the reverse buffer.",
            "FreeBSD, OpenBSD and xnu sys_pipe.c pipe_kqfilter, filt_pipewrite",
            ClauseDialects.FreeBsd | ClauseDialects.OpenBsd | ClauseDialects.MacOs,
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(reader, EVFILT_WRITE);
                if (t.ByDialect(freeBsd: false, netBsd: false, openBsd: true, macOs: false))
                    t.Equal(1, t.Poll().Length, "the number of events of the reading end");
                else
                    t.ExpectNone();
                writer.Close();
                if (t.ByDialect(freeBsd: false, netBsd: false, openBsd: true, macOs: true))
                    t.Expect(reader, EVFILT_WRITE, EV_EOF);
                else
                    t.ExpectNone();
            }),

        new("WRITE-PIPE-LOWAT-001",
            "NOTE_LOWAT on a pipe's WRITE raises the threshold above PIPE_BUF on macOS only.",
            "traces lowat_pipe_write; xnu sys_pipe.c filt_pipelowwat",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                writer.Fill(Page);
                t.Add(writer, EVFILT_WRITE, 0, NOTE_LOWAT, 2 * Page);
                t.ExpectNone();
                reader.Read(Page);
                if (t.ByDialect(freeBsd: true, netBsd: true, openBsd: true, macOs: false))
                    t.Expect(writer, EVFILT_WRITE, data: Page);
                else
                    t.ExpectNone();
                reader.Read(Page);
                t.Expect(writer, EVFILT_WRITE, data: 2 * Page);
            }),

        new("WRITE-PIPE-006",
            "data counts room up to the largest size the pipe may grow to on macOS, and room in the currently allocated buffer on F, N and O.",
            "traces level_pipe_write; xnu sys_pipe.c filt_pipewrite",
            t =>
            {
                (Descriptor _, Descriptor writer) = t.Pipe();
                t.Add(writer, EVFILT_WRITE);
                long room = t.Expect(writer, EVFILT_WRITE).Data;
                long taken = writer.Fill(Page);
                t.Check(
                    t.ByDialect(freeBsd: room <= taken, netBsd: room == taken, openBsd: room == taken, macOs: room == taken),
                    $"data was to be the room that the pipe has: {room}; it took {taken}");
            }),

        new("WRITE-PIPE-007",
            "While a large direct write is in progress data is 0 (not writable).",
            "NetBSD sys_pipe.c filt_pipewrite",
            ClauseDialects.NetBsd,
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                writer.SetBlocking(true);
                t.Add(writer, EVFILT_WRITE);
                t.Together(
                    () => writer.Write(MoreThanAPipeHolds),
                    () =>
                    {
                        // Until the writer has filled what there is, and waits.
                        while (t.Poll().Length > 0)
                            Thread.Yield();
                        t.ExpectNone();
                        for (long taken = 0; taken < MoreThanAPipeHolds; taken += reader.Drain())
                            Thread.Yield();
                    });
                t.Expect(writer, EVFILT_WRITE, EventFlags.None);
            }),

        new("WRITE-FIFO-001",
            "FIFO: EV_EOF when the reader leaves, cleared when a new reader connects.",
            "FreeBSD kqueue(2) EVFILT_WRITE",
            ClauseDialects.FreeBsd,
            t =>
            {
                string path = t.NewFifo();
                Descriptor reader = t.Open(path);
                Descriptor writer = t.Open(path, HostOpenMode.WriteOnly);
                t.Add(writer, EVFILT_WRITE);
                t.Expect(writer, EVFILT_WRITE, EventFlags.None);
                reader.Close();
                t.Expect(writer, EVFILT_WRITE, EV_EOF);
                t.Expect(writer, EVFILT_WRITE, EV_EOF);
                t.Open(path);
                t.Expect(writer, EVFILT_WRITE, EventFlags.None);
            }),
    ]);
}
