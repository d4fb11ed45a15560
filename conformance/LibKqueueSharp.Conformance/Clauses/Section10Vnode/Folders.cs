namespace LibKqueueSharp.Conformance.Clauses;

internal static class Folders
{
    public static ClauseGroup Group { get; } = new("10", "EVFILT_VNODE: directories",
    [
        new("VNODE-EXT-004",
            "On a directory NOTE_EXTEND reports that an entry was added or removed by a rename across directories; a rename inside one directory does not report it.",
            "traces vnode_dir",
            ClauseDialects.FreeBsd,
            t =>
            {
                Descriptor folder = Watch.Folder(t, out string path);
                string other = t.NewPath();
                t.Must("mkdir()", t.Host.Files.MakeDirectory(other));
                t.Must("make()", t.Host.Files.Make(path + "/x", 1));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE);
                t.Must("rename()", t.Host.Files.Rename(path + "/x", path + "/y"));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE);
                t.Must("rename()", t.Host.Files.Rename(path + "/y", other + "/y"));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE | NOTE_EXTEND);
                t.Must("rename()", t.Host.Files.Rename(other + "/y", path + "/z"));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE | NOTE_EXTEND);
                t.ExpectNone();
            }),

        new("VNODE-DIR-001",
            "Creating a file, FIFO, device or symlink in a watched directory: NOTE_WRITE on the directory.",
            "traces vnode_dir",
            t =>
            {
                Descriptor folder = Watch.Folder(t, out string path);
                t.Must("make()", t.Host.Files.Make(path + "/x", 1));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE);
                t.Must("symlink()", t.Host.Files.SymbolicLink("/x", path + "/s"));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE);
                t.ExpectNone();
            }),

        new("VNODE-DIR-002",
            "Removing an entry: NOTE_WRITE on the directory.",
            "traces vnode_dir",
            t =>
            {
                Descriptor folder = Watch.Folder(t, out string path);
                t.Must("make()", t.Host.Files.Make(path + "/x", 1));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE);
                t.Must("unlink()", t.Host.Files.Unlink(path + "/x"));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE);
            }),

        new("VNODE-DIR-003",
            "Renaming an entry inside the directory: NOTE_WRITE on it.",
            "traces vnode_dir",
            t =>
            {
                Descriptor folder = Watch.Folder(t, out string path);
                t.Must("make()", t.Host.Files.Make(path + "/x", 1));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE);
                t.Must("rename()", t.Host.Files.Rename(path + "/x", path + "/y"));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE);
                t.ExpectNone();
            }),

        new("VNODE-DIR-004",
            "Rename across directories: NOTE_WRITE on both directories; with it NOTE_EXTEND on both on FreeBSD, on the target alone on NetBSD; with it NOTE_LINK on both when the moved object is a directory, not on OpenBSD, and on FreeBSD on the source alone when it replaces a directory.",
            "traces vnode_dir; macOS kpi_vfs.c vn_rename",
            t =>
            {
                Descriptor folder = Watch.Folder(t, out string path);
                string other = t.NewPath();
                t.Must("mkdir()", t.Host.Files.MakeDirectory(other));
                t.Must("make()", t.Host.Files.Make(path + "/x", 1));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE);
                Descriptor target = t.Open(other);
                TestQueue queue = t.NewQueue();
                queue.Add(target, EVFILT_VNODE, EV_CLEAR, Watch.Changes);
                t.Must("rename()", t.Host.Files.Rename(path + "/x", other + "/x"));
                uint extend = NOTE_WRITE | NOTE_EXTEND;
                t.Expect(folder, EVFILT_VNODE, fflags: t.ByDialect(extend, NOTE_WRITE, NOTE_WRITE, NOTE_WRITE));
                queue.Expect(target, EVFILT_VNODE, fflags: t.ByDialect(extend, extend, NOTE_WRITE, NOTE_WRITE));
                t.Must("mkdir()", t.Host.Files.MakeDirectory(path + "/sub"));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE | NOTE_LINK);
                t.Must("rename()", t.Host.Files.Rename(path + "/sub", other + "/sub"));
                uint link = NOTE_WRITE | NOTE_LINK;
                t.Expect(folder, EVFILT_VNODE, fflags: t.ByDialect(extend | NOTE_LINK, link, NOTE_WRITE, link));
                queue.Expect(target, EVFILT_VNODE, fflags: t.ByDialect(extend | NOTE_LINK, extend | NOTE_LINK, NOTE_WRITE, link));
                if (t.Dialect != Dialect.FreeBsd)
                    return;
                t.Must("mkdir()", t.Host.Files.MakeDirectory(path + "/sub"));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE | NOTE_LINK);
                t.Must("rename()", t.Host.Files.Rename(path + "/sub", other + "/sub"));
                t.Expect(folder, EVFILT_VNODE, fflags: extend | NOTE_LINK);
                queue.Expect(target, EVFILT_VNODE, fflags: extend);
            }),

        new("VNODE-DIR-005",
            "mkdir()/rmdir() of a child: NOTE_WRITE|NOTE_LINK on the parent.",
            "traces vnode_dir",
            t =>
            {
                Descriptor folder = Watch.Folder(t, out string path);
                t.Must("mkdir()", t.Host.Files.MakeDirectory(path + "/x"));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE | NOTE_LINK);
                t.Must("rmdir()", t.Host.Files.RemoveDirectory(path + "/x"));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE | NOTE_LINK);
            }),

        new("VNODE-DIR-006",
            "link() creating a new name in the directory: NOTE_WRITE on the directory.",
            "traces vnode_dir; macOS kpi_vfs.c VNOP_LINK",
            t =>
            {
                Descriptor folder = Watch.Folder(t, out string path);
                t.Must("link()", t.Host.Files.Link(t.NewFile(bytes: 1), path + "/x"));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE);
            }),

        new("VNODE-DIR-007",
            "Changing the contents of a file inside does not notify the directory.",
            "traces vnode_dir",
            t =>
            {
                Descriptor folder = Watch.Folder(t, out string path);
                t.Must("make()", t.Host.Files.Make(path + "/x", 1));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE);
                t.Must("append()", t.Host.Files.Append(path + "/x", 5));
                t.ExpectNone();
            }),

        new("VNODE-DIR-008",
            "Only direct entries count; grandchildren do not.",
            "traces vnode_dir",
            t =>
            {
                Descriptor folder = Watch.Folder(t, out string path);
                t.Must("mkdir()", t.Host.Files.MakeDirectory(path + "/sub"));
                t.Expect(folder, EVFILT_VNODE, fflags: NOTE_WRITE | NOTE_LINK);
                t.Must("make()", t.Host.Files.Make(path + "/sub/x", 1));
                t.ExpectNone();
            }),

        Clause.NotObservable("VNODE-DIR-009",
            "The event does not say which entry changed.",
            "the event has no place for a name"),
    ]);
}
