namespace LibKqueueSharp.Conformance.Clauses;

internal static class OtherFilters
{
    private const string NoMount = "a program without privilege mounts nothing";
    private const string NoJail = "a program without privilege makes no jail";
    private const string NoNumber = "the filter has no number here";

    private const EventFilter EVFILT_FS = EventFilter.FileSystem;
    private const EventFilter EVFILT_SENDFILE = EventFilter.SendFile;
    private const EventFilter EVFILT_JAIL = EventFilter.Jail;

    public static ClauseGroup Group { get; } = new("17", "Other filters",
    [
        new("FS-001",
            "EVFILT_FS: fires on mount, unmount and file-system state changes; fflags holds VQ_* bits; EV_CLEAR automatic; ident is arbitrary.",
            "FreeBSD vfs_subr.c filt_fsattach; DragonFly filt_fs",
            ClauseDialects.FreeBsd | ClauseDialects.NetBsd | ClauseDialects.MacOs,
            t =>
            {
                nuint[] idents = [0, 7, nuint.MaxValue];
                foreach (nuint ident in idents)
                    t.Add(ident, EVFILT_FS, 0, (uint)(FileSystemNotes.Mount | FileSystemNotes.Unmount));
                foreach (nuint ident in idents)
                {
                    t.ExpectRegistered(ident, EVFILT_FS);
                    t.Delete(ident, EVFILT_FS);
                    t.ExpectAbsent(ident, EVFILT_FS);
                }

                t.ExpectErrno(Errno.ENOENT, 8, EVFILT_FS, EV_DELETE);
            }),

        Clause.NotObservable("FS-002",
            "fflags on input: FreeBSD reports the notes that were asked for, macOS every one when none was; older FreeBSD and DragonFly ignore them and report every bit.",
            ClauseDialects.FreeBsd | ClauseDialects.MacOs, NoMount),

        new("SENDFILE-001",
            "EVFILT_SENDFILE has a number but no implementation: EV_ADD gives ENXIO.",
            "FreeBSD kern_event.c sysfilt_ops, filt_nullattach",
            ClauseDialects.FreeBsd,
            t =>
            {
                t.ExpectErrno(Errno.ENXIO, 0, EVFILT_SENDFILE, EV_ADD);
            }),

        new("JAIL-001",
            "EVFILT_JAIL: ident is a jail id, 0 means the caller's own jail; unknown or dying jail: ENOENT.",
            "FreeBSD kern_event.c filt_jailattach",
            ClauseDialects.FreeBsd,
            t =>
            {
                t.ExpectErrno(Errno.ENOENT, int.MaxValue, EVFILT_JAIL, EV_ADD);
                t.Add(0, EVFILT_JAIL);
            }),

        Clause.NotObservable("JAIL-002",
            "NOTE_JAIL_SET, NOTE_JAIL_ATTACH (data = pid), NOTE_JAIL_CHILD (data = child jail id), NOTE_JAIL_REMOVE.",
            ClauseDialects.FreeBsd, NoJail),

        Clause.NotObservable("JAIL-003",
            "More than one ATTACH/CHILD before retrieval: NOTE_JAIL_MULTI set and data 0.",
            ClauseDialects.FreeBsd, NoJail),

        Clause.NotObservable("JAIL-004",
            "REMOVE sets EV_EOF|EV_ONESHOT; if nothing was requested the entry is dropped silently.",
            ClauseDialects.FreeBsd, NoJail),

        Clause.NotObservable("JAIL-005",
            "EVFILT_JAILDESC: same with a jail descriptor as ident; a jail already removed fires at registration. Other filters on it: EINVAL.",
            ClauseDialects.FreeBsd, NoJail),

        Clause.NotObservable("DEV-001",
            "EVFILT_DEVICE + NOTE_CHANGE: fires when a device's state changes.",
            ClauseDialects.OpenBsd, NoNumber),

        Clause.NotObservable("MACH-001",
            "EVFILT_MACHPORT: ident is a port or port set name; without receive options data is the name of the port with a message; with MACH_RCV_MSG in fflags the message is received into ext[0]/ext[1]. Pass-through only.",
            ClauseDialects.MacOs, NoNumber),

        Clause.NotObservable("VM-001",
            "EVFILT_VM has a number but EV_ADD gives ENOTSUP.",
            ClauseDialects.MacOs, NoNumber),

        new("BADF-001",
            "A portable library asked for a filter its backend cannot provide must fail the EV_ADD (EINVAL for unknown, ENOTSUP or ENXIO for known but unavailable), never accept and stay silent.",
            "FreeBSD kern_event.c kqueue_fo_find; the rule for those that are known is derived",
            t =>
            {
                t.ExpectErrno(Errno.EINVAL, 0, (EventFilter)(-100), EV_ADD);
                foreach (FilterCapability missing in t.Capabilities.Filters.Where(f => !f.Supported))
                {
                    KEvent change = new(0, missing.Filter, EV_ADD);
                    CallResult result = t.Call(change);
                    Errno[] refusals = [Errno.EINVAL, Errno.ENOTSUP, Errno.ENXIO, Errno.EPERM];
                    t.Check(refusals.Contains(result.Error), $"{change} was to be refused: {result}");
                }
            }),
    ]);
}
