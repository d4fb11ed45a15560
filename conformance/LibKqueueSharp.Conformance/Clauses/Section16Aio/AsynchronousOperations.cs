namespace LibKqueueSharp.Conformance.Clauses;

internal static class AsynchronousOperations
{
    private const EventFilter EVFILT_LIO = EventFilter.Lio;

    public static ClauseGroup Group { get; } = new("16", "EVFILT_AIO and EVFILT_LIO",
    [
        new("AIO-001",
            "An operation that is submitted with SIGEV_KEVENT registers an event; on completion it is returned with filter EVFILT_AIO, ident = the identity of the caller's aiocb, udata = sival_ptr.",
            "FreeBSD vfs_aio.c aio_aqueue",
            ClauseDialects.FreeBsd,
            t =>
            {
                BackendAio first = t.Submit(AioOperation.Read, t.OpenFile(bytes: 9), new byte[4], udata: 7);
                t.Check(first.Ident != 0, "the ident was not to be 0");
                t.Expect(first.Ident, EVFILT_AIO, fflags: 0, udata: 7);
                t.ExpectReturn(first, 4);
                BackendAio second = t.Submit(AioOperation.Write, t.OpenFile(bytes: 0), new byte[5], udata: 8);
                t.Check(second.Ident != first.Ident, "the idents were to differ");
                t.Expect(second.Ident, EVFILT_AIO, fflags: 0, udata: 8);
                t.ExpectReturn(second, 5);
            }),

        new("AIO-002",
            "data is the operation's error status (0 or errno, as aio_error()), and EV_EOF is set.",
            "FreeBSD vfs_aio.c filt_aio",
            ClauseDialects.FreeBsd,
            t =>
            {
                BackendAio good = t.Submit(AioOperation.Read, t.OpenFile(bytes: 9), new byte[4]);
                t.Expect(good.Ident, EVFILT_AIO, EV_EOF, data: 0);
                t.Equal(Errno.None, good.Error, "aio_error()");
                t.ExpectReturn(good, 4);
                (Descriptor reader, Descriptor writer) = t.Pipe();
                reader.Close();
                BackendAio bad = t.Submit(AioOperation.Write, writer, new byte[4]);
                t.Expect(bad.Ident, EVFILT_AIO, EV_EOF, data: (long)Errno.EPIPE);
                t.Equal(Errno.EPIPE, bad.Error, "aio_error()");
                t.ExpectReturn(bad, -1, Errno.EPIPE);
            }),

        new("AIO-003",
            "Not returned before completion.",
            "FreeBSD vfs_aio.c filt_aio",
            ClauseDialects.FreeBsd,
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                BackendAio aio = t.Submit(AioOperation.Read, reader, new byte[4]);
                t.ExpectNone();
                t.Equal(Errno.EINPROGRESS, aio.Error, "aio_error()");
                t.ExpectRegistered(aio.Ident, EVFILT_AIO);
                t.ExpectNone();
                writer.Write(4);
                t.Expect(aio.Ident, EVFILT_AIO, EV_EOF, data: 0);
                t.ExpectReturn(aio, 4);
            }),

        new("AIO-004",
            "The byte count is obtained with aio_return(), which also removes the registration.",
            "FreeBSD vfs_aio.c aio_free_entry",
            ClauseDialects.FreeBsd,
            t =>
            {
                BackendAio aio = t.Submit(AioOperation.Read, t.OpenFile(bytes: 9), new byte[20]);
                t.Expect(aio.Ident, EVFILT_AIO);
                t.ExpectReturn(aio, 9);
                t.ExpectNone();
                t.ExpectAbsent(aio.Ident, EVFILT_AIO);
                t.ExpectReturn(aio, -1, Errno.EINVAL);
                BackendAio unseen = t.Submit(AioOperation.Read, t.OpenFile(bytes: 9), new byte[20]);
                t.AwaitEnd(unseen);
                t.ExpectReturn(unseen, 9);
                t.ExpectNone();
            }),

        new("AIO-005",
            "Level-triggered by default: returned on every call until aio_return(). EV_ONESHOT, EV_CLEAR or EV_DISPATCH may be added at the submission; any other bit: the submission fails with EINVAL.",
            "FreeBSD vfs_aio.c aio_aqueue",
            ClauseDialects.FreeBsd,
            t =>
            {
                Descriptor file = t.OpenFile(bytes: 9);
                BackendAio level = t.Submit(AioOperation.Read, file, new byte[4]);
                for (int i = 0; i < 3; i++)
                    t.Expect(level.Ident, EVFILT_AIO, EV_EOF);
                t.ExpectReturn(level, 4);
                foreach (EventFlags flag in (EventFlags[])[EV_ONESHOT, EV_CLEAR, EV_DISPATCH])
                {
                    BackendAio once = t.Submit(AioOperation.Read, file, new byte[4], flags: flag);
                    t.Expect(once.Ident, EVFILT_AIO, EV_EOF | flag);
                    t.ExpectNone();
                    if (flag == EV_ONESHOT)
                        t.ExpectAbsent(once.Ident, EVFILT_AIO);
                    t.ExpectReturn(once, 4);
                }

                foreach (EventFlags flag in (EventFlags[])[EV_ADD, EV_DELETE, EV_ENABLE, EV_DISABLE, EV_RECEIPT, EV_FORCEONESHOT, EV_KEEPUDATA, EV_EOF])
                {
                    t.TrySubmit(ClauseTest.Operation(AioOperation.Read, file, new byte[4], flags: flag), out Errno error);
                    t.Equal(Errno.EINVAL, error, $"the error of a submission with {flag}");
                }

                if (t.Queue.Backend.KnoteCount is >= 0 and int registrations)
                    t.Equal(0, registrations, "the number of registrations");
            }),

        new("AIO-006",
            "kevent() EV_ADD of EVFILT_AIO by the caller is refused: EPERM on FreeBSD with AIO present (ENXIO without), EINVAL on NetBSD and OpenBSD, which do not implement it, ENOTSUP on macOS.",
            "FreeBSD vfs_aio.c filt_aioattach; OpenBSD kern_event.c; xnu kern_event.c filt_no_attach",
            t =>
            {
                Errno error = t.ByDialect(Errno.EPERM, Errno.EINVAL, Errno.EINVAL, Errno.ENOTSUP);
                t.ExpectErrno(error, 64, EVFILT_AIO, EV_ADD);
                t.ExpectRecord(error, new KEvent(64, EVFILT_AIO, EV_ADD, udata: 3));
                if (t.Queue.Backend.KnoteCount is >= 0 and int registrations)
                    t.Equal(0, registrations, "the number of registrations");
            }),

        new("AIO-007",
            "Bad sigev_notify_kqueue (not open / not a queue): the submission fails with EBADF / EINVAL and no I/O is queued.",
            "FreeBSD kern_event.c kqfd_register; vfs_aio.c aio_aqueue",
            ClauseDialects.FreeBsd,
            t =>
            {
                t.Needs(EVFILT_AIO);
                TestQueue closed = t.NewQueue();
                closed.Close();
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.TrySubmit(ClauseTest.Operation(AioOperation.Write, writer, new byte[4]), out Errno error, closed);
                t.Equal(Errno.EBADF, error, "the error of the submission");
                t.Add(reader, EVFILT_READ);
                t.ExpectNone();
            }),

        new("AIO-008",
            "EV_DELETE with ident = aiocb identity removes the notification but not the I/O.",
            "FreeBSD kern_event.c kqueue_register",
            ClauseDialects.FreeBsd,
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                byte[] buffer = [9, 9, 9, 9];
                BackendAio aio = t.Submit(AioOperation.Read, reader, buffer);
                t.Delete(aio.Ident, EVFILT_AIO);
                t.ExpectAbsent(aio.Ident, EVFILT_AIO);
                writer.Write(4);
                t.AwaitEnd(aio);
                t.ExpectNone();
                t.ExpectReturn(aio, 4);
                t.Check(buffer[0] != 9 || buffer[3] != 9, "the bytes were to be there");
            }),

        new("AIO-009",
            "Cancelled request: event with data ECANCELED.",
            "derived from FreeBSD vfs_aio.c aio_cancel_job",
            ClauseDialects.FreeBsd,
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                BackendAio aio = t.Submit(AioOperation.Read, reader, new byte[4]);
                t.Equal(AioCancelResult.Canceled, aio.Cancel(), "the answer of aio_cancel()");
                t.Expect(aio.Ident, EVFILT_AIO, EV_EOF, data: (long)Errno.ECANCELED);
                t.Equal(AioCancelResult.AllDone, aio.Cancel(), "the answer of aio_cancel(), again");
                t.ExpectReturn(aio, -1, Errno.ECANCELED);
                writer.Write(4);
                t.Add(reader, EVFILT_READ);
                t.Expect(reader, EVFILT_READ, data: 4);
            }),

        new("AIO-010",
            "Newest xnu: SIGEV_KEVENT registers EVFILT_AIO with EV_CLEAR|EV_ONESHOT, ident = aiocb identity, udata = sival_ptr.",
            "xnu kern_aio.c aio_register_kevent",
            ClauseDialects.MacOs,
            t =>
            {
                BackendAio aio = t.Submit(AioOperation.Read, t.OpenFile(bytes: 9), new byte[4], udata: 7);
                t.Expect(aio.Ident, EVFILT_AIO, EV_EOF | EV_CLEAR | EV_ONESHOT, data: 0, udata: 7);
                t.ExpectAbsent(aio.Ident, EVFILT_AIO);
                t.ExpectReturn(aio, 4);
            }),

        new("LIO-001",
            "lio_listio(LIO_NOWAIT) with SIGEV_KEVENT: one EVFILT_LIO event when the whole list is done; ident = identity of the list, udata = sival_ptr.",
            "FreeBSD vfs_aio.c kern_lio_listio",
            ClauseDialects.FreeBsd,
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                BackendAioList list = t.SubmitList(7,
                    ClauseTest.Operation(AioOperation.Write, t.OpenFile(bytes: 0), new byte[4]) with { IsSilent = true },
                    ClauseTest.Operation(AioOperation.Read, reader, new byte[4]) with { IsSilent = true });
                t.AwaitEnd(list.Members[0]!);
                t.ExpectNone();
                writer.Write(2);
                t.Expect(list.Ident, EVFILT_LIO, EventFlags.None, fflags: 0, data: 0, udata: 7);
                t.ExpectReturn(list.Members[0]!, 4);
                t.Expect(list.Ident, EVFILT_LIO, EventFlags.None);
                t.ExpectReturn(list.Members[1]!, 2);
                t.ExpectNone();
                t.ExpectAbsent(list.Ident, EVFILT_LIO);
            }),

        new("LIO-002",
            "Per-request aiocb notifications inside the list still produce their own EVFILT_AIO events.",
            "FreeBSD vfs_aio.c aio_bio_done_notify",
            ClauseDialects.FreeBsd,
            t =>
            {
                Descriptor file = t.OpenFile(bytes: 9);
                BackendAioList list = t.SubmitList(7,
                    ClauseTest.Operation(AioOperation.Read, file, new byte[4], udata: 1, flags: EV_ONESHOT),
                    ClauseTest.Operation(AioOperation.Read, file, new byte[4], udata: 2, flags: EV_ONESHOT) with { IsSilent = true },
                    ClauseTest.Operation(AioOperation.Read, file, new byte[4], udata: 3, flags: EV_ONESHOT));
                foreach (BackendAio? member in list.Members)
                    t.AwaitEnd(member!);
                List<nint> seen = [];
                while (!seen.Contains(7))
                    seen.AddRange(t.Collect().Select(e => e.UData));
                t.Equal("1, 3, 7", string.Join(", ", seen.Distinct().Order()), "the udata of the events");
            }),

        new("LIO-003",
            "kevent() EV_ADD of EVFILT_LIO by the caller: EPERM.",
            "FreeBSD vfs_aio.c filt_lioattach",
            ClauseDialects.FreeBsd,
            t =>
            {
                t.ExpectErrno(Errno.EPERM, 64, EVFILT_LIO, EV_ADD);
                t.ExpectRecord(Errno.EPERM, new KEvent(64, EVFILT_LIO, EV_ADD, udata: 3));
            }),

        Clause.NotObservable("LIO-004",
            "LIO_WAIT does not register an event.",
            ClauseDialects.FreeBsd, "lists are submitted with LIO_NOWAIT only: to wait for one is what kevent() is for"),
    ]);
}
