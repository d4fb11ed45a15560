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

    private static void ExpectRefusal(TestQueue q, int fd, string words)
    {
        int knotes = q.Queue.KnoteCount;
        KEvent add = new((nuint)fd, EventFilter.Vnode, EventFlags.Add, (uint)Changes, 0, 0);
        Assert.That(q.Try(add), Is.EqualTo(Errno.ENOMEM));
        Assert.That(q.Queue.KnoteCount, Is.EqualTo(knotes));
        Assert.That(q.Queue.Explain(Errno.ENOMEM, add), Does.Contain(words));
    }

    private static void Set(string name, int limit) => File.WriteAllText($"/proc/sys/user/{name}", $"{limit}");
}
