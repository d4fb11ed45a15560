using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;
using static LibKqueueSharp.Linux.Tests.VnodeTests;

namespace LibKqueueSharp.Linux.Tests.Limits;

/// <summary>What <see cref="LimitChild"/> runs: a process that sets its own limits of inotify.</summary>
public static class LimitScenarios
{
    public static void WatchesRunOut()
    {
        Set("max_inotify_watches", 3);
        using TempDirectory temp = new();
        using TestQueue q = new();
        Fd[] files = [.. Enumerable.Range(0, 4).Select(i => temp.File($"{i}", 1))];
        foreach (Fd file in files[..3])
            Watch(q, file, Changes);
        ExpectRefusal(q, files[3], "user.max_inotify_watches = 3");
        ExpectRefusal(q, files[3], "user.max_inotify_watches = 3", EventFilter.Read);
        q.Delete(files[0], EventFilter.Vnode);
        Watch(q, files[3], Changes);
        files[3].Write(2);
        Expect(q, files[3], VnodeNotes.Write | VnodeNotes.Extend);
    }

    /// <summary>The end of a folder is seen by a watch on its parent: without it, the folder cannot be watched.</summary>
    public static void AFolderTakesTwo()
    {
        Set("max_inotify_watches", 2);
        using TempDirectory temp = new();
        using TestQueue q = new();
        using Fd file = temp.File("f", 1);
        Directory.CreateDirectory(temp.Path("d"));
        using Fd folder = Fd.Open(temp.Path("d"), OpenFlags.O_RDONLY);
        Watch(q, file, Changes);
        ExpectRefusal(q, folder, "user.max_inotify_watches = 2");
        q.Delete(file, EventFilter.Vnode);
        Watch(q, folder, Changes);
        Syscall.rmdir(temp.Path("d"));
        Expect(q, folder, VnodeNotes.Delete);
    }

    public static void InstancesRunOut()
    {
        Set("max_inotify_instances", 1);
        using TempDirectory temp = new();
        using Fd file = temp.File("f", 1);
        using TestQueue second = new();
        using (TestQueue first = new())
        {
            Watch(first, file, Changes);
            ExpectRefusal(second, file, "user.max_inotify_instances = 1");
        }

        // The kernel gives an instance back in its own time.
        Eventually.Holds(() => second.TryAdd(file, EventFilter.Vnode) == Errno.None, "the instance of the closed queue");
    }

    /// <summary>The removal of an open folder is told by its parent alone.</summary>
    public static void FolderNeedsRoomForItsParent()
    {
        using TempDirectory temp = new();
        using TestQueue q = new();
        Set("max_inotify_watches", 1);
        Directory.CreateDirectory(temp.Path("d"));
        Fd folder = Fd.Open(temp.Path("d"), OpenFlags.O_RDONLY);
        KEvent add = new((nuint)(int)folder, EventFilter.Vnode, EventFlags.Add | EventFlags.Clear, (uint)Changes);
        Assert.That((q.Try(add), q.Queue.KnoteCount), Is.EqualTo((Errno.ENOMEM, 0)));
        q.Add(folder, EventFilter.Vnode, EventFlags.Clear, (uint)VnodeNotes.Write);
        Assert.That(q.Try(add), Is.EqualTo(Errno.ENOMEM), "more notes need the parent");
        File.WriteAllText(temp.Path("d/x"), "");
        Assert.That(q.WaitOne(), Is.EqualTo(VnodeTests.Event(folder, VnodeNotes.Write)), "the notes that were there before");
        Set("max_inotify_watches", 2);
        q.Apply(add);
        File.Delete(temp.Path("d/x"));
        Directory.Delete(temp.Path("d"));
        Assert.That(q.WaitOne(), Is.EqualTo(VnodeTests.Event(folder, VnodeNotes.Write | VnodeNotes.Delete)));
    }

    public static void FolderThatMovesIntoAParentWithoutRoomIsSeenToBeRemoved()
    {
        using TempDirectory temp = new();
        using TestQueue q = new();
        Directory.CreateDirectory(temp.Path("d"));
        Directory.CreateDirectory(temp.Path("in"));
        Fd folder = Fd.Open(temp.Path("d"), OpenFlags.O_RDONLY);
        q.Add(folder, EventFilter.Vnode, EventFlags.Clear, (uint)Changes);
        Set("max_inotify_watches", 1);
        Assert.That(Syscall.rename(temp.Path("d"), temp.Path("in/d")), Is.Zero);
        Assert.That(q.WaitOne(), Is.EqualTo(VnodeTests.Event(folder, VnodeNotes.Rename)));
        q.ExpectSilence("nothing has happened");
        WakeUps.AreFew(q);
        Directory.Delete(temp.Path("in/d"));
        Assert.That(q.WaitOne(), Is.EqualTo(VnodeTests.Event(folder, VnodeNotes.Delete)));
    }

    /// <summary>The kernel takes back the watch of a file whose last name goes, where that is not the name that was opened.</summary>
    public static void FileWithoutANameAndWithoutRoomIsStillWatched()
    {
        using TempDirectory temp = new();
        using TestQueue q = new();
        Fd file = temp.File("f", 1);
        Assert.That(Syscall.link(temp.Path("f"), temp.Path("g")), Is.Zero);
        q.Add(file, EventFilter.Vnode, EventFlags.Clear, (uint)Changes);
        q.AddRead(file, EventFlags.Clear);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(file, 1, EventFlags.Clear)));
        Set("max_inotify_watches", 0);
        foreach (string name in (string[])["f", "g"])
        {
            Assert.That(Syscall.unlink(temp.Path(name)), Is.Zero);
            ExpectNotes(q, file, VnodeNotes.Delete);
        }

        file.Write(4);
        ExpectNotes(q, file, VnodeNotes.Write | VnodeNotes.Extend);
        Assert.That(q.Queue.KnoteCount, Is.EqualTo(2));
        Set("max_inotify_watches", 8);
        file.Write(4);
        ExpectNotes(q, file, VnodeNotes.Write | VnodeNotes.Extend);
        q.ExpectSilence("it was told");
    }

    private static void ExpectNotes(TestQueue q, int fd, VnodeNotes notes)
    {
        VnodeNotes found = VnodeNotes.None;
        Eventually.Holds(
            () =>
            {
                foreach (KEvent e in q.Poll().Where(e => e.Filter == EventFilter.Vnode))
                    found |= (VnodeNotes)e.FFlags;
                return found == notes;
            },
            () => $"{notes} of {fd}; there was {found}");
    }

    private static void ExpectRefusal(TestQueue q, int fd, string words, EventFilter filter = EventFilter.Vnode)
    {
        int knotes = q.Queue.KnoteCount;
        KEvent add = new((nuint)fd, filter, EventFlags.Add, (uint)Changes, 0, 0);
        Assert.That(q.Try(add), Is.EqualTo(Errno.ENOMEM));
        Assert.That(q.Queue.KnoteCount, Is.EqualTo(knotes));
        Assert.That(q.Queue.Explain(Errno.ENOMEM, add), Does.Contain(words));
    }

    private static void Set(string name, int limit)
    {
        Assert.That(File.ReadAllText("/proc/self/uid_map"), Does.Not.Contain("4294967295"), "the namespace of everybody");
        File.WriteAllText($"/proc/sys/user/{name}", $"{limit}");
    }
}
