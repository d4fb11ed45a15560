using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

internal static class Clearing
{
    public static ClauseGroup Group { get; } = new("3.6", "EV_CLEAR",
    [
        new("CORE-CLR-001",
            "EV_CLEAR: after retrieval the event is not returned again until new activity.",
            "FreeBSD kqueue(2) EV_CLEAR",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe(bytes: 5);
                t.Add(reader, EVFILT_READ, EV_CLEAR);
                t.Expect(reader, EVFILT_READ, EV_CLEAR, data: 5);
                t.ExpectNone();
                writer.Write(1);
                t.Expect(reader, EVFILT_READ);
            }),

        new("CORE-CLR-002",
            "New activity re-triggers even if older data is still unread; data reports the total now present.",
            "FreeBSD kern_event.c knote, kqueue_scan",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(reader, EVFILT_READ, EV_CLEAR);
                writer.Write(5);
                t.Expect(reader, EVFILT_READ, data: 5);
                writer.Write(3);
                t.Expect(reader, EVFILT_READ, data: 8);
            }),

        new("CORE-CLR-003",
            "Several activities before retrieval give one event.",
            "FreeBSD kqueue(2) DESCRIPTION",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(reader, EVFILT_READ, EV_CLEAR);
                writer.Write(5);
                writer.Write(3);
                t.Expect(reader, EVFILT_READ, data: 8);
                t.ExpectNone();
            }),

        new("CORE-CLR-004",
            "Retrieval resets data and accumulated fflags to zero inside the queue.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                TimerWatch timer = t.AddTimer(1, milliseconds: 10);
                t.Sleep(milliseconds: 35);
                t.ExpectTimer(timer);
                t.ExpectTimer(timer);
                t.Delete(1, EVFILT_TIMER);

                string path = t.NewFile(bytes: 9);
                Descriptor file = t.Open(path);
                t.Add(file, EVFILT_VNODE, EV_CLEAR, NOTE_WRITE | NOTE_ATTRIB);
                t.Must($"overwrite({path})", t.Host.Files.Overwrite(path, 1));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE);
                t.Must($"chmod({path})", t.Host.Files.ChangeMode(path, 0x100));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_ATTRIB);
            }),

        new("CORE-CLR-005",
            "Without EV_CLEAR (and other consuming flags) a true condition is returned by every call.",
            "FreeBSD kern_event.c kqueue_scan",
            t =>
            {
                (Descriptor reader, _) = t.Pipe(bytes: 5);
                t.Add(reader, EVFILT_READ);
                for (int call = 0; call < 3; call++)
                    t.Expect(reader, EVFILT_READ, EventFlags.None, data: 5);
            }),

        new("CORE-CLR-006",
            "Without EV_CLEAR, EVFILT_VNODE fflags keep accumulating and the event is returned on every call until deleted.",
            "FreeBSD vfs_subr.c filt_vfsvnode",
            t =>
            {
                string path = t.NewFile(bytes: 9);
                Descriptor file = t.Open(path);
                t.Add(file, EVFILT_VNODE, 0, NOTE_WRITE | NOTE_ATTRIB);
                t.Must($"overwrite({path})", t.Host.Files.Overwrite(path, 1));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE);
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE);
                t.Must($"chmod({path})", t.Host.Files.ChangeMode(path, 0x100));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE | NOTE_ATTRIB);
                t.Delete(file, EVFILT_VNODE);
                t.ExpectNone();
            }),

        new("CORE-CLR-007",
            "PROC, SIGNAL, relative TIMER, FS, PROCDESC, JAIL, JAILDESC set EV_CLEAR themselves; it shows in delivered flags.",
            "FreeBSD kern_event.c filt_timerattach, filt_procattach, filt_sigattach; OpenBSD, NetBSD, DragonFly, xnu kern_event.c",
            t =>
            {
                t.AddTimer(1, milliseconds: 10, EV_ONESHOT);
                t.Expect(1, EVFILT_TIMER, EV_CLEAR | EV_ONESHOT);

                ChildPlan livesOn = new(Start: 0, Forks: false, Executes: false, Life: 600_000_000_000, ExitCode: 0);
                nuint child = (nuint)t.Must("spawn()", t.Host.Processes.Spawn(livesOn));
                t.Add(child, EVFILT_PROC, 0, NOTE_EXIT);
                t.Must($"kill({child})", t.Host.Processes.Kill((long)child, "KILL"));
                KEvent exit = t.Expect(child, EVFILT_PROC);
                t.Check((exit.Flags & EV_CLEAR) != 0, $"EV_CLEAR was to be set: {exit}");
            }),

        new("CORE-CLR-008",
            "EV_EOF with EV_CLEAR is reported once per edge.",
            "libkqueue test read.c eof_clear",
            t =>
            {
                (Descriptor reader, Descriptor writer) = t.Pipe();
                t.Add(reader, EVFILT_READ, EV_CLEAR);
                writer.Close();
                t.Expect(reader, EVFILT_READ, EV_CLEAR | EV_EOF, data: 0);
                t.ExpectNone();
            }),
    ]);
}
