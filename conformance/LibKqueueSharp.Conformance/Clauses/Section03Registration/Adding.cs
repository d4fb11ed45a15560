namespace LibKqueueSharp.Conformance.Clauses;

internal static class Adding
{
    private const string NoExtensions = "KEvent has no ext[]: a program cannot give or see it.";

    public static ClauseGroup Group { get; } = new("3.1", "EV_ADD of something new",
    [
        new("CORE-ADD-001",
            "EV_ADD of a new (ident, filter) returns 0 events when the condition is false.",
            "FreeBSD kqueue(2) EV_ADD",
            t =>
            {
                var (reader, writer) = t.Pipe();
                t.Call([new(reader, EVFILT_READ, EV_ADD)], 1, KeventTimeout.Zero).MustReturn(0);
                writer.Write(1);
                t.Expect(reader, EVFILT_READ, data: 1);
            }),

        new("CORE-ADD-002",
            "The filter is evaluated at registration: a condition that already holds is returned by the next collection.",
            "FreeBSD kqueue(2) DESCRIPTION; FreeBSD kern_event.c kqueue_register",
            t =>
            {
                var (reader, _) = t.Pipe(bytes: 5);
                t.Add(reader, EVFILT_READ, EV_CLEAR);
                t.Expect(reader, EVFILT_READ, data: 5);
            }),

        new("CORE-ADD-003",
            "... including collection in the same kevent() call.",
            "FreeBSD kqueue(2) DESCRIPTION",
            t =>
            {
                var (reader, _) = t.Pipe(bytes: 5);
                KEvent found = t.Call([new(reader, EVFILT_READ, EV_ADD)], 1, KeventTimeout.Zero).MustReturn(1)[0];
                t.Equal((reader.Number, 5L), ((long)found.Ident, found.Data), "ident and data");
            }),

        new("CORE-ADD-004",
            "(ident, filter) is unique per queue: adding twice then triggering yields one event.",
            "FreeBSD kqueue(2) DESCRIPTION",
            t =>
            {
                var (reader, writer) = t.Pipe();
                for (int i = 0; i < 2; i++)
                {
                    t.Add(1, EVFILT_USER, EV_CLEAR);
                    t.Add(reader, EVFILT_READ, EV_CLEAR);
                }

                t.Trigger(1);
                t.Expect(1, EVFILT_USER);
                writer.Write(1);
                t.Expect(reader, EVFILT_READ);
                t.ExpectNone();
                t.Delete(reader, EVFILT_READ);
                t.ExpectAbsent(reader, EVFILT_READ);
            }),

        new("CORE-ADD-005",
            "The same ident under different filters gives independent registrations.",
            "FreeBSD kern_event.c kqueue_register",
            t =>
            {
                var (one, other) = t.SocketPair();
                t.Add(one, EVFILT_READ, udata: 1);
                t.Add(one, EVFILT_WRITE, udata: 2);
                t.Expect(one, EVFILT_WRITE, udata: 2);
                t.Delete(one, EVFILT_WRITE);
                other.Write(3);
                t.Expect(one, EVFILT_READ, data: 3, udata: 1);
            }),

        new("CORE-ADD-006",
            "Non-descriptor idents are opaque and pointer-wide; USER and TIMER idents do not collide with descriptors or each other.",
            "FreeBSD kern_event.c KN_HASH",
            t =>
            {
                var (reader, _) = t.Pipe(bytes: 1);
                t.Add(nuint.MaxValue, EVFILT_USER, EV_CLEAR);
                t.Trigger(nuint.MaxValue);
                t.Expect(nuint.MaxValue, EVFILT_USER);
                t.Add(reader, EVFILT_USER, EV_CLEAR);
                t.Add(reader, EVFILT_TIMER, 0, NOTE_SECONDS, 1000);
                t.Add(reader, EVFILT_READ);
                t.Expect(reader, EVFILT_READ, data: 1);
                t.Delete(reader, EVFILT_READ);
                t.Trigger(reader);
                t.Expect(reader, EVFILT_USER);
                t.Delete(reader, EVFILT_USER);
                t.ExpectRegistered(reader, EVFILT_TIMER);
            }),

        new("CORE-ADD-007",
            "udata is returned bit-for-bit (pointer width).",
            "FreeBSD kqueue(2) struct kevent",
            t =>
            {
                var (reader, _) = t.Pipe(bytes: 1);
                foreach (nint udata in (nint[])[-1, nint.MinValue, nint.MaxValue, unchecked((nint)0xa5a5_5a5a_1234_fedc)])
                {
                    t.Add(reader, EVFILT_READ, EV_ONESHOT, udata: udata);
                    t.Expect(reader, EVFILT_READ, udata: udata);
                }
            }),

        new("CORE-ADD-013",
            "A new EV_ADD is enabled unless EV_DISABLE is given.",
            "FreeBSD kqueue(2) EV_ADD",
            t =>
            {
                var (reader, _) = t.Pipe(bytes: 1);
                var (hidden, _) = t.Pipe(bytes: 2);
                t.Add(reader, EVFILT_READ);
                t.Add(hidden, EVFILT_READ, EV_DISABLE);
                t.Expect(reader, EVFILT_READ, data: 1);
            }),

        new("CORE-ADD-014",
            "EV_ADD|EV_DISABLE of a new registration: never delivered until EV_ENABLE; then a still-true condition is delivered at once.",
            "FreeBSD kern_event.c kqueue_register",
            t =>
            {
                var (reader, writer) = t.Pipe(bytes: 1);
                t.Add(reader, EVFILT_READ, EV_DISABLE);
                t.ExpectNone();
                writer.Write(1);
                t.ExpectNone();
                t.Enable(reader, EVFILT_READ);
                t.Expect(reader, EVFILT_READ, data: 2);
            }),

        new("CORE-ADD-017",
            "EV_ADD on a closed descriptor: EBADF.",
            "FreeBSD kqueue(2) ERRORS",
            t =>
            {
                var (reader, writer) = t.Pipe();
                t.ExpectNone();
                reader.Close();
                foreach (EventFilter filter in (EventFilter[])[EVFILT_READ, EVFILT_WRITE])
                {
                    t.ExpectErrno(Errno.EBADF, reader, filter, EV_ADD);
                    t.ExpectErrno(Errno.EBADF, nuint.MaxValue, filter, EV_ADD);
                    t.ExpectErrno(Errno.EBADF, int.MaxValue, filter, EV_ADD);
                }

                t.Add(writer, EVFILT_READ);
            }),

        new("CORE-ADD-018",
            "A filter the object type does not support gives EINVAL (FreeBSD; NetBSD may give EOPNOTSUPP, devices ENODEV).",
            "FreeBSD kern_event.c fo_kqfilter; NetBSD kqueue(2) ERRORS",
            t =>
            {
                t.Needs(EventFilter.Empty);
                var (reader, _) = t.Pipe();
                Errno refused = t.Call(new KEvent(reader, EVFILT_EMPTY, EV_ADD)).Error;
                Errno second = t.ByDialect(Errno.EINVAL, Errno.ENOTSUP, Errno.EINVAL, Errno.EINVAL);
                t.Check(refused == Errno.EINVAL || refused == second, $"EMPTY on a pipe was answered with {refused}");
                t.ExpectAbsent(reader, EVFILT_EMPTY);
                if (!t.Capabilities.Supports(EVFILT_VNODE))
                    return;
                foreach (Descriptor nameless in (Descriptor[])[reader, t.SocketPair().One])
                {
                    refused = t.Call(new KEvent(nameless, EVFILT_VNODE, EV_ADD, NOTE_DELETE)).Error;
                    t.Check(refused == Errno.EINVAL || refused == second, $"VNODE on what has no name was answered with {refused}");
                    t.ExpectAbsent(nameless, EVFILT_VNODE);
                }
            }),

        new("CORE-ADD-019",
            "A failed EV_ADD leaves no registration (EV_DELETE then gives ENOENT).",
            "FreeBSD kern_event.c knote_drop_detached",
            t =>
            {
                var (reader, writer) = t.Pipe();
                t.ExpectErrno(Errno.EINVAL, t.Queue, EVFILT_READ, EV_ADD);
                t.ExpectAbsent(t.Queue, EVFILT_READ);
                if (t.Capabilities.Supports(EventFilter.Empty))
                {
                    t.ExpectErrno(Errno.EINVAL, reader, EVFILT_EMPTY, EV_ADD);
                    t.ExpectAbsent(reader, EVFILT_EMPTY);
                }

                writer.Write(1);
                t.ExpectNone();
            }),

        new("CORE-ADD-020",
            "The same object may be watched by several queues; each gets its own event.",
            "libkqueue test read.c",
            t =>
            {
                var (reader, writer) = t.Pipe();
                TestQueue[] queues = [t.NewQueue(), t.NewQueue(), t.NewQueue()];
                for (int i = 0; i < queues.Length; i++)
                    queues[i].Add(reader, EVFILT_READ, EV_CLEAR, udata: i);
                writer.Write(4);
                for (int i = 0; i < queues.Length; i++)
                {
                    queues[i].Expect(reader, EVFILT_READ, data: 4, udata: i);
                    queues[i].ExpectNone();
                }
            }),

        Clause.NotObservable("CORE-ADD-021",
            "ext[2] and ext[3] (and ext[0], ext[1] for filters that do not use them) are returned unchanged.",
            ClauseDialects.FreeBsd,
            NoExtensions),

        new("CORE-ADD-022",
            "Delivered flags: FreeBSD strips EV_ADD/EV_DELETE/EV_ENABLE/EV_DISABLE/EV_FORCEONESHOT from the stored flags, so only sticky and output bits appear; NetBSD, OpenBSD, DragonFly, macOS echo EV_ADD (and EV_ENABLE if given at creation).",
            "FreeBSD, NetBSD, OpenBSD, DragonFly, xnu kern_event.c kqueue_register",
            t =>
            {
                EventFlags[] echoed = t.ByDialect<EventFlags[]>([0, 0], [EV_ADD, EV_ENABLE], [EV_ADD, EV_ENABLE], [EV_ADD, EV_ENABLE]);
                var (reader, _) = t.Pipe(bytes: 1);
                t.Add(reader, EVFILT_READ, EV_CLEAR);
                t.Equal(echoed[0] | EV_CLEAR, t.Expect(reader, EVFILT_READ).Flags, "the flags of the event");
                t.Delete(reader, EVFILT_READ);
                t.Add(reader, EVFILT_READ, EV_ENABLE);
                t.Equal(echoed[0] | echoed[1], t.Expect(reader, EVFILT_READ).Flags, "the flags of the event");
            }),

        Clause.NotObservable("CORE-ADD-023",
            "kevent64: ext[0], ext[1] belong to the filter (TIMER leeway, MACHPORT buffer); other filters return them unchanged.",
            ClauseDialects.MacOs,
            NoExtensions),
    ]);
}
