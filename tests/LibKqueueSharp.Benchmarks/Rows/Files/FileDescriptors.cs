using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Queues;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Rows.Files;

/// <summary>How many descriptors it takes to watch many files.</summary>
internal abstract class FileDescriptors : Contender
{
    private int _used;

    internal override int? Operations => 1;

    internal override void Run(int operations)
    {
        int before = OpenDescriptors();
        Watch();
        _used = OpenDescriptors() - before;
    }

    internal override double Value(double nanoseconds, int operations) => _used;

    protected abstract void Watch();

    private static int OpenDescriptors() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
}

/// <summary>EVFILT_VNODE. The files' own descriptors, which the program opens, count where it is asked for.</summary>
internal sealed class KeventFileDescriptors<TQueue>(int count, bool withFiles) : FileDescriptors
    where TQueue : struct, IKeventQueue<TQueue>
{
    private FileSet? _files = withFiles ? null : new FileSet(count);
    private TQueue? _queue;

    public override void Dispose()
    {
        _queue?.Dispose();
        _files?.Dispose();
    }

    protected override void Watch()
    {
        _files ??= new FileSet(count);
        TQueue queue = TQueue.Create();
        foreach (int fd in _files.Descriptors)
            queue.AddFile(fd);
        _queue = queue;
    }
}

/// <summary>inotify by hand.</summary>
internal sealed class InotifyFileDescriptors(int count) : FileDescriptors
{
    private int _inotify = -1;

    public override void Dispose() => Libc.Close(_inotify);

    protected override void Watch()
    {
        using FileSet files = new(count);
        _inotify = Libc.Inotify();
        foreach (string path in files.Paths)
            Libc.InotifyAddWatch(_inotify, path, Libc.IN_MODIFY);
    }
}

/// <summary>One FileSystemWatcher for the folder of them all.</summary>
internal sealed class WatcherFileDescriptors(int count) : FileDescriptors
{
    private FileSystemWatcher? _watcher;

    public override void Dispose() => _watcher?.Dispose();

    protected override void Watch()
    {
        using FileSet files = new(count);
        _watcher = new FileSystemWatcher(FileSet.Folder) { EnableRaisingEvents = true };
    }
}
