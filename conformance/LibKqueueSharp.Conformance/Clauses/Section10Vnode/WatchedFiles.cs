using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

internal static class WatchedFiles
{
    public static ClauseGroup Group { get; } = new("10", "EVFILT_VNODE: watched files",
    [
        new("VNODE-001",
            "fflags on input is the interest set, on output the notes that occurred; what posts no requested note is not reported.",
            "traces vnode_file_attrib, vnode_oneshot_dispatch",
            t =>
            {
                Descriptor file = Watch.File(t, out string path, NOTE_WRITE);
                t.Must("chmod()", t.Host.Files.ChangeMode(path, 0x100));
                t.ExpectNone();
                t.Must("overwrite()", t.Host.Files.Overwrite(path, 1));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE);
            }),

        new("VNODE-002",
            "Several kinds of activity before retrieval are OR-ed into one event.",
            "traces vnode_accumulate",
            t =>
            {
                Descriptor file = Watch.File(t, out string path, Watch.Changes);
                t.Must("append()", t.Host.Files.Append(path, 1));
                t.Must("chmod()", t.Host.Files.ChangeMode(path, 0x100));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE | NOTE_EXTEND | NOTE_ATTRIB);
                t.ExpectNone();
            }),

        new("VNODE-003",
            "data is 0 in delivered events.",
            "FreeBSD vfs_subr.c filt_vfsvnode",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                string path = t.NewFile(bytes: 9);
                Descriptor file = t.Open(path);
                t.Add(file, EVFILT_VNODE, EV_CLEAR, NOTE_WRITE, data: 7);
                t.Must("overwrite()", t.Host.Files.Overwrite(path, 1));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE, data: 0);
            }),

        new("VNODE-004",
            "Not automatically EV_CLEAR; use EV_CLEAR to consume bits.",
            "FreeBSD vfs_subr.c filt_vfsvnode",
            t =>
            {
                string path = t.NewFile(bytes: 9);
                Descriptor file = t.Open(path);
                t.Add(file, EVFILT_VNODE, 0, NOTE_WRITE);
                t.Must("overwrite()", t.Host.Files.Overwrite(path, 1));
                t.Expect(file, EVFILT_VNODE, EventFlags.None, NOTE_WRITE);
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE);
            }),

        new("VNODE-005",
            "fflags=0 registration is accepted and silent (revoke aside).",
            "FreeBSD vfs_subr.c filt_vfsvnode",
            t =>
            {
                Descriptor file = Watch.File(t, out string path, 0);
                t.Must("append()", t.Host.Files.Append(path, 1));
                t.Must("chmod()", t.Host.Files.ChangeMode(path, 0x100));
                t.ExpectNone();
                t.ExpectRegistered(file, EVFILT_VNODE);
            }),

        new("VNODE-006",
            "The watch follows the open file, not the path: it survives rename and unlink while the descriptor is open.",
            "traces vnode_file_rename, vnode_file_link",
            t =>
            {
                string path = t.NewFile(bytes: 9);
                Descriptor file = t.Open(path, HostOpenMode.ReadWrite);
                t.Add(file, EVFILT_VNODE, EV_CLEAR, NOTE_WRITE);
                string other = t.NewPath();
                t.Must("rename()", t.Host.Files.Rename(path, other));
                file.Write(1);
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE);
                t.Must("unlink()", t.Host.Files.Unlink(other));
                file.Write(1);
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE);
            }),

        new("VNODE-007",
            "Activity through any other descriptor, process or path to the same file counts.",
            "traces vnode_file_write_extend",
            t =>
            {
                string path = t.NewFile(bytes: 9);
                string other = t.NewPath();
                t.Must("link()", t.Host.Files.Link(path, other));
                Descriptor file = t.Open(path);
                t.Add(file, EVFILT_VNODE, EV_CLEAR, NOTE_WRITE);
                t.Open(path, HostOpenMode.WriteOnly).Write(1);
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE);
                t.Open(other, HostOpenMode.WriteOnly).Write(1);
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE);
            }),

        new("VNODE-008",
            "Watching through an O_RDONLY descriptor is enough for every note.",
            "traces vnode_dir, vnode_fbsd_open_close",
            t =>
            {
                Descriptor file = Watch.File(t, out string path, Watch.Changes);
                t.Must("append()", t.Host.Files.Append(path, 1));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE | NOTE_EXTEND);
                t.Must("chmod()", t.Host.Files.ChangeMode(path, 0x100));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_ATTRIB);
                string other = t.NewPath();
                t.Must("link()", t.Host.Files.Link(path, other));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_LINK);
            }),

        new("VNODE-009",
            "On sockets, pipes, queues: EINVAL.",
            "libkqueue test vnode.c",
            t =>
            {
                t.Needs(EVFILT_VNODE);
                t.ExpectErrno(Errno.EINVAL, t.SocketPair().One, EVFILT_VNODE, EV_ADD, NOTE_WRITE);
                t.ExpectErrno(Errno.EINVAL, t.Pipe().Reader, EVFILT_VNODE, EV_ADD, NOTE_WRITE);
                t.ExpectErrno(Errno.EINVAL, t.NewQueue(), EVFILT_VNODE, EV_ADD, NOTE_WRITE);
            }),

        new("VNODE-010",
            "Interest already satisfied before registration is not reported (edges only).",
            "FreeBSD vfs_subr.c filt_vfsvnode",
            t =>
            {
                string path = t.NewFile(bytes: 9);
                Descriptor file = t.Open(path);
                t.Must("overwrite()", t.Host.Files.Overwrite(path, 1));
                t.Add(file, EVFILT_VNODE, EV_CLEAR, NOTE_WRITE);
                t.ExpectNone();
            }),
    ]);
}
