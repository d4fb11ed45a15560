namespace LibKqueueSharp.Conformance.Clauses;

internal static class NamesOfFiles
{
    public static ClauseGroup Group { get; } = new("10", "EVFILT_VNODE: names of files",
    [
        new("VNODE-ATTR-002",
            "Link count changes alone do not give NOTE_ATTRIB (NOTE_LINK).",
            "traces vnode_file_link",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                Descriptor file = Watch.File(t, out string path, NOTE_ATTRIB);
                string other = t.NewPath();
                t.Must("link()", t.Host.Files.Link(path, other));
                t.ExpectNone();
            }),

        new("VNODE-LINK-001",
            "link() of the file: NOTE_LINK on the file.",
            "traces vnode_file_link",
            t =>
            {
                Descriptor file = Watch.File(t, out string path, Watch.Changes);
                string other = t.NewPath();
                t.Must("link()", t.Host.Files.Link(path, other));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_LINK);
                t.ExpectNone();
            }),

        new("VNODE-LINK-002",
            "unlink() of one of several names: NOTE_DELETE, on macOS together with NOTE_LINK.",
            "traces vnode_file_link; macOS kpi_vfs.c VNOP_REMOVE",
            t =>
            {
                Descriptor file = Watch.File(t, out string path, Watch.Changes);
                string other = t.NewPath();
                t.Must("link()", t.Host.Files.Link(path, other));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_LINK);
                t.Must("unlink()", t.Host.Files.Unlink(other));
                t.Expect(file, EVFILT_VNODE, fflags: t.ByDialect(NOTE_DELETE, NOTE_DELETE, NOTE_DELETE, NOTE_DELETE | NOTE_LINK));
                t.ExpectNone();
            }),

        new("VNODE-LINK-003",
            "macOS posts NOTE_LINK together with NOTE_DELETE on the final unlink.",
            "libkqueue test vnode.c; macOS kpi_vfs.c VNOP_REMOVE",
            ClauseDialects.MacOs,
            t =>
            {
                Descriptor file = Watch.File(t, out string path, Watch.Changes);
                t.Must("unlink()", t.Host.Files.Unlink(path));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_LINK | NOTE_DELETE);
            }),

        new("VNODE-DEL-001",
            "unlink() of the last name: NOTE_DELETE.",
            "traces vnode_file_delete",
            t =>
            {
                Descriptor file = Watch.File(t, out string path, NOTE_DELETE);
                t.Must("unlink()", t.Host.Files.Unlink(path));
                t.Expect(file, EVFILT_VNODE, fflags: t.ByDialect(NOTE_DELETE, NOTE_DELETE, NOTE_DELETE, NOTE_DELETE | NOTE_LINK));
                t.ExpectNone();
            }),

        new("VNODE-DEL-002",
            "The registration remains after NOTE_DELETE until the descriptor is closed or EV_DELETE.",
            "FreeBSD vfs_subr.c filt_vfsvnode",
            t =>
            {
                Descriptor file = Watch.File(t, out string path, NOTE_DELETE);
                t.Must("unlink()", t.Host.Files.Unlink(path));
                t.Expect(file, EVFILT_VNODE);
                t.Delete(file, EVFILT_VNODE);
                t.ExpectAbsent(file, EVFILT_VNODE);
            }),

        new("VNODE-DEL-003",
            "rename() over an existing file: NOTE_DELETE on the overwritten file.",
            "traces vnode_file_rename; macOS kpi_vfs.c vn_rename",
            t =>
            {
                Descriptor file = Watch.File(t, out string path, Watch.Changes);
                t.Must("rename()", t.Host.Files.Rename(t.NewFile(bytes: 1), path));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_DELETE);
                t.ExpectNone();
            }),

        new("VNODE-DEL-004",
            "rmdir() of a watched directory: NOTE_DELETE on it.",
            "trace vnode_dir.netbsd-ffs",
            t =>
            {
                Descriptor folder = Watch.Folder(t, out string path, NOTE_DELETE);
                t.Must("rmdir()", t.Host.Files.RemoveDirectory(path));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_DELETE);
                t.ExpectNone();
            }),

        new("VNODE-REN-001",
            "rename() of the file: NOTE_RENAME on it.",
            "traces vnode_file_rename",
            t =>
            {
                Descriptor file = Watch.File(t, out string path, Watch.Changes);
                string other = t.NewPath();
                t.Must("rename()", t.Host.Files.Rename(path, other));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_RENAME);
                t.ExpectNone();
            }),

        new("VNODE-REN-002",
            "rename(A,B) with both watched gives NOTE_RENAME on A and NOTE_DELETE on B, in an order of the system.",
            "traces vnode_file_rename",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                Descriptor file = Watch.File(t, out string path, Watch.Changes);
                string over = t.NewFile(bytes: 1);
                Descriptor overwritten = t.Open(over);
                TestQueue queue = t.NewQueue();
                queue.Add(overwritten, EVFILT_VNODE, EV_CLEAR, Watch.Changes);
                t.Must("rename()", t.Host.Files.Rename(path, over));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_RENAME);
                queue.Expect(overwritten, EVFILT_VNODE, fflags: NOTE_DELETE);
            }),

        new("VNODE-REN-003",
            "Renaming a parent directory does not report anything on the file inside.",
            "FreeBSD vfs_subr.c filt_vfsvnode",
            t =>
            {
                string path = t.NewPath();
                t.Must("mkdir()", t.Host.Files.MakeDirectory(path));
                t.Must("make()", t.Host.Files.Make(path + "/x", 1));
                Descriptor file = t.Open(path + "/x");
                t.Add(file, EVFILT_VNODE, EV_CLEAR, Watch.Changes);
                t.Must("rename()", t.Host.Files.Rename(path, t.NewPath()));
                t.ExpectNone();
            }),
    ]);
}
