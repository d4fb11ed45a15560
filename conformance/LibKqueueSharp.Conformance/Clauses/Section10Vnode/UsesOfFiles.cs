using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

internal static class UsesOfFiles
{
    public static ClauseGroup Group { get; } = new("10", "EVFILT_VNODE: opening, reading, closing, revoking",
    [
        new("VNODE-OPEN-001",
            "Opening the file: NOTE_OPEN.",
            "trace vnode_fbsd_open_close",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd,
            t =>
            {
                Descriptor file = Watch.File(t, out string path, NOTE_OPEN);
                t.Open(path);
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_OPEN);
                t.ExpectNone();
            }),

        new("VNODE-CLOSE-001",
            "Closing a descriptor without write access: NOTE_CLOSE; with write access: NOTE_CLOSE_WRITE.",
            "trace vnode_fbsd_open_close",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd,
            t =>
            {
                Descriptor file = Watch.File(t, out string path, NOTE_CLOSE | NOTE_CLOSE_WRITE);
                t.Open(path).Close();
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_CLOSE);
                t.Open(path, HostOpenMode.ReadWrite).Close();
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_CLOSE_WRITE);
                t.ExpectNone();
            }),

        new("VNODE-CLOSE-002",
            "Posted on the last close of an open file description, not for each dup.",
            "FreeBSD vfs_vnops.c vn_closefile",
            ClauseDialects.FreeBsd,
            t =>
            {
                Descriptor file = Watch.File(t, out string path, NOTE_CLOSE);
                Descriptor second = t.Open(path);
                Descriptor duplicate = second.Duplicate();
                second.Close();
                t.ExpectNone();
                duplicate.Close();
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_CLOSE);
            }),

        Clause.NotObservable("VNODE-CLOSE-003",
            "Forced closes by revoke or unmount give NOTE_REVOKE instead.",
            ClauseDialects.FreeBsd, "there is no privilege to revoke or unmount"),

        new("VNODE-READ-001",
            "read() of the file (or readdir of a directory): NOTE_READ.",
            "trace vnode_fbsd_open_close",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd,
            t =>
            {
                Descriptor file = Watch.File(t, out string path, NOTE_READ);
                file.Read(5);
                t.Expect(file, EVFILT_VNODE, fflags: NOTE_READ);
                t.ExpectNone();
            }),

        Clause.NotObservable("VNODE-REVOKE-001",
            "revoke() or forced unmount: EV_EOF, fires even if not requested; fflags has NOTE_REVOKE only if requested.",
            "there is no privilege to revoke or unmount"),

        Clause.NotObservable("VNODE-FUNLOCK-001",
            "flock() release or close: NOTE_FUNLOCK.",
            ClauseDialects.MacOs, "the note has no name in the interface, for no other system has it"),

        Clause.NotObservable("VNODE-LEASE-001",
            "NOTE_LEASE_DOWNGRADE/RELEASE report lease breaks.",
            ClauseDialects.MacOs, "the notes have no name in the interface, for no other system has them"),
    ]);
}
