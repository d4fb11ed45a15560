using System.Runtime.InteropServices;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests.Mounts;

/// <summary>What <see cref="MountChild"/> runs: /mnt is a file system of the scenario's own, with two folders to mount on.</summary>
public static partial class MountScenarios
{
    private const FileSystemNotes All = FileSystemNotes.Mount | FileSystemNotes.Unmount | FileSystemNotes.Update;
    private const int CLONE_NEWNS = 0x20000;
    private const int MNT_DETACH = 2;
    private const string Folder = "/mnt/a";
    private const string OtherFolder = "/mnt/b";

    public static void EachChangeGivesItsNote()
    {
        using TestQueue q = Prepare();
        q.AddMounts(7, All);
        q.ExpectNothing("what was mounted before");
        Mount(Folder);
        q.ExpectOne(7, FileSystemNotes.Mount);
        Must("mount", "-o", "remount,ro", Folder);
        q.ExpectOne(7, FileSystemNotes.Update);
        Must("mount", "-o", "remount,bind,nosuid", Folder);
        q.ExpectOne(7, FileSystemNotes.Update);
        Must("mount", "--bind", Folder, OtherFolder);
        q.ExpectOne(7, FileSystemNotes.Mount);
        Unmount(OtherFolder);
        q.ExpectOne(7, FileSystemNotes.Unmount);
        Unmount(Folder);
        q.ExpectOne(7, FileSystemNotes.Unmount);
    }

    public static void ChangesBetweenTwoLooksAreOneEvent()
    {
        using TestQueue q = Prepare();
        Mount(Folder);
        q.AddMounts(0, All);
        Unmount(Folder);
        Mount(OtherFolder);
        Must("mount", "-o", "remount,ro", "/mnt");
        q.ExpectOne(0, All);
    }

    public static void NotesThatWereNotAskedForStayAway()
    {
        using TestQueue q = Prepare();
        q.AddMounts(1, FileSystemNotes.Mount);
        q.AddMounts(2, FileSystemNotes.Unmount);
        q.AddMounts(3, FileSystemNotes.None);
        Mount(Folder);
        q.ExpectOne(1, FileSystemNotes.Mount);
        Unmount(Folder);
        q.ExpectOne(2, FileSystemNotes.Unmount);
    }

    public static void NoNoteIsEveryNoteOnMacOs()
    {
        using TestQueue q = Prepare(Dialect.MacOs);
        q.AddMounts(1, FileSystemNotes.None);
        q.AddMounts(2, FileSystemNotes.Unmount);
        Mount(Folder);
        Assert.That((FileSystemNotes)q.WaitOne().FFlags, Is.EqualTo(FileSystemNotes.Mount));
        Must("mount", "-o", "remount,ro", Folder);
        Assert.That((FileSystemNotes)q.WaitOne().FFlags, Is.EqualTo(FileSystemNotes.Update));
    }

    public static void LaterRegistrationSeesLaterChangesOnly()
    {
        using TestQueue q = Prepare();
        q.AddMounts(1, All);
        Mount(Folder);
        q.AddMounts(2, All);
        q.ExpectOne(1, FileSystemNotes.Mount);
        Mount(OtherFolder);
        Assert.That(
            q.Wait().Select(e => (e.Ident, (FileSystemNotes)e.FFlags)),
            Is.EquivalentTo(new[] { ((nuint)1, FileSystemNotes.Mount), ((nuint)2, FileSystemNotes.Mount) }));
    }

    public static void ModificationCountsFromItsTimeOn()
    {
        using TestQueue q = Prepare();
        q.AddMounts(1, FileSystemNotes.Unmount);
        Mount(Folder);
        q.AddMounts(1, All);
        q.ExpectNothing("the mount was not asked for when it was made");
        Unmount(Folder);
        q.ExpectOne(1, FileSystemNotes.Unmount);
    }

    public static void DisabledRegistrationKeepsItsNotes()
    {
        using TestQueue q = Prepare();
        q.AddMounts(1, All);
        q.Apply(new KEvent(1, EventFilter.FileSystem, EventFlags.Disable, (uint)All));
        Mount(Folder);
        q.ExpectSilence("disabled");
        q.Apply(new KEvent(1, EventFilter.FileSystem, EventFlags.Enable, (uint)All));
        q.ExpectOne(1, FileSystemNotes.Mount);
    }

    public static void SleeperIsWoken()
    {
        using TestQueue q = Prepare();
        q.AddMounts(1, All);
        using TestQueue other = new();
        other.AddMounts(1, All);
        KEvent[] events = [];
        Thread sleeper = new(() => events = q.Collect(8, KeventTimeout.Infinite)) { IsBackground = true };
        sleeper.Start();
        Mount(Folder);
        Assert.That(sleeper.Join(Eventually.Limit), "the sleeper returns");
        Assert.That(events, Has.Length.EqualTo(1), string.Join(' ', events));
        other.ExpectOne(1, FileSystemNotes.Mount);
    }

    /// <summary>Whoever looks at the descriptor first must not take the change from whoever looks next, nor from the queue.</summary>
    public static void DescriptorOfTheQueueStaysReadable()
    {
        using TestQueue q = Prepare();
        q.AddMounts(1, All);
        Assert.That(IsReadable(q.Number), Is.False, "nothing has happened");
        Mount(Folder);
        for (int look = 0; look < 3; look++)
            Assert.That(IsReadable(q.Number), $"look {look}");
        q.ExpectOne(1, FileSystemNotes.Mount);
        Assert.That(IsReadable(q.Number), Is.False, "the event was taken");
    }

    public static void QueueThatWatchesTheQueueSeesIt()
    {
        using TestQueue inner = Prepare();
        using TestQueue outer = new();
        inner.AddMounts(1, All);
        outer.AddRead(inner.Number);
        outer.ExpectNothing("nothing has happened");
        Mount(Folder);
        Assert.That(outer.WaitOne().Ident, Is.EqualTo((nuint)inner.Number));
        inner.ExpectOne(1, FileSystemNotes.Mount);
        outer.ExpectNothing("the event was taken");
    }

    public static void ClosedAndOpenedWatchBeginsAnew()
    {
        using TestQueue q = Prepare();
        q.AddMounts(1, All);
        q.Delete(1, EventFilter.FileSystem);
        Mount(Folder);
        q.AddMounts(1, All);
        q.ExpectNothing("mounted while nobody watched");
        Unmount(Folder);
        q.ExpectOne(1, FileSystemNotes.Unmount);
    }

    /// <summary>An orphan, a registration whose number was closed while its file lives, makes the queue rebuild its set.</summary>
    public static void ChangesSurviveTheRebuildOfTheSet()
    {
        using TestQueue q = Prepare();
        (Fd reader, Fd writer) = Child.Pipe();
        q.AddMounts(1, All);
        Fd orphan = new(Mono.Unix.Native.Syscall.dup(reader));
        q.AddRead(reader);
        reader.Dispose();
        Assert.That(writer.TryWrite("x"u8), Is.EqualTo(1));
        Mount(Folder);
        List<KEvent> events = [];
        for (int i = 0; i < 8; i++)
            events.AddRange(q.Poll());
        Assert.That(events.Select(e => (FileSystemNotes)e.FFlags), Is.EqualTo(new[] { FileSystemNotes.Mount }), string.Join(' ', events));
        Unmount(Folder);
        q.ExpectOne(1, FileSystemNotes.Unmount);
        Assert.That(q.Queue.DescriptorCount, Is.EqualTo(5), "the set was rebuilt");
        orphan.Dispose();
        writer.Dispose();
    }

    public static void MountsInOtherNamespacesAreNotSeen()
    {
        using TestQueue q = Prepare();
        q.AddMounts(1, All);
        Must("unshare", "-m", "mount", "-t", "tmpfs", "other", Folder);
        q.ExpectSilence("a namespace of its own");
    }

    /// <summary>The table is that of the process, which is its first thread to /proc.</summary>
    public static void NamespaceThatAThreadHasMadeIsNotSeen()
    {
        using TestQueue q = Prepare();
        q.AddMounts(1, All);
        int failed = -1;
        using (TestThread thread = new(() =>
        {
            failed = Unshare(CLONE_NEWNS);
            Must("mount", "-t", "tmpfs", "other", Folder);
        }))
        {
            thread.Join();
        }

        Assert.That(failed, Is.Zero);
        q.ExpectSilence("the thread's own");
        Mount(Folder);
        q.ExpectOne(1, FileSystemNotes.Mount);
    }

    public static void ProcIsNeededForTheRegistrationOnly()
    {
        using TestQueue q = Prepare();
        q.AddMounts(1, All);
        Assert.That(Unmount("/proc", MNT_DETACH), Is.Zero);
        q.ExpectOne(1, FileSystemNotes.Unmount);
        Assert.That(Mount("test", Folder, "tmpfs", 0, 0), Is.Zero);
        q.ExpectOne(1, FileSystemNotes.Mount);
        using TestQueue late = new();
        KEvent add = new(1, EventFilter.FileSystem, EventFlags.Add, (uint)All);
        Errno error = late.Try(add);
        Assert.That((error, late.Queue.KnoteCount), Is.EqualTo((Errno.ENOTSUP, 0)));
        Assert.That(late.Queue.Explain(error, add), Does.Contain("/proc/self/mountinfo"));
    }

    /// <summary>A table of some 40 KiB, of which the kernel hands out a page at a time.</summary>
    public static void LongTableIsReadWhole()
    {
        const int Mounts = 400;
        using TestQueue q = Prepare();
        q.AddMounts(1, All);
        string[] folders = [.. Enumerable.Range(0, Mounts).Select(i => $"{Folder}/{i}")];
        foreach (string folder in folders)
        {
            Directory.CreateDirectory(folder);
            Assert.That(Mount("test", folder, "tmpfs", 0, 0), Is.Zero);
        }

        q.ExpectOne(1, FileSystemNotes.Mount);
        foreach (int i in (int[])[0, Mounts / 2, Mounts - 1])
        {
            Assert.That(Unmount(folders[i], 0), Is.Zero);
            q.ExpectOne(1, FileSystemNotes.Unmount);
        }

        Assert.That(Mount("test", folders[1], "tmpfs", 32 | 1, 0), Is.Zero);
        q.ExpectOne(1, FileSystemNotes.Update);
    }

    public static void MountThatIsGoneAgainIsNotSeen()
    {
        using TestQueue q = Prepare();
        q.AddMounts(1, All);
        Mount(Folder);
        Unmount(Folder);
        q.ExpectSilence("the table is as it was");
    }

    public static void FullDiskIsNotSeen()
    {
        using TestQueue q = Prepare();
        Must("mount", "-t", "tmpfs", "-o", "size=64k", "small", Folder);
        q.AddMounts(1, ~All);
        Assert.That(() => File.WriteAllBytes(Folder + "/file", new byte[1 << 20]), Throws.InstanceOf<IOException>());
        Must("umount", "-l", Folder);
        q.ExpectSilence("the disk is full, and gone");
    }

    private static TestQueue Prepare(Dialect? dialect = null)
    {
        Mount("/mnt");
        Directory.CreateDirectory(Folder);
        Directory.CreateDirectory(OtherFolder);
        return new TestQueue(dialect);
    }

    private static void AddMounts(this TestQueue q, int ident, FileSystemNotes notes) =>
        q.Add(ident, EventFilter.FileSystem, 0, (uint)notes);

    /// <summary>mount(8) may take several steps, each of which changes the table; none of them comes later than its end.</summary>
    private static void ExpectOne(this TestQueue q, int ident, FileSystemNotes notes)
    {
        Assert.That(
            q.WaitOne(), Is.EqualTo(new KEvent((nuint)ident, EventFilter.FileSystem, EventFlags.Clear, (uint)notes, 0, 0)));
        q.ExpectNothing("it was told");
    }

    private static void Mount(string folder) => Must("mount", "-t", "tmpfs", "test", folder);

    private static void Unmount(string folder) => Must("umount", folder);

    private static void Must(string program, params string[] arguments)
    {
        (int exit, string errors) = MountChild.Execute(program, arguments);
        Assert.That(exit, Is.Zero, $"{program} {string.Join(' ', arguments)}: {errors}");
    }

    [LibraryImport("libc", EntryPoint = "unshare")]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, nuint flags, nint data);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);

    private static unsafe bool IsReadable(int fd)
    {
        Tmds.Linux.pollfd entry = new() { fd = fd, events = (short)Posix.EPOLLIN };
        return Posix.Poll(&entry, 1, 0) == 1;
    }
}
