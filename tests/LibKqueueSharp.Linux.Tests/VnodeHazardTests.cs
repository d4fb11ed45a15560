using LibKqueueSharp.Emulation;
using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;
using static LibKqueueSharp.Linux.Tests.VnodeTests;
using static LibKqueueSharp.VnodeNotes;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>EVFILT_VNODE where several things happen before the queue is looked at, or inotify says less than it seems to.</summary>
internal sealed class VnodeHazardTests : LinuxFixture
{
    private const FilePermissions Mode = FilePermissions.S_IRUSR | FilePermissions.S_IWUSR | FilePermissions.S_IXUSR;

    [Test]
    public void WhatAReaderOfTheSameNumberWasToldIsNotTheNewKnotes()
    {
        Fd file = Keep(Temp.File("f", 10));
        TestQueue q = NewQueue();
        q.AddRead(file, EventFlags.Clear);
        q.Poll();
        Temp.Append("f", 5);
        Watch(q, file, Changes);
        Assert.That(q.Poll(), Is.EqualTo(new[] { Ev.Read(file, 15, EventFlags.Clear) }));
    }

    /// <summary>CORE-MOD-002, CORE-DIS-003: EV_ENABLE looks at inotify before it takes the new notes.</summary>
    [Test]
    public void ChangeBeforeEnableCountsByTheNotesOfThatTime([Values(Write, Rename)] VnodeNotes before, [Values] bool disabled)
    {
        Fd file = Keep(Temp.File("f", 10));
        TestQueue q = NewQueue();
        Watch(q, file, before);
        if (disabled)
            q.Apply(new KEvent((nuint)(int)file, EventFilter.Vnode, EventFlags.Disable, (uint)before));
        file.Write(1);
        VnodeNotes after = before == Write ? Rename : Write;
        q.Apply(new KEvent((nuint)(int)file, EventFilter.Vnode, EventFlags.Enable, (uint)after));
        Assert.That(q.Poll(), Is.EqualTo(before == Write ? [Event(file, Write)] : Array.Empty<KEvent>()));
    }

    /// <summary>fstat(2) saw the write, whose event had not been read yet, after the open was told.</summary>
    [Test]
    public void WhatALookSeesBeforeItIsToldIsLeftToCompareWith()
    {
        FileState was = new(Size: 1, Links: 2, Mode: 0, Owner: 0, Group: 0, Accessed: 0, Modified: 0, Changed: 0);
        FileState now = was with { Size = 5, Links = 1, Modified = 9, Changed = 9 };
        FileState known = VnodeRules.Learn(FileHappenings.Opened, was, now);
        Assert.That(known, Is.EqualTo(was));
        known = VnodeRules.Learn(FileHappenings.Modified, known, now);
        Assert.That(known, Is.EqualTo(now with { Links = 2 }));
        Assert.That(VnodeRules.Learn(FileHappenings.Attributes, known, now), Is.EqualTo(now));
        Assert.That(VnodeRules.Learn(FileHappenings.Lost, was, now), Is.EqualTo(now));
    }

    [Test]
    public void AFolderWatchedAfterItsSubfolderIsToldOfItsEntries()
    {
        Fd folder = NewFolder("d");
        Fd inner = NewFolder("d/s");
        TestQueue q = NewQueue();
        Watch(q, inner, Changes);
        Watch(q, folder, Changes);
        Keep(Temp.File("d/x", 1));
        Expect(q, folder, Write);
        Syscall.chmod(Temp.Path("d"), Mode);
        Expect(q, folder, Attributes);
        Syscall.rmdir(Temp.Path("d/s"));
        Assert.That(q.Poll(), Is.EquivalentTo(new[] { Event(folder, Write | Link), Event(inner, Delete) }));
    }

    [Test]
    public void ASubfolderGoneWithAttributesChangedIsNotTheEndOfTheFolder([Values] bool made)
    {
        Fd folder = NewFolder("d");
        if (!made)
            NewFolder("d/s");
        TestQueue q = NewQueue();
        Watch(q, folder, Changes);
        Assert.That(made ? Syscall.mkdir(Temp.Path("d/s"), Mode) : Syscall.rmdir(Temp.Path("d/s")), Is.Zero);
        Syscall.chmod(Temp.Path("d"), Mode);
        Expect(q, folder, Write | Link | Attributes);
    }

    [Test]
    public void AFolderThatComesAndThenTakesAPlaceIsALink()
    {
        Fd folder = NewFolder("a");
        NewFolder("a/t");
        NewFolder("b");
        NewFolder("b/s");
        TestQueue q = NewQueue();
        Watch(q, folder, Changes);
        Assert.That(Syscall.rename(Temp.Path("b/s"), Temp.Path("a/s")), Is.Zero);
        Assert.That(Syscall.rename(Temp.Path("a/s"), Temp.Path("a/t")), Is.Zero);
        Expect(q, folder, Write | Extend | Link);
    }

    [Test]
    public void AFolderRenamedAndThenRemovedIsDeleted()
    {
        Fd folder = NewFolder("d");
        NewFolder("in");
        TestQueue q = NewQueue();
        Watch(q, folder, Changes);
        Syscall.rename(Temp.Path("d"), Temp.Path("in/d"));
        Syscall.rmdir(Temp.Path("in/d"));
        Expect(q, folder, Rename | Delete);
    }

    /// <summary>The only descriptor that was watched is closed when the folder moves: its new place is not learned then.</summary>
    [Test]
    public void AFolderThatMovedUnseenIsDeletedWhereItIs()
    {
        NewFolder("a");
        NewFolder("b");
        Fd folder = NewFolder("a/s");
        Fd closed = folder.Duplicate();
        TestQueue q = NewQueue();
        Watch(q, closed, Changes);
        closed.Dispose();
        Syscall.rename(Temp.Path("a/s"), Temp.Path("b/s"));
        Watch(q, folder, Changes);
        Syscall.rmdir(Temp.Path("b/s"));
        Assert.That(q.Poll(), Is.EqualTo(new[] { Event(folder, Delete) }));
    }

    /// <summary>The one left is told of entries only, and not that the folder moves.</summary>
    [Test]
    public void AFolderThatMovedWhileItWasReadIsDeletedWhereItIs([Values] bool changed)
    {
        NewFolder("a");
        NewFolder("b");
        Fd folder = NewFolder("a/s");
        TestQueue q = NewQueue();
        q.AddRead(folder, EventFlags.Clear);
        Watch(q, folder, Changes);
        if (changed)
            Watch(q, folder, Write);
        else
            q.Delete(folder, EventFilter.Vnode);
        Syscall.rename(Temp.Path("a/s"), Temp.Path("b/s"));
        Watch(q, folder, Changes);
        Syscall.rmdir(Temp.Path("b/s"));
        Assert.That(q.Poll().Where(e => e.Filter == EventFilter.Vnode), Is.EqualTo(new[] { Event(folder, Delete) }));
    }

    /// <summary>ext4 gives the inode number of a removed folder to the next one, which had no name any more either when the queue looked.</summary>
    [Test]
    public void AFolderWithTheNumberAndTheInodeOfARemovedOneIsAnother()
    {
        const int Slot = 902;
        TestQueue q = NewQueue();
        for (int round = 0; round < 20; round++)
        {
            Fd old = NewFolder("t").MoveTo(Slot);
            Watch(q, Slot, Changes);
            Syscall.rmdir(Temp.Path("t"));
            old.Dispose();
            using Fd next = NewFolder("t").MoveTo(Slot);
            Assert.That(Syscall.rmdir(Temp.Path("t")), Is.Zero);
            Assert.That(q.Poll(), Is.Empty, $"round {round}: the removed folder was closed, and the next one not registered");
        }
    }

    [Test]
    public void TheEndOfAFolderBeforeTheAddIsNotTold()
    {
        Fd folder = NewFolder("d");
        Fd second = Keep(folder.Duplicate());
        TestQueue q = NewQueue();
        Watch(q, folder, Attributes);
        Syscall.rmdir(Temp.Path("d"));
        Watch(q, second, Delete | Attributes);
        Syscall.fchmod(folder, Mode);
        Assert.That(q.Poll(), Is.EquivalentTo(new[] { Event(folder, Attributes), Event(second, Attributes) }));
    }

    [Test]
    public void AFileWithoutANameThatIsUsedOnStaysWatched([Values] bool written)
    {
        Fd file = Keep(Temp.File("f", 1));
        Syscall.link(Temp.Path("f"), Temp.Path("g"));
        TestQueue q = NewQueue();
        Watch(q, file, Changes);
        Syscall.unlink(Temp.Path("f"));
        Expect(q, file, Delete);
        Syscall.unlink(Temp.Path("g"));
        if (written)
            file.Write(4);
        else
            Syscall.fchmod(file, Mode);
        Assert.That(q.WaitOne().FFlags & (uint)Delete, Is.EqualTo((uint)Delete));
        file.Write(9);
        Expect(q, file, Write | Extend);
    }

    [Test]
    public void AWatchThatAnOverflowTookAwayIsMadeAgain()
    {
        Fd file = Keep(Temp.File("f", 1));
        Syscall.link(Temp.Path("f"), Temp.Path("g"));
        TestQueue q = NewQueue();
        Watch(q, file, Changes);
        Syscall.unlink(Temp.Path("f"));
        Expect(q, file, Delete);
        Fd[] noisy = Overflow(q);
        Syscall.unlink(Temp.Path("g"));
        file.Write(9);
        Assert.That(Without(noisy, q.Poll()), Is.EqualTo(new[] { Event(file, Delete | Write | Extend) }));
        file.Write(9);
        Assert.That(Without(noisy, q.Poll()), Is.EqualTo(new[] { Event(file, Write | Extend) }));
    }

    [Test]
    public void AFolderThatMovedDuringAnOverflowIsFollowed()
    {
        Fd folder = NewFolder("d");
        NewFolder("in");
        TestQueue q = NewQueue();
        Watch(q, folder, Changes);
        Fd[] noisy = Overflow(q);
        Syscall.rename(Temp.Path("d"), Temp.Path("in/d"));
        Assert.That(Without(noisy, q.Poll()), Is.EqualTo(new[] { Event(folder, Rename) }));
        Syscall.rmdir(Temp.Path("in/d"));
        Assert.That(Without(noisy, q.Poll()), Is.EqualTo(new[] { Event(folder, Delete) }));
    }

    [Test]
    public void AFolderInThePlaceOfAnotherTakesALink([Values("freebsd", "openbsd", "macos")] string dialect)
    {
        Fd folder = NewFolder("d");
        NewFolder("d/a");
        NewFolder("d/b");
        TestQueue q = NewQueue(Dialect.Find(dialect));
        Watch(q, folder, Changes);
        Syscall.rename(Temp.Path("d/a"), Temp.Path("d/b"));
        Assert.That((VnodeNotes)q.Poll().Single().FFlags, Is.EqualTo(dialect == "openbsd" ? Write : Write | Link));
        Syscall.rename(Temp.Path("d/b"), Temp.Path("d/c"));
        Assert.That((VnodeNotes)q.Poll().Single().FFlags, Is.EqualTo(Write));
    }

    [Test]
    public void ASymbolicLinkIsWatched()
    {
        Syscall.symlink("nowhere", Temp.Path("l"));
        Fd link = Keep(new Fd(Posix.Open(Temp.Path("l"), Tmds.Linux.LibC.O_PATH | Tmds.Linux.LibC.O_NOFOLLOW | Tmds.Linux.LibC.O_CLOEXEC, 0)));
        TestQueue q = NewQueue();
        Watch(q, link, Changes);
        Syscall.rename(Temp.Path("l"), Temp.Path("k"));
        Expect(q, link, Rename);
        Syscall.unlink(Temp.Path("k"));
        Expect(q, link, Delete);
    }

    [Test]
    public void NobodyIsWokenForWhatNobodyWantsAnyMore()
    {
        Fd file = Keep(Temp.File("f", 9));
        Fd second = Keep(file.Duplicate());
        TestQueue q = NewQueue();
        Watch(q, file, Attributes);
        Watch(q, second, VnodeNotes.Read);
        file.Read(1);
        Expect(q, second, VnodeNotes.Read);
        q.Delete(second, EventFilter.Vnode);
        int number = q.Number;
        file.Read(1);
        Assert.That(Readiness.IsReadable(Readiness.Way.Poll, number), Is.False);
        Syscall.chmod(Temp.Path("f"), Mode);
        Assert.That(Readiness.IsReadable(Readiness.Way.Poll, number), Is.True);
        Expect(q, file, Attributes);
    }

    [Test]
    public void ASecondNameWithNewTimesIsBoth()
    {
        Fd file = Keep(Temp.File("f", 1));
        TestQueue q = NewQueue();
        Watch(q, file, Changes);
        Syscall.link(Temp.Path("f"), Temp.Path("g"));
        File.SetLastWriteTimeUtc(Temp.Path("f"), DateTime.UnixEpoch);
        Expect(q, file, Link | Attributes);
    }

    [Test]
    public void ANameThatOnlyLooksRemovedIsNone()
    {
        Fd file = Keep(Temp.File("f", 1));
        TestQueue q = NewQueue();
        Watch(q, file, Changes);
        Syscall.rename(Temp.Path("f"), Temp.Path("f (deleted)"));
        Syscall.chmod(Temp.Path("f (deleted)"), Mode);
        Expect(q, file, Rename | Attributes);
    }

    [Test]
    public void APathDescriptorIsWatched([Values] bool folder)
    {
        if (folder)
            NewFolder("f");
        else
            Keep(Temp.File("f", 1));
        Fd path = Keep(new Fd(Posix.Open(Temp.Path("f"), Tmds.Linux.LibC.O_PATH | Tmds.Linux.LibC.O_CLOEXEC, 0)));
        TestQueue q = NewQueue();
        Watch(q, path, Changes);
        Syscall.chmod(Temp.Path("f"), Mode);
        Expect(q, path, Attributes);
        if (folder)
            Keep(Temp.File("f/x", 1));
        else
            Temp.Append("f", 3);
        Expect(q, path, folder ? Write : Write | Extend);
        Assert.That(q.TryAdd(path, EventFilter.Read), Is.EqualTo(Errno.EBADF), "nothing can be read through it");
    }

    [Test]
    public void ATemporaryFileIsWatched()
    {
        Fd file = Keep(new Fd(Posix.Open(Temp.Path("."), Tmds.Linux.LibC.O_TMPFILE | Tmds.Linux.LibC.O_RDWR | Tmds.Linux.LibC.O_CLOEXEC, 0x180)));
        TestQueue q = NewQueue();
        Watch(q, file, Changes);
        file.Write(5);
        Expect(q, file, Write | Extend);
    }

    [Test]
    public void AClosedNumberTakesNothingFromAnotherOfTheSameFile([Values] bool reused)
    {
        Fd file = Keep(Temp.File("f", 1));
        Fd second = Keep(file.Duplicate());
        Fd third = Keep(Fd.Open(Temp.Path("f"), OpenFlags.O_RDONLY));
        int number = file;
        TestQueue q = NewQueue();
        foreach (Fd fd in (Fd[])[file, second, third])
            Watch(q, fd, Changes);
        Temp.Append("f", 1);
        file.Dispose();
        if (reused)
        {
            Fd opened = Keep(Temp.File("o", 1));
            if (opened != number)
                Keep(opened.MoveTo(number));
        }

        Assert.That(q.Poll(), Is.EquivalentTo(new[] { Event(second, Write | Extend), Event(third, Write | Extend) }));
        Syscall.chmod(Temp.Path("f"), Mode);
        Assert.That(q.Poll(), Is.EquivalentTo(new[] { Event(second, Attributes), Event(third, Attributes) }));
        Assert.That(q.Queue.KnoteCount, Is.EqualTo(2));
    }

    [Test]
    public void WhatHappenedWhileEveryNumberWasClosedIsNotToldLater()
    {
        Fd file = Keep(Temp.File("f", 1));
        TestQueue q = NewQueue();
        Watch(q, file, Changes);
        Fd second = Keep(Fd.Open(Temp.Path("f"), OpenFlags.O_RDWR));
        file.Dispose();
        Temp.Append("f", 9);
        Watch(q, second, Changes);
        second.Write(1);
        Expect(q, second, Write);
    }

    [Test]
    public void FlagsDecideHowOftenItComes([Values(EventFlags.None, EventFlags.Clear, EventFlags.OneShot, EventFlags.Dispatch, EventFlags.Clear | EventFlags.Dispatch)] EventFlags flags)
    {
        Fd file = Keep(Temp.File("f", 1));
        TestQueue q = NewQueue();
        q.Add(file, EventFilter.Vnode, flags, (uint)Changes);
        Temp.Append("f", 1);
        KEvent first = q.Poll().Single();
        Assert.That((first.Flags, first.FFlags), Is.EqualTo((flags, (uint)(Write | Extend))));
        Assert.That(q.Poll().Length, Is.EqualTo(flags == EventFlags.None ? 1 : 0));
        Syscall.chmod(Temp.Path("f"), Mode);
        KEvent[] second = q.Poll();
        bool silent = (flags & (EventFlags.OneShot | EventFlags.Dispatch)) != 0;
        Assert.That(second.Length, Is.EqualTo(silent ? 0 : 1), string.Join(' ', second));
        if ((flags & EventFlags.Dispatch) == 0)
            return;
        q.Apply(new KEvent((nuint)(int)file, EventFilter.Vnode, EventFlags.Enable, (uint)Changes, 0, 0));
        KEvent third = q.Poll().Single();
        Assert.That((VnodeNotes)third.FFlags, Is.EqualTo((flags & EventFlags.Clear) != 0 ? Attributes : Write | Extend | Attributes), third.ToString());
    }

    /// <summary>Two threads write, a third reads the size of each file that is reported: at the end it has seen the last one of each.</summary>
    [Test]
    public void FilesUnderChangeAreReportedToTheLastChange()
    {
        const int Files = 10_000;
        const int Writes = 20_000;
        Fd[] files = [.. Enumerable.Range(0, Files).Select(i => Keep(Temp.File($"{i}", 0)))];
        TestQueue q = NewQueue();
        Dictionary<int, int> index = [];
        for (int i = 0; i < Files; i++)
        {
            index[files[i]] = i;
            Watch(q, files[i], Write | Extend);
        }

        long[] sizes = new long[Files];
        int writing = 2;
        TestThread[] writers = [.. Enumerable.Range(1, 2).Select(seed => Keep(new TestThread(() =>
        {
            Random random = new(seed);
            for (int i = 0; i < Writes; i++)
                files[random.Next(Files)].Write(1);
            Interlocked.Decrement(ref writing);
        })))];
        for (bool last = false; !last;)
        {
            last = Volatile.Read(ref writing) == 0;
            for (KEvent[] events; (events = q.Collect(64, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(last ? 0 : 1)))).Length != 0;)
            {
                foreach (KEvent e in events)
                {
                    Syscall.fstat((int)e.Ident, out Stat status);
                    sizes[index[(int)e.Ident]] = status.st_size;
                }
            }
        }

        foreach (TestThread writer in writers)
            writer.Join();
        for (int i = 0; i < Files; i++)
        {
            Syscall.fstat(files[i], out Stat status);
            Assert.That(sizes[i], Is.EqualTo(status.st_size), $"file {i}");
        }
    }

    [Test]
    public void BrothersEndOneByOne()
    {
        string[] names = [.. Enumerable.Range(0, 50).Select(i => $"{i}")];
        Fd[] folders = [.. names.Select(NewFolder)];
        TestQueue q = NewQueue();
        foreach (Fd folder in folders)
            Watch(q, folder, Delete);
        Syscall.rename(Temp.Path("7"), Temp.Path("seven (deleted)"));
        names[7] = "seven (deleted)";
        q.ExpectNothing();
        for (int i = 0; i < names.Length; i++)
        {
            Syscall.rmdir(Temp.Path(names[i]));
            Expect(q, folders[i], Delete);
        }
    }

    /// <summary>Fills the queue of inotify with changes of two files in turn, which do not merge.</summary>
    private Fd[] Overflow(TestQueue q)
    {
        Fd[] noisy = [Keep(Temp.File("n", 1)), Keep(Temp.File("m", 1))];
        foreach (Fd fd in noisy)
            Watch(q, fd, VnodeNotes.Open | Attributes);
        int limit = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"));
        for (int i = 0; i <= limit; i++)
            Syscall.fchmod(noisy[i % 2], FilePermissions.S_IRUSR);
        return noisy;
    }

    private static KEvent[] Without(Fd[] noisy, KEvent[] events) => [.. events.Where(e => !noisy.Any(fd => fd == (int)e.Ident))];

    private Fd NewFolder(string name)
    {
        Directory.CreateDirectory(Temp.Path(name));
        return Keep(Fd.Open(Temp.Path(name), OpenFlags.O_RDONLY));
    }
}
