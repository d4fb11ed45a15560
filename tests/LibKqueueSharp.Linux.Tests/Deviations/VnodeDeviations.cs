using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;
using static LibKqueueSharp.Linux.Tests.VnodeTests;
using static LibKqueueSharp.VnodeNotes;

namespace LibKqueueSharp.Linux.Tests.Deviations;

/// <summary>Each fails when the deviation disappears.</summary>
internal sealed class VnodeDeviations : LinuxFixture
{
    private const uint Nobody = 65534;

    [Test, Deviation("merged-changes")]
    public void ASecondNameMadeAndRemovedShowsAsAttributes()
    {
        Fd file = Keep(Temp.File("f", 1));
        TestQueue q = NewQueue();
        Watch(q, file, Changes);
        Syscall.link(Temp.Path("f"), Temp.Path("g"));
        Syscall.unlink(Temp.Path("g"));
        Expect(q, file, Attributes);
    }

    [Test, Deviation("merged-changes")]
    public void ASecondNameHidesTheSameModeAgain()
    {
        Fd file = Keep(Temp.File("f", 1));
        TestQueue q = NewQueue();
        Syscall.fchmod(file, FilePermissions.S_IRUSR);
        Watch(q, file, Changes);
        Syscall.link(Temp.Path("f"), Temp.Path("g"));
        Syscall.fchmod(file, FilePermissions.S_IRUSR);
        Expect(q, file, Link);
    }

    [Test, Deviation("overwritten-counts-as-unlinked")]
    public void AnOverwrittenFileHasLostALinkToo()
    {
        Fd file = Keep(Temp.File("f", 1));
        Keep(Temp.File("g", 1));
        TestQueue q = NewQueue(Dialect.MacOs);
        Watch(q, file, Changes);
        Syscall.rename(Temp.Path("g"), Temp.Path("f"));
        Assert.That((VnodeNotes)q.Poll().Single().FFlags, Is.EqualTo(Delete | Link));
    }

    [Test, Deviation("never-revoked")]
    public void RevokeIsAcceptedAndNeverSent()
    {
        Fd file = Keep(Temp.File("f", 1));
        TestQueue q = NewQueue();
        Watch(q, file, Revoke);
        Syscall.unlink(Temp.Path("f"));
        q.ExpectNothing();
    }

    [Test, Deviation("unreadable-file")]
    public void FileThatTheCallerMayNotReadIsRefused()
    {
        Fd file = Keep(Temp.File("f", 1));
        Syscall.chmod(Temp.Path("f"), 0);
        TestQueue q = NewQueue();
        Errno error = Errno.None;
        using TestThread stranger = new(() =>
        {
            // The superuser reads everything; a thread that is somebody else to the file system does not, and ends after this.
            if (Syscall.geteuid() == 0)
                _ = Posix.SetFileSystemUser(Nobody);
            error = q.TryAdd(file, EventFilter.Vnode);
        });
        stranger.Join();
        Assert.That(error, Is.EqualTo(Errno.EACCES));
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    /// <summary>The queue of inotify is filled with changes of two files in turn, which do not merge.</summary>
    [Test, Deviation("overflow-forgets-uses")]
    public void AnOverflowLosesNoChange()
    {
        Fd noisy = Keep(Temp.File("n", 1));
        Fd noisy2 = Keep(Temp.File("m", 1));
        Fd written = Keep(Temp.File("w", 1));
        Fd renamed = Keep(Temp.File("r", 1));
        Fd removed = Keep(Temp.File("u", 1));
        Fd opened = Keep(Temp.File("o", 1));
        Fd untouched = Keep(Temp.File("t", 1));
        Directory.CreateDirectory(Temp.Path("d"));
        Fd folder = Keep(Fd.Open(Temp.Path("d"), OpenFlags.O_RDONLY));
        TestQueue q = NewQueue();
        foreach (Fd file in (Fd[])[noisy, noisy2, written, renamed, removed, opened, untouched, folder])
            Watch(q, file, Changes | Open);
        int limit = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"));
        for (int i = 0; i <= limit; i += 2)
        {
            Syscall.fchmod(noisy, FilePermissions.S_IRUSR);
            Syscall.fchmod(noisy2, FilePermissions.S_IRUSR);
        }

        written.Write(5);
        Syscall.rename(Temp.Path("r"), Temp.Path("r2"));
        Syscall.unlink(Temp.Path("u"));
        Fd.Open(Temp.Path("o"), OpenFlags.O_RDONLY).Dispose();
        Keep(Temp.File("d/x", 1));
        KEvent[] events = [.. q.Poll().Where(e => (int)e.Ident != noisy && (int)e.Ident != noisy2)];
        Assert.That(events, Is.EquivalentTo(new[]
        {
            Event(written, Write | Extend), Event(renamed, Rename), Event(removed, Delete), Event(folder, Write),
        }));
    }
}
