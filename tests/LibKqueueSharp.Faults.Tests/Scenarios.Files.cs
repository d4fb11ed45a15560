using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;
using static LibKqueueSharp.VnodeNotes;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>EVFILT_VNODE.</summary>
internal static partial class Scenarios
{
    /// <summary>It reads some hundred times: not each read fails.</summary>
    internal const string Overflow = "vnode-overflow";

    private const VnodeNotes Changes = Delete | VnodeNotes.Write | Extend | Attributes | Link | Rename;

    private static (string Name, Action<Trial> Run)[] OfFiles =>
    [
        ("vnode-file", VnodeFile),
        ("vnode-notes", VnodeNotesChange),
        ("vnode-last-name", VnodeLastName),
        ("vnode-folder", VnodeFolder),
        ("vnode-moved-folder", VnodeMovedFolder),
        ("vnode-fifo", VnodeFifo),
        ("vnode-reused-number", VnodeReusedNumber),
        ("vnode-closed-number", VnodeClosedNumber),
        ("vnode-rebuilt", VnodeRebuilt),
        (Overflow, VnodeOverflow),
    ];

    private static void AddVnode(Trial t, TestQueue q, int fd, VnodeNotes notes, bool reused = false) =>
        t.Add(q, fd, EventFilter.Vnode, EventFlags.Clear, (uint)notes, reused: reused);

    private static void ExpectVnode(TestQueue q, int fd, VnodeNotes notes) => Trial.ExpectNotes(q, fd, EventFilter.Vnode, (uint)notes);

    private static void VnodeFile(Trial t)
    {
        TestQueue q = t.NewQueue();
        Fd file = t.Keep(t.Temp.File("f", 1));
        AddVnode(t, q, file, Changes);
        Trial.ExpectSilence(q);
        t.Temp.Append("f", 3);
        ExpectVnode(q, file, VnodeNotes.Write | Extend);
        Syscall.rename(t.Temp.Path("f"), t.Temp.Path("g"));
        ExpectVnode(q, file, Rename);
        Syscall.chmod(t.Temp.Path("g"), FilePermissions.S_IRUSR | FilePermissions.S_IWUSR);
        ExpectVnode(q, file, Attributes);
        Syscall.link(t.Temp.Path("g"), t.Temp.Path("h"));
        ExpectVnode(q, file, Link);
        Syscall.unlink(t.Temp.Path("h"));
        ExpectVnode(q, file, Delete);
        Trial.ExpectSleep(q);
        t.Delete(q, file, EventFilter.Vnode);
        t.Temp.Append("g", 3);
        Trial.ExpectSilence(q);
    }

    private static void VnodeNotesChange(Trial t)
    {
        TestQueue q = t.NewQueue();
        Fd file = t.Keep(t.Temp.File("f", 1));
        AddVnode(t, q, file, Rename);
        AddVnode(t, q, file, VnodeNotes.Write | Extend);
        t.Temp.Append("f", 3);
        ExpectVnode(q, file, VnodeNotes.Write | Extend);
        AddVnode(t, q, file, Attributes);
        t.Temp.Append("f", 3);
        Trial.ExpectSilence(q);
        Syscall.chmod(t.Temp.Path("f"), FilePermissions.S_IRUSR | FilePermissions.S_IWUSR);
        ExpectVnode(q, file, Attributes);
        t.Add(q, file, EventFilter.Read);
        Trial.Expect(q, Ev.Read(file, 7));
        AddVnode(t, q, file, Rename);
        t.Delete(q, file, EventFilter.Read);
        t.Delete(q, file, EventFilter.Vnode);
    }

    private static void VnodeLastName(Trial t)
    {
        TestQueue q = t.NewQueue();
        Fd file = t.Keep(t.Temp.File("f", 1));
        Syscall.link(t.Temp.Path("f"), t.Temp.Path("g"));
        AddVnode(t, q, file, Changes);
        Syscall.unlink(t.Temp.Path("f"));
        ExpectVnode(q, file, Delete);
        Syscall.unlink(t.Temp.Path("g"));
        ExpectVnode(q, file, Delete);
        file.Write(4);
        ExpectVnode(q, file, VnodeNotes.Write | Extend);
        t.Delete(q, file, EventFilter.Vnode);
    }

    private static void VnodeFolder(Trial t)
    {
        TestQueue q = t.NewQueue();
        Fd folder = NewFolder(t, "d");
        AddVnode(t, q, folder, Changes);
        t.Keep(t.Temp.File("d/x", 1));
        ExpectVnode(q, folder, VnodeNotes.Write);
        Syscall.unlink(t.Temp.Path("d/x"));
        ExpectVnode(q, folder, VnodeNotes.Write);
        Syscall.rmdir(t.Temp.Path("d"));
        ExpectVnode(q, folder, Delete);
        t.Delete(q, folder, EventFilter.Vnode);
    }

    private static void VnodeMovedFolder(Trial t)
    {
        TestQueue q = t.NewQueue();
        Fd folder = NewFolder(t, "d");
        NewFolder(t, "in");
        AddVnode(t, q, folder, Changes);
        Syscall.rename(t.Temp.Path("d"), t.Temp.Path("in/d"));
        ExpectVnode(q, folder, Rename);
        Syscall.rmdir(t.Temp.Path("in/d"));
        ExpectVnode(q, folder, Delete);
        t.Delete(q, folder, EventFilter.Vnode);
        Trial.ExpectSleep(q);
    }

    private static void VnodeFifo(Trial t)
    {
        TestQueue q = t.NewQueue();
        Syscall.mkfifo(t.Temp.Path("p"), FilePermissions.S_IRUSR | FilePermissions.S_IWUSR);
        Fd fifo = t.Keep(Fd.Open(t.Temp.Path("p"), OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK));
        t.Add(q, fifo, EventFilter.Read);
        AddVnode(t, q, fifo, Attributes);
        Syscall.chmod(t.Temp.Path("p"), FilePermissions.S_IRUSR | FilePermissions.S_IWUSR);
        ExpectVnode(q, fifo, Attributes);
        fifo.Write(3);
        Trial.Expect(q, Ev.Read(fifo, 3));
        t.Delete(q, fifo, EventFilter.Read);
        t.Delete(q, fifo, EventFilter.Vnode);
    }

    private static void VnodeReusedNumber(Trial t)
    {
        TestQueue q = t.NewQueue();
        Fd slot = t.Keep(t.Temp.File("f", 4).MoveTo(Slot));
        t.Add(q, slot, EventFilter.Read, EventFlags.Clear);
        AddVnode(t, q, slot, Changes);
        slot.Dispose();
        Fd next = t.Keep(t.Temp.File("g", 4).MoveTo(Slot));
        AddVnode(t, q, next, Changes, reused: true);
        t.Temp.Append("f", 1);
        Trial.ExpectSilence(q);
        t.Temp.Append("g", 1);
        ExpectVnode(q, next, VnodeNotes.Write | Extend);
        next.Dispose();
        Pair pipe = t.NewPair(PairKind.Pipe);
        Fd third = t.Keep(pipe.A.MoveTo(Slot));
        t.Add(q, third, EventFilter.Read, reused: true);
        third.Dispose();
        Fd fourth = t.Keep(t.Temp.File("h", 4).MoveTo(Slot));
        AddVnode(t, q, fourth, Changes, reused: true);
        t.Temp.Append("h", 1);
        ExpectVnode(q, fourth, VnodeNotes.Write | Extend);
        t.Delete(q, fourth, EventFilter.Vnode);
    }

    private static void VnodeClosedNumber(Trial t)
    {
        TestQueue q = t.NewQueue();
        Fd file = t.Keep(t.Temp.File("f", 1));
        Fd duplicate = t.Keep(file.Duplicate());
        AddVnode(t, q, file, Changes);
        AddVnode(t, q, duplicate, Changes);
        file.Dispose();
        duplicate.Write(3);
        ExpectVnode(q, duplicate, VnodeNotes.Write | Extend);
        t.Delete(q, duplicate, EventFilter.Vnode);
        Trial.ExpectSleep(q);
    }

    private static void VnodeRebuilt(Trial t)
    {
        TestQueue q = t.NewQueue();
        Fd file = t.Keep(t.Temp.File("f", 1));
        AddVnode(t, q, file, Changes);
        GetRidOfAnOrphan(t, q);
        t.Temp.Append("f", 3);
        ExpectVnode(q, file, VnodeNotes.Write | Extend);
        t.Delete(q, file, EventFilter.Vnode);
        Trial.ExpectSleep(q);
    }

    /// <summary>inotify's queue overflows, and what it loses is also that the watch of a file has ended with its last name.</summary>
    private static void VnodeOverflow(Trial t)
    {
        TestQueue q = t.NewQueue();
        Fd file = t.Keep(t.Temp.File("f", 1));
        Fd removed = t.Keep(t.Temp.File("r", 1));
        Fd[] noise = [t.Keep(t.Temp.File("n", 1)), t.Keep(t.Temp.File("m", 1))];
        Syscall.link(t.Temp.Path("r"), t.Temp.Path("s"));
        foreach (Fd fd in noise.Append(file).Append(removed))
            q.Add(fd, EventFilter.Vnode, EventFlags.Clear, (uint)Changes);
        Syscall.unlink(t.Temp.Path("r"));
        int limit = int.Parse(System.IO.File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"));
        for (int i = 0; i <= limit; i++)
            Syscall.fchmod(noise[i % 2], FilePermissions.S_IRUSR);
        t.Temp.Append("f", 3);
        Syscall.unlink(t.Temp.Path("s"));
        ExpectOf(q, (file, VnodeNotes.Write | Extend), (removed, Delete));
        file.Write(1);
        removed.Write(3);
        ExpectOf(q, (file, VnodeNotes.Write), (removed, VnodeNotes.Write | Extend));
        foreach (Fd fd in noise.Append(file).Append(removed))
            t.Delete(q, fd, EventFilter.Vnode);
    }

    private static void ExpectOf(TestQueue q, params (Fd File, VnodeNotes Notes)[] expected)
    {
        Dictionary<int, VnodeNotes> found = expected.ToDictionary(e => (int)e.File, _ => None);
        for (int i = 0; i < 400 && !expected.All(e => found[e.File] == e.Notes); i++)
        {
            foreach (KEvent e in i < 3 ? Arm(q) : q.Collect(64, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(5))))
            {
                if (found.ContainsKey((int)e.Ident))
                    found[(int)e.Ident] |= (VnodeNotes)e.FFlags;
            }
        }

        Assert.That(expected.Select(e => found[e.File]), Is.EqualTo(expected.Select(e => e.Notes)));
    }

    private static Fd NewFolder(Trial t, string name)
    {
        System.IO.Directory.CreateDirectory(t.Temp.Path(name));
        return t.Keep(Fd.Open(t.Temp.Path(name), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY));
    }
}
