using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

internal static class ReadingFiles
{
    public static ClauseGroup Group { get; } = new("7.4", "EVFILT_READ: regular files and directories",
    [
        new("READ-FILE-001",
            "Fires when file offset != file size; data = size - offset.",
            "FreeBSD vfs_subr.c filt_vfsread",
            t =>
            {
                Descriptor file = t.OpenFile(bytes: 10);
                file.Seek(4);
                t.Add(file, EVFILT_READ);
                t.Expect(file, EVFILT_READ, EventFlags.None, fflags: 0, data: 6);
            }),

        new("READ-FILE-002",
            "data is negative when the offset is beyond the end, and the event fires.",
            "FreeBSD vfs_subr.c filt_vfsread",
            t =>
            {
                Descriptor file = t.OpenFile(bytes: 10);
                file.Seek(5, SeekOrigin.End);
                t.Add(file, EVFILT_READ);
                t.Expect(file, EVFILT_READ, EventFlags.None, data: -5);
            }),

        new("READ-FILE-003",
            "At end of file it is silent.",
            "traces file_read_empty",
            t =>
            {
                Descriptor empty = t.OpenFile(bytes: 0);
                t.Add(empty, EVFILT_READ);
                t.ExpectNone();
                Descriptor file = t.OpenFile(bytes: 3);
                t.Add(file, EVFILT_READ);
                t.Expect(file, EVFILT_READ, data: 3);
                file.Read(3);
                t.ExpectNone();
            }),

        new("READ-FILE-004",
            "Appending by anyone re-activates a waiting registration.",
            "traces file_read_empty; libkqueue test/read.c",
            t =>
            {
                string path = t.NewFile(bytes: 0);
                Descriptor file = t.Open(path);
                t.Add(file, EVFILT_READ);
                Waiter waiter = t.Wait();
                waiter.ExpectWaiting();
                t.Open(path, HostOpenMode.WriteOnly | HostOpenMode.Append).Write(3);
                t.Equal(3, waiter.Expect(file).Data, "data");
                file.Read(3);
                t.ExpectNone();
                t.Must($"append({path}, 2)", t.Host.Files.Append(path, 2));
                t.Expect(file, EVFILT_READ, data: 2);
            }),

        new("READ-FILE-005",
            "The offset is that of the shared open file: reading through a dup or seeking changes data at the next retrieval.",
            "FreeBSD vfs_subr.c filt_vfsread (f_offset)",
            t =>
            {
                Descriptor file = t.OpenFile(bytes: 10);
                t.Add(file, EVFILT_READ);
                t.Expect(file, EVFILT_READ, data: 10);
                file.Duplicate().Read(4);
                t.Expect(file, EVFILT_READ, data: 6);
                file.Seek(9);
                t.Expect(file, EVFILT_READ, data: 1);
            }),

        new("READ-FILE-006",
            "NOTE_FILE_POLL: fires always, even at end of file (data 0).",
            "FreeBSD kqueue(2) Vnodes",
            ClauseDialects.FreeBsd,
            t =>
            {
                Descriptor file = t.OpenFile(bytes: 3);
                t.Add(file, EVFILT_READ, 0, NOTE_FILE_POLL);
                t.Expect(file, EVFILT_READ, data: 3);
                file.Read(3);
                t.Expect(file, EVFILT_READ, data: 0);
                t.Expect(file, EVFILT_READ, data: 0);
            }),

        Clause.NotObservable("READ-FILE-007",
            "EV_POLL in flags has the same purpose.",
            ClauseDialects.MacOs,
            "native only: EventFlags has no such flag, which is one of the filter's own bits in FreeBSD's numbers"),

        new("READ-FILE-008",
            "NOTE_EOF: also fires at end of file with NOTE_EOF in fflags and data 0.",
            "OpenBSD ufs_vnops.c filt_ufsread",
            ClauseDialects.OpenBsd,
            t =>
            {
                Descriptor file = t.OpenFile(bytes: 3);
                t.Add(file, EVFILT_READ, 0, NOTE_EOF);
                t.Expect(file, EVFILT_READ, fflags: 0, data: 3);
                file.Read(3);
                t.Expect(file, EVFILT_READ, fflags: NOTE_EOF, data: 0);
            }),

        new("READ-FILE-009",
            "Unlinking or renaming the file does not disturb the registration.",
            "traces file_read_empty; libkqueue test/read.c",
            t =>
            {
                (string path, string moved) = (t.NewFile(bytes: 5), t.NewPath());
                Descriptor file = t.Open(path, HostOpenMode.ReadWrite);
                t.Add(file, EVFILT_READ);
                t.Must($"rename({path}, {moved})", t.Host.Files.Rename(path, moved));
                t.Expect(file, EVFILT_READ, data: 5);
                t.Must($"unlink({moved})", t.Host.Files.Unlink(moved));
                t.Expect(file, EVFILT_READ, EventFlags.None, data: 5);
                file.Read(5);
                t.ExpectNone();
                file.Write(2);
                file.Seek(5);
                t.Expect(file, EVFILT_READ, EventFlags.None, data: 2);
            }),

        new("READ-FILE-010",
            "Truncation below the offset makes data negative.",
            "FreeBSD vfs_subr.c filt_vfsread",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                Descriptor file = t.OpenFile(bytes: 10);
                file.Seek(4);
                t.Add(file, EVFILT_READ);
                t.Expect(file, EVFILT_READ, data: 6);
                file.Truncate(0);
                t.Expect(file, EVFILT_READ, data: -4);
            }),

        new("READ-FILE-011",
            "Revoke or forced unmount: EV_EOF|EV_ONESHOT.",
            "traces vnode_revoke",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.OpenBsd,
            t =>
            {
                string path = t.NewFile(bytes: 10);
                Descriptor file = t.Open(path);
                t.Add(file, EVFILT_READ);
                t.Expect(file, EVFILT_READ, EventFlags.None, data: 10);
                t.Must($"revoke({path})", t.Host.Files.Revoke(path));
                t.Expect(file, EVFILT_READ, EV_EOF | EV_ONESHOT);
                t.ExpectAbsent(file, EVFILT_READ);
            }),

        new("READ-FILE-012",
            "Without EV_CLEAR the event repeats on every call while offset != size.",
            "FreeBSD vfs_subr.c filt_vfsread; traces file_read_clear",
            t =>
            {
                Descriptor file = t.OpenFile(bytes: 5);
                t.Add(file, EVFILT_READ);
                t.Expect(file, EVFILT_READ, data: 5);
                t.Expect(file, EVFILT_READ, data: 5);
                file.Seek(0, SeekOrigin.End);
                t.ExpectNone();
            }),

        new("READ-DIR-001",
            "EVFILT_READ on a directory is accepted on FreeBSD/NetBSD/OpenBSD vnode filters (data from size - offset, so that it is silent where the file system tells no size: FreeBSD's trace); macOS gives EINVAL for non-regular files.",
            "traces dir_read; xnu vn_kqfilter",
            t =>
            {
                string path = t.NewPath();
                t.Must($"mkdir({path})", t.Host.Files.MakeDirectory(path));
                Descriptor directory = t.Open(path);
                if (t.ByDialect(freeBsd: false, netBsd: false, openBsd: false, macOs: true))
                {
                    t.ExpectErrno(Errno.EINVAL, directory, EVFILT_READ, EV_ADD);
                    return;
                }

                t.Add(directory, EVFILT_READ);
                t.Check(t.Poll().All(e => e.Data > 0), "an event of a directory was to tell its size");
                t.Delete(directory, EVFILT_READ);
            }),
    ]);
}
