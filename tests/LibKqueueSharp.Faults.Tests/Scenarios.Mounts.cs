using System.Runtime.InteropServices;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>EVFILT_FS. What mounts has an effect only in a process with a mount namespace of its own (<see cref="MountFaultTests"/>).</summary>
internal static partial class Scenarios
{
    private const FileSystemNotes AllMounts = FileSystemNotes.Mount | FileSystemNotes.Unmount | FileSystemNotes.Update;
    private const nuint MS_RDONLY = 1;
    private const nuint MS_REMOUNT = 32;
    private const int MNT_DETACH = 2;

    internal static (string Name, Action<Trial> Run)[] OfMounts =>
    [
        ("mounts", MountsRegistered),
        ("mounts-changed", MountsChanged),
        ("mounts-between", MountsBetween),
        ("mounts-rebuilt", MountsRebuilt),
    ];

    private static void AddMounts(Trial t, TestQueue q, int ident, FileSystemNotes notes = AllMounts) =>
        t.Add(q, ident, EventFilter.FileSystem, fflags: (uint)notes);

    private static void ExpectMounts(TestQueue q, int ident, FileSystemNotes notes) =>
        Trial.ExpectNotes(q, ident, EventFilter.FileSystem, (uint)notes);

    private static void MountsRegistered(Trial t)
    {
        TestQueue q = t.NewQueue();
        AddMounts(t, q, 1);
        AddMounts(t, q, 2);
        AddMounts(t, q, 1, FileSystemNotes.Mount);
        Trial.ExpectSilence(q);
        t.Delete(q, 1, EventFilter.FileSystem);
        t.Delete(q, 2, EventFilter.FileSystem);
        AddMounts(t, q, 3);
        Trial.ExpectSleep(q);
    }

    private static void MountsChanged(Trial t)
    {
        TestQueue q = t.NewQueue();
        using OwnMount mount = new(t);
        AddMounts(t, q, 1);
        Trial.ExpectSilence(q);
        mount.Mount();
        ExpectMounts(q, 1, FileSystemNotes.Mount);
        mount.Remount();
        ExpectMounts(q, 1, FileSystemNotes.Update);
        mount.Unmount();
        ExpectMounts(q, 1, FileSystemNotes.Unmount);
        t.Delete(q, 1, EventFilter.FileSystem);
        Trial.ExpectSleep(q);
    }

    /// <summary>What happened before a registration is told to those that were there.</summary>
    private static void MountsBetween(Trial t)
    {
        TestQueue q = t.NewQueue();
        using OwnMount mount = new(t);
        AddMounts(t, q, 1);
        AddMounts(t, q, 2, FileSystemNotes.Unmount);
        mount.Mount();
        AddMounts(t, q, 3, FileSystemNotes.Unmount);
        ExpectMounts(q, 1, FileSystemNotes.Mount);
        t.Delete(q, 1, EventFilter.FileSystem);
        t.Delete(q, 2, EventFilter.FileSystem);
        mount.Unmount();
        ExpectMounts(q, 3, FileSystemNotes.Unmount);
    }

    private static void MountsRebuilt(Trial t)
    {
        TestQueue q = t.NewQueue();
        using OwnMount mount = new(t);
        q.Add(1, EventFilter.FileSystem, 0, (uint)AllMounts);
        GetRidOfAnOrphan(t, q);
        mount.Mount();
        ExpectMounts(q, 1, FileSystemNotes.Mount);
        mount.Unmount();
        ExpectMounts(q, 1, FileSystemNotes.Unmount);
        t.Delete(q, 1, EventFilter.FileSystem);
        Trial.ExpectSleep(q);
    }

    /// <summary>A file system that is gone at the end.</summary>
    private sealed unsafe partial class OwnMount : IDisposable
    {
        private readonly string _folder;

        internal OwnMount(Trial t)
        {
            _folder = t.Temp.Path("mount");
            System.IO.Directory.CreateDirectory(_folder);
        }

        internal void Mount() => Assert.That(Mount("test", _folder, "tmpfs", 0, null), Is.Zero);

        internal void Remount() => Assert.That(Mount("test", _folder, "tmpfs", MS_REMOUNT | MS_RDONLY, null), Is.Zero);

        internal void Unmount() => Assert.That(Unmount(_folder, 0), Is.Zero);

        public void Dispose() => _ = Unmount(_folder, MNT_DETACH);

        [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
        private static partial int Mount(string source, string target, string type, nuint flags, void* data);

        [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
        private static partial int Unmount(string target, int flags);
    }
}
