using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>EVFILT_READ and EVFILT_WRITE on regular files: the offset against the size (READ-FILE, WRITE-FILE).</summary>
internal sealed class RegularFileTests : LinuxFixture
{
    [Test]
    public void DataIsSizeLessOffsetAndRepeats()
    {
        Fd file = Keep(Temp.File("f", 10));
        TestQueue q = NewQueue();
        q.AddRead(file);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, 10)));
        file.Read(4);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, 6)));
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, 6)), "READ-FILE-012");
        file.Read(6);
        q.ExpectSilence("READ-FILE-003");
    }

    [Test]
    public void EnableShowsWhatWasThereWhenItWasAddedDisabled([Values("freebsd", "netbsd", "openbsd", "macos")] string dialect)
    {
        Fd file = Keep(Temp.File("f", 10));
        TestQueue q = Keep(new TestQueue(Dialect.Find(dialect)));
        q.Add(file, EventFilter.Read, EventFlags.Disable);
        q.ExpectSilence();
        q.Enable(file, EventFilter.Read);
        KEvent e = q.WaitOne();
        Assert.That((e.Ident, e.Data), Is.EqualTo(((nuint)(int)file, 10L)), e.ToString());
    }

    [Test]
    public void OffsetBehindTheEndIsNegative()
    {
        Fd file = Keep(Temp.File("f", 10));
        Syscall.lseek(file, 15, SeekFlags.SEEK_SET);
        TestQueue q = NewQueue();
        q.AddRead(file);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, -5)), "READ-FILE-002");
    }

    [Test]
    public void GrowthWakesAWaiter([Values(EventFlags.None, EventFlags.Clear, EventFlags.Dispatch)] EventFlags flags)
    {
        Fd file = Keep(Temp.File("f", 0));
        TestQueue q = NewQueue();
        q.AddRead(file, flags);
        q.ExpectSilence();
        KEvent e = default;
        using TestThread waiter = new(() => e = q.WaitOne());
        waiter.AwaitSleep();
        Temp.Append("f", 5);
        waiter.Join();
        Assert.That(e, Is.EqualTo(Ev.Read(file, 5, flags)), "READ-FILE-004");
    }

    [Test]
    public void ClearFiresForEachWrite()
    {
        // The scenario file_read_clear.
        Fd file = Keep(Temp.File("f", 10));
        TestQueue q = NewQueue();
        q.AddRead(file, EventFlags.Clear);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, 10, EventFlags.Clear)));
        q.ExpectSilence();
        Temp.Append("f", 5);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, 15, EventFlags.Clear)));
        q.ExpectSilence();
        file.Read(15);
        Temp.Append("f", 5);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, 5, EventFlags.Clear)));
        using (Fd writer = Fd.Open(Temp.Path("f"), OpenFlags.O_WRONLY))
            writer.Write(3);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, 5, EventFlags.Clear)), "an overwrite is activity too");
    }

    [Test]
    public void TruncationBelowTheOffsetIsNegative()
    {
        Fd file = Keep(Temp.File("f", 10));
        file.Read(4);
        TestQueue q = NewQueue();
        q.AddRead(file);
        Assert.That(q.WaitOne().Data, Is.EqualTo(6));
        Assert.That(Syscall.ftruncate(file, 0), Is.Zero);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, -4)), "READ-FILE-010");
    }

    [Test]
    public void TruncationWakesAWaitingRegistration()
    {
        Fd file = Keep(Temp.File("f", 4));
        file.Read(4);
        TestQueue q = NewQueue();
        q.AddRead(file, EventFlags.Clear);
        q.ExpectSilence("at the end");
        Assert.That(Syscall.ftruncate(file, 1), Is.Zero);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, -3, EventFlags.Clear)));
    }

    [Test]
    public void SeekAloneWakesNothing()
    {
        Fd file = Keep(Temp.File("f", 4));
        file.Read(4);
        TestQueue q = NewQueue();
        q.AddRead(file);
        q.ExpectSilence();
        Syscall.lseek(file, 0, SeekFlags.SEEK_SET);
        q.ExpectSilence("a seek alone wakes nobody");
        Temp.Append("f", 1);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, 5)));
    }

    [Test]
    public void OffsetIsThatOfTheOpenFile()
    {
        Fd file = Keep(Temp.File("f", 10));
        Fd twin = Keep(file.Duplicate());
        TestQueue q = NewQueue();
        q.AddRead(file);
        twin.Read(3);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, 7)), "READ-FILE-005");
    }

    [Test]
    public void EndOfFileIsReportedAsOnOpenBsd()
    {
        Fd file = Keep(Temp.File("f", 4));
        TestQueue q = NewQueue(Dialect.OpenBsd);
        q.Add(file, EventFilter.Read, fflags: (uint)ReadWriteNotes.FilePoll);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, 4, EventFlags.Add)), "READ-FILE-008");
        file.Read(4);
        KEvent e = q.WaitOne();
        Assert.That((e.Data, e.FFlags), Is.EqualTo((0L, (uint)ReadWriteNotes.FilePoll)), e.ToString());
    }

    [Test]
    public void FilePollFiresAtTheEndToo()
    {
        Fd file = Keep(Temp.File("f", 0));
        TestQueue q = NewQueue();
        q.Add(file, EventFilter.Read, fflags: (uint)ReadWriteNotes.FilePoll);
        for (int i = 0; i < 2; i++)
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, 0)), "READ-FILE-006");
    }

    [Test]
    public void UnlinkAndRenameDisturbNothing()
    {
        Fd renamed = Keep(Temp.File("a", 0));
        Fd unlinked = Keep(Temp.File("b", 0));
        TestQueue q = NewQueue();
        q.AddRead(renamed, EventFlags.Clear);
        q.AddRead(unlinked, EventFlags.Clear);
        File.Move(Temp.Path("a"), Temp.Path("c"));
        File.Delete(Temp.Path("b"));
        q.ExpectSilence("READ-FILE-009");
        Temp.Append("c", 2);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(renamed, 2, EventFlags.Clear)));
        using (Fd writer = Fd.Open($"/proc/self/fd/{unlinked.Number}", OpenFlags.O_WRONLY))
            writer.Write(3);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(unlinked, 3, EventFlags.Clear)));
    }

    [Test]
    public void TwoDescriptorsOfOneFileAreApart()
    {
        Fd first = Keep(Temp.File("f", 10));
        Fd second = Keep(Fd.Open(Temp.Path("f"), OpenFlags.O_RDONLY));
        TestQueue q = NewQueue();
        q.AddRead(first, EventFlags.Clear);
        q.AddRead(second, EventFlags.Clear);
        first.Read(10);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(second, 10, EventFlags.Clear)));
        Temp.Append("f", 1);
        Assert.That(q.Wait(), Is.EquivalentTo(new[] { Ev.Read(first, 1, EventFlags.Clear), Ev.Read(second, 11, EventFlags.Clear) }));
        q.Delete(first, EventFilter.Read);
        Temp.Append("f", 1);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(second, 12, EventFlags.Clear)), "the other registration lives on");
    }

    [Test]
    public void WriteIsAlwaysReady([Values("freebsd", "openbsd", "macos")] string name)
    {
        Dialect dialect = Dialect.Find(name)!;
        Fd file = Keep(Temp.File("f", 10));
        TestQueue q = NewQueue(dialect);
        q.AddWrite(file);
        KEvent expected = Ev.Write(file, name == "macos" ? 1 : 0, dialect.EchoActions ? EventFlags.Add : EventFlags.None);
        Assert.That(q.WaitOne(), Is.EqualTo(expected));
        Assert.That(q.WaitOne(), Is.EqualTo(expected));
    }

    [Test]
    public void WriteIsRefusedOnNetBsd()
    {
        Fd file = Keep(Temp.File("f", 10));
        Assert.That(NewQueue(Dialect.NetBsd).TryAdd(file, EventFilter.Write), Is.EqualTo(Errno.EINVAL));
    }

    [Test]
    public void ReadAndWriteOfOneFileShareTheirWatch()
    {
        Fd file = Keep(Temp.File("f", 0));
        TestQueue q = NewQueue();
        q.AddRead(file, EventFlags.Clear);
        q.AddWrite(file, EventFlags.Clear);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Write(file, 0, EventFlags.Clear)));
        q.Delete(file, EventFilter.Write);
        Temp.Append("f", 2);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, 2, EventFlags.Clear)), "deleting one leaves the other its watch");
    }

    [Test]
    public void FileWithTheNumberAndTheInodeOfARemovedOneIsAnother([Values(EventFlags.None, EventFlags.Clear)] EventFlags flags, [Values] bool sleeping)
    {
        // ext4 gives the inode number of a removed file to the next one.
        const int Slot = 900;
        TestQueue q = NewQueue();
        for (int round = 0; round < 20; round++)
        {
            Fd old = Temp.File("f", 3).MoveTo(Slot);
            ulong inode = Inode(old);
            q.AddRead(Slot, flags, udata: 1);
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(Slot, 3, flags, udata: 1)));
            File.Delete(Temp.Path("f"));
            old.Dispose();
            using Fd next = Temp.File("f", 5).MoveTo(Slot);
            bool same = Inode(next) == inode;
            if (sleeping)
                q.ExpectNothing("the new file was not registered");
            q.AddRead(Slot, flags, udata: 2);
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(Slot, 5, flags, udata: 2)), $"round {round}, same inode: {same}");
            Temp.Append("f", 1);
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(Slot, 6, flags, udata: 2)), "the new file is watched");
            q.Delete(Slot, EventFilter.Read);
            File.Delete(Temp.Path("f"));
        }
    }

    [Test]
    public void OverflowOfInotifyLosesNothing()
    {
        int limit = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"));
        Fd[] noisy = [Keep(Temp.File("a", 0)), Keep(Temp.File("b", 0))];
        Fd quiet = Keep(Temp.File("quiet", 0));
        TestQueue q = NewQueue();
        foreach (Fd fd in noisy.Append(quiet))
            q.AddRead(fd, EventFlags.Clear);
        q.ExpectSilence();

        // Equal events next to each other are merged; these alternate.
        for (int i = 0; i <= limit; i++)
            noisy[i % 2].Write(1);
        Temp.Append("quiet", 9);
        KEvent[] events = [.. q.Wait(), .. q.Poll()];
        Assert.That(events, Has.Member(Ev.Read(quiet, 9, EventFlags.Clear)));
    }

    [Test]
    public void ManyFilesShareOneInotifyInstance()
    {
        TestQueue q = NewQueue();
        q.AddRead(Keep(Temp.File("first", 0)));
        int descriptors = q.Queue.DescriptorCount;
        Fd[] files = [.. Enumerable.Range(0, 200).Select(i => Keep(Temp.File($"f{i}", 0)))];
        foreach (Fd file in files)
            q.AddRead(file, EventFlags.Clear);
        Assert.That(q.Queue.DescriptorCount, Is.EqualTo(descriptors));
        for (int i = 0; i < files.Length; i++)
            Temp.Append($"f{i}", i + 1);
        Assert.That(q.Wait(), Is.EquivalentTo(files.Select((f, i) => Ev.Read(f, i + 1, EventFlags.Clear))));
    }

    private static ulong Inode(Fd fd)
    {
        Assert.That(Mono.Unix.Native.Syscall.fstat(fd, out Mono.Unix.Native.Stat status), Is.Zero);
        return status.st_ino;
    }
}
