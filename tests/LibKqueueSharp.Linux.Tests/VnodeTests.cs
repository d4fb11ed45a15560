using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;
using static LibKqueueSharp.VnodeNotes;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>EVFILT_VNODE where scenarios do not reach: identities, several watchers, changes that Linux does not report.</summary>
internal sealed class VnodeTests : LinuxFixture
{
    internal const VnodeNotes All = Delete | Write | Extend | Attributes | Link | Rename | Revoke | Open | Close | CloseWrite | VnodeNotes.Read | Truncate;
    internal const VnodeNotes Changes = Delete | Write | Extend | Attributes | Link | Rename;

    [Test]
    public void ChangesBeforeTheAddAreNotReported()
    {
        Fd file = Keep(Temp.File("f", 10));
        TestQueue q = NewQueue();
        Watch(q, file, Changes);
        Fd second = Keep(file.Duplicate());
        Temp.Append("f", 5);
        Chmod("f");
        Watch(q, second, Changes);
        Expect(q, file, Write | Extend | Attributes);
        Temp.Append("f", 5);
        Assert.That(q.Poll(), Is.EquivalentTo(new[] { Event(file, Write | Extend), Event(second, Write | Extend) }));
    }

    [Test]
    public void NewNotesDoNotReportWhatHappenedBefore()
    {
        Fd file = Keep(Temp.File("f", 10));
        TestQueue q = NewQueue();
        Watch(q, file, Rename);
        Temp.Append("f", 5);
        Chmod("f");
        Watch(q, file, Changes);
        q.ExpectNothing();
        Using("f", fd => fd.Write(1));
        Expect(q, file, Write);
    }

    [Test]
    public void ARenamedFileIsFollowedAndItsNameIsNot()
    {
        Fd file = Keep(Temp.File("f", 1));
        TestQueue q = NewQueue();
        Watch(q, file, Changes);
        Syscall.rename(Temp.Path("f"), Temp.Path("g"));
        Expect(q, file, Rename);
        Keep(Temp.File("f", 3));
        q.ExpectNothing("a new file under the old name");
        Temp.Append("g", 2);
        Expect(q, file, Write | Extend);
    }

    [Test]
    public void AFileWithoutANameCanBeWatched()
    {
        Fd file = Keep(Temp.File("f", 1));
        Syscall.unlink(Temp.Path("f"));
        TestQueue q = NewQueue();
        Watch(q, file, Changes);
        file.Write(3);
        Expect(q, file, Write | Extend);
    }

    [Test]
    public void TheLastNameMayBeAnotherThanTheOneThatWasOpened()
    {
        Fd file = Keep(Temp.File("f", 1));
        Syscall.link(Temp.Path("f"), Temp.Path("g"));
        TestQueue q = NewQueue();
        Watch(q, file, Changes);
        Syscall.unlink(Temp.Path("f"));
        Expect(q, file, Delete);
        Syscall.unlink(Temp.Path("g"));
        Expect(q, file, Delete);
        file.Write(4);
        Expect(q, file, Write | Extend);
    }

    [Test]
    public void TheEndOfAnOpenFolderIsSeen([Values] bool replaced, [Values] bool renamedBefore)
    {
        string path = Temp.Path("d");
        Directory.CreateDirectory(path);
        Fd folder = Keep(Fd.Open(path, OpenFlags.O_RDONLY));
        TestQueue q = NewQueue();
        Watch(q, folder, Changes);
        if (renamedBefore)
        {
            Directory.CreateDirectory(Temp.Path("in"));
            Syscall.rename(path, path = Temp.Path("in/d"));
            Expect(q, folder, Rename);
        }

        Directory.CreateDirectory(Temp.Path("e"));
        KEvent e = default;
        using TestThread waiter = new(() => e = q.WaitOne());
        waiter.AwaitSleep();
        Assert.That(replaced ? Syscall.rename(Temp.Path("e"), path) : Syscall.rmdir(path), Is.Zero);
        waiter.Join();
        Assert.That(e, Is.EqualTo(Event(folder, Delete)), "VNODE-DEL-004");
    }

    [Test]
    public void AnOverwrittenFileIsDeleted()
    {
        Fd file = Keep(Temp.File("f", 1));
        Keep(Temp.File("g", 1));
        TestQueue q = NewQueue();
        Watch(q, file, Changes);
        Syscall.rename(Temp.Path("g"), Temp.Path("f"));
        Expect(q, file, Delete);
    }

    [Test]
    public void EachQueueAndDescriptorOfAFileIsTold()
    {
        Fd file = Keep(Temp.File("f", 1));
        Syscall.link(Temp.Path("f"), Temp.Path("g"));
        Fd other = Keep(Fd.Open(Temp.Path("g"), OpenFlags.O_RDONLY));
        TestQueue q = NewQueue();
        TestQueue q2 = NewQueue();
        Watch(q, file, Write);
        Watch(q, other, Attributes | Open);
        q.AddRead(file, EventFlags.Clear);
        q.Poll();
        Watch(q2, other, Changes);
        Temp.Append("f", 4);
        Chmod("g");
        Assert.That(q.Poll(), Is.EquivalentTo(new[]
        {
            Ev.Read(file, 5, EventFlags.Clear), Event(file, Write | Extend), Event(other, Attributes | Open),
        }));
        Expect(q2, other, Write | Extend | Attributes);
        q.Delete(file, EventFilter.Vnode);
        Chmod("f");
        Expect(q, other, Attributes);
    }

    [Test]
    public void AReusedNumberIsAnotherFile()
    {
        Fd file = Keep(Temp.File("f", 1));
        Fd duplicate = Keep(file.Duplicate());
        int number = file;
        TestQueue q = NewQueue();
        Watch(q, file, Changes);
        Temp.Append("f", 1);
        file.Dispose();
        Fd opened = Keep(Temp.File("o", 1));
        Fd other = opened == number ? opened : Keep(opened.MoveTo(number));
        q.ExpectNothing("the old registration");
        Watch(q, other, Changes);
        duplicate.Write(5);
        q.ExpectNothing("the old file");
        Temp.Append("o", 1);
        Expect(q, other, Write | Extend);
    }

    /// <summary>The last name goes, and with it the watch, while inotify's queue is full: what says so is lost.</summary>
    [Test]
    public void AnOverflowDoesNotHideTheEndOfAWatch()
    {
        Fd file = Keep(Temp.File("f", 1));
        Fd[] noise = [Keep(Temp.File("n", 1)), Keep(Temp.File("m", 1))];
        Syscall.link(Temp.Path("f"), Temp.Path("g"));
        TestQueue q = NewQueue();
        foreach (Fd watched in noise.Append(file))
            Watch(q, watched, Changes);
        Syscall.unlink(Temp.Path("f"));
        int limit = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"));
        for (int i = 0; i <= limit; i++)
            Syscall.fchmod(noise[i % 2], FilePermissions.S_IRUSR);
        Syscall.unlink(Temp.Path("g"));
        Assert.That(q.Poll(), Does.Contain(Event(file, Delete)));
        file.Write(3);
        Expect(q, file, Write | Extend);
    }

    [Test]
    public void OnlyWhatHasANameIsWatched()
    {
        TestQueue q = NewQueue();
        using Pair pipe = Pair.Pipe();
        Assert.That(q.TryAdd(pipe.A, EventFilter.Vnode), Is.EqualTo(Errno.EINVAL), "VNODE-009");
        Assert.That(q.TryAdd(q.Number, EventFilter.Vnode), Is.EqualTo(Errno.EINVAL), "a queue");
        Assert.That(q.TryAdd(1000, EventFilter.Vnode), Is.EqualTo(Errno.EBADF));
    }

    [Test]
    public void AFifoIsReadAndWatched()
    {
        Syscall.mkfifo(Temp.Path("p"), FilePermissions.S_IRUSR | FilePermissions.S_IWUSR);
        Fd fifo = Keep(Fd.Open(Temp.Path("p"), OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK));
        TestQueue q = NewQueue();
        q.AddRead(fifo);
        Watch(q, fifo, Changes);
        fifo.Write(3);
        Assert.That(q.Poll(), Is.SupersetOf(new[] { Ev.Read(fifo, 3) }), "READ-FIFO-004");
        fifo.Read(3);
        q.Poll();
        Chmod("p");
        Expect(q, fifo, Attributes);
        q.Delete(fifo, EventFilter.Read);
        Chmod("p");
        Expect(q, fifo, Attributes);
    }

    [Test]
    public void NotesThatWereNotAskedForFollowTheDialect()
    {
        Fd file = Keep(Temp.File("f", 1));
        TestQueue q = NewQueue();
        TestQueue strict = NewQueue(Dialect.FreeBsd with { VnodeReportsUnasked = false });
        Watch(q, file, Write);
        Watch(strict, file, Write);
        Temp.Append("f", 1);
        Expect(q, file, Write | Extend);
        Expect(strict, file, Write);
    }

    [Test]
    public void UnknownNotesOfADialectAreSilent([Values("openbsd", "macos")] string dialect)
    {
        Fd file = Keep(Temp.File("f", 1));
        TestQueue q = NewQueue(Dialect.Find(dialect));
        Watch(q, file, Open | Close | CloseWrite | VnodeNotes.Read);
        Using("f", fd => fd.Read(1));
        q.ExpectNothing();
    }

    [Test]
    public void ManyFilesNeedOneDescriptor()
    {
        const int Files = 10_000;
        TestQueue q = NewQueue();
        Fd[] files = [.. Enumerable.Range(0, Files).Select(i => Keep(Temp.File($"{i}", 0)))];
        int before = q.Queue.DescriptorCount;
        foreach (Fd file in files)
            Watch(q, file, Changes);
        Assert.That((q.Queue.KnoteCount, q.Queue.DescriptorCount), Is.EqualTo((Files, before + 1)));
        files[^1].Write(1);
        Expect(q, files[^1], Write | Extend);
    }

    /// <summary>The size of a folder in /proc, or its link count, changes without a call that inotify sees: here, that of the threads of this process.</summary>
    [Test]
    public void AnIntervalSeesWhatInotifyDoesNot()
    {
        LinuxBackend backend = new() { FileInterval = TimeSpan.FromMilliseconds(5) };
        using BackendQueue q = backend.CreateQueue(Dialect.FreeBsd);
        using TestQueue without = new();
        using Fd threads = Fd.Open("/proc/self/task", OpenFlags.O_RDONLY);
        KEvent change = new((nuint)(int)threads, EventFilter.Vnode, EventFlags.Add | EventFlags.Clear, (uint)Changes);
        Assert.That(q.Kevent([change], [], KeventTimeout.Zero, null, out Errno error), Is.Zero, error.ToString());
        Watch(without, threads, Changes);
        using ManualResetEventSlim end = new();
        Thread[] started = [.. Enumerable.Range(0, 8).Select(_ => new Thread(end.Wait))];
        foreach (Thread thread in started)
            thread.Start();
        KEvent[] events = new KEvent[1];
        int count = q.Kevent([], events, KeventTimeout.FromTimeSpan(Eventually.Limit), null, out error);
        end.Set();
        foreach (Thread thread in started)
            thread.Join();
        Assert.That((count, (int)events[0].Ident), Is.EqualTo((1, (int)threads)), $"{error} {events[0]}");
        without.ExpectNothing();
    }

    [Test]
    public void AnIntervalReportsAChangeOnce()
    {
        LinuxBackend backend = new() { FileInterval = TimeSpan.FromMilliseconds(1) };
        using BackendQueue q = backend.CreateQueue(Dialect.FreeBsd);
        Fd file = Keep(Temp.File("f", 1));
        q.Kevent([new((nuint)(int)file, EventFilter.Vnode, EventFlags.Add | EventFlags.Clear, (uint)Changes)], [], KeventTimeout.Zero, null, out _);
        KEvent[] events = new KEvent[4];
        for (int i = 0; i < 20; i++)
        {
            file.Write(1);
            int count = q.Kevent([], events, KeventTimeout.FromTimeSpan(Eventually.Limit), null, out Errno error);
            Assert.That((count, events[0]), Is.EqualTo((1, Event(file, i == 0 ? Write : Write | Extend))), error.ToString());
            count = q.Kevent([], events, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(3)), null, out _);
            Assert.That(count, Is.Zero, $"{events[0]}");
        }
    }

    [Test]
    public void NoRoomNamesTheLimitAndItsValue([Values(EventFilter.Vnode, EventFilter.Read)] EventFilter filter)
    {
        TestQueue q = NewQueue();
        KEvent add = new((nuint)(int)Keep(Temp.File("f", 1)), filter, EventFlags.Add);
        string message = new KqueueException(Errno.ENOMEM, add, q.Queue.Explain(Errno.ENOMEM, add)).Message;
        foreach (string name in (string[])["max_user_watches", "max_user_instances"])
            Assert.That(message, Does.Contain($"fs.inotify.{name} = {File.ReadAllText($"/proc/sys/fs/inotify/{name}").Trim()}"));
        Assert.That(q.Queue.Explain(Errno.EBADF, add), Is.Null);
    }

    internal static void Watch(TestQueue q, int fd, VnodeNotes notes) => q.Add(fd, EventFilter.Vnode, EventFlags.Clear, (uint)notes);

    internal static KEvent Event(int fd, VnodeNotes notes) => new((nuint)fd, EventFilter.Vnode, EventFlags.Clear, (uint)notes, 0, 0);

    internal static void Expect(TestQueue q, int fd, VnodeNotes notes) => Assert.That(q.Poll(), Is.EqualTo(new[] { Event(fd, notes) }));

    private void Chmod(string name) => Assert.That(Syscall.chmod(Temp.Path(name), FilePermissions.S_IRUSR | FilePermissions.S_IWUSR), Is.Zero);

    private void Using(string name, Action<Fd> use)
    {
        using Fd fd = Fd.Open(Temp.Path(name), OpenFlags.O_RDWR);
        use(fd);
    }
}
