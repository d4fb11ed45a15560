namespace LibKqueueSharp.Conformance.Clauses;

internal static class ContentsAndAttributes
{
    public static ClauseGroup Group { get; } = new("10", "EVFILT_VNODE: contents and attributes",
    [
        new("VNODE-WRITE-001",
            "write() to the file: NOTE_WRITE; also for same-size overwrite (pwrite).",
            "traces vnode_file_write_extend",
            t =>
            {
                Descriptor file = Watch.File(t, out string path, NOTE_WRITE);
                t.Must("overwrite()", t.Host.Files.Overwrite(path, 1));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE);
                t.Must("append()", t.Host.Files.Append(path, 1));
                t.Expect(file, EVFILT_VNODE);
                t.ExpectNone();
            }),

        new("VNODE-WRITE-002",
            "write() of 0 bytes gives no NOTE_WRITE.",
            "traces vnode_file_write_extend",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                Descriptor file = Watch.File(t, out string path, Watch.Changes);
                t.Must("overwrite()", t.Host.Files.Overwrite(path, 0));
                t.ExpectNone();
            }),

        new("VNODE-WRITE-003",
            "truncate()/ftruncate() shrinking gives NOTE_ATTRIB, on OpenBSD NOTE_ATTRIB and NOTE_TRUNCATE.",
            "traces vnode_file_write_extend",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                Descriptor file = Watch.File(t, out string path, t.ByDialect(Watch.Changes, Watch.Changes, Watch.Changes | NOTE_TRUNCATE, Watch.Changes));
                t.Must("truncate()", t.Host.Files.Truncate(path, 0));
                t.Expect(file, EVFILT_VNODE, fflags: t.ByDialect(NOTE_ATTRIB, NOTE_ATTRIB, NOTE_ATTRIB | NOTE_TRUNCATE, NOTE_ATTRIB));
            }),

        Clause.NotObservable("VNODE-WRITE-004",
            "Writing through a shared mapping gives no guaranteed note.",
            "no answer would contradict it"),

        new("VNODE-EXT-001",
            "A write that grows the file adds NOTE_EXTEND.",
            "traces vnode_file_write_extend",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                Descriptor file = Watch.File(t, out string path, Watch.Changes);
                t.Must("append()", t.Host.Files.Append(path, 1));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE | NOTE_EXTEND);
            }),

        new("VNODE-EXT-002",
            "A write inside the file gives NOTE_WRITE without NOTE_EXTEND.",
            "traces vnode_file_write_extend",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                Descriptor file = Watch.File(t, out string path, Watch.Changes);
                t.Must("overwrite()", t.Host.Files.Overwrite(path, 1));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_WRITE);
            }),

        new("VNODE-EXT-003",
            "ftruncate() growing the file does not give NOTE_EXTEND but NOTE_ATTRIB.",
            "traces vnode_file_write_extend",
            t =>
            {
                Descriptor file = Watch.File(t, out string path, Watch.Changes);
                t.Must("truncate()", t.Host.Files.Truncate(path, 50));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_ATTRIB);
            }),

        new("VNODE-ATTR-001",
            "chmod, chown, utimes, chflags, ACL and extended attribute changes: NOTE_ATTRIB.",
            "traces vnode_file_attrib",
            t =>
            {
                Descriptor file = Watch.File(t, out string path, Watch.Changes);
                t.Must("chmod()", t.Host.Files.ChangeMode(path, 0x100));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_ATTRIB);
                t.Must("chmod()", t.Host.Files.ChangeMode(path, 0x100));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_ATTRIB);
                t.Must("utimes()", t.Host.Files.Touch(path));
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_ATTRIB);
                t.ExpectNone();
            }),

        new("VNODE-TRUNC-001",
            "NOTE_TRUNCATE on shrinking.",
            "trace vnode_file_write_extend.openbsd51",
            ClauseDialects.OpenBsd,
            t =>
            {
                Descriptor file = Watch.File(t, out string path, NOTE_TRUNCATE);
                t.Must("truncate()", t.Host.Files.Truncate(path, 50));
                t.ExpectNone();
                t.Must("truncate()", t.Host.Files.Truncate(path, 0));
                KEvent e = t.Expect(file, EVFILT_VNODE);
                t.Check((e.FFlags & NOTE_TRUNCATE) != 0, $"NOTE_TRUNCATE was to be in {e}");
            }),
    ]);
}
