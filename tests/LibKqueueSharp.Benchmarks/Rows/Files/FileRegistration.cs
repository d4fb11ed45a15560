using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Queues;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Rows.Files;

/// <summary>Watches files, one call each; giving them up is not measured.</summary>
internal abstract class FileRegistration(int count) : Contender
{
    private int _done;

    protected FileSet Files { get; } = new(count);

    internal override int Batch => Files.Count;

    internal override void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
            Add(i);
        _done = operations;
    }

    internal override void Reset()
    {
        for (int i = 0; i < _done; i++)
            Delete(i);
    }

    public override void Dispose() => Files.Dispose();

    protected abstract void Add(int index);

    protected abstract void Delete(int index);
}

/// <summary>EV_ADD of EVFILT_VNODE for an open file.</summary>
internal sealed class KeventFileRegistration<TQueue>(int count) : FileRegistration(count)
    where TQueue : struct, IKeventQueue<TQueue>
{
    private readonly TQueue _queue = TQueue.Create();

    public override void Dispose()
    {
        _queue.Dispose();
        base.Dispose();
    }

    protected override void Add(int index) => _queue.AddFile(Files.Descriptors[index]);

    protected override void Delete(int index) => _queue.DeleteFile(Files.Descriptors[index]);
}

/// <summary>inotify_add_watch by path.</summary>
internal sealed class InotifyFileRegistration(int count) : FileRegistration(count)
{
    private readonly int _inotify = Libc.Inotify();
    private readonly int[] _watches = new int[count];

    public override void Dispose()
    {
        Libc.Close(_inotify);
        base.Dispose();
    }

    protected override void Add(int index) =>
        _watches[index] = Libc.Check(Libc.InotifyAddWatch(_inotify, Files.Paths[index], Libc.IN_MODIFY), "inotify_add_watch");

    protected override void Delete(int index) => Libc.InotifyRemoveWatch(_inotify, _watches[index]);
}

/// <summary>A FileSystemWatcher for one file; each takes an inotify instance, of which a user has 128.</summary>
internal sealed class WatcherFileRegistration() : FileRegistration(MostWatchers)
{
    private const int MostWatchers = 40;

    private readonly FileSystemWatcher?[] _watchers = new FileSystemWatcher?[MostWatchers];

    protected override void Add(int index) =>
        _watchers[index] = new FileSystemWatcher(FileSet.Folder, Path.GetFileName(Files.Paths[index])) { EnableRaisingEvents = true };

    protected override void Delete(int index) => _watchers[index]?.Dispose();
}
