using System.ComponentModel;
using LibKqueueSharp.Benchmarks.Native;
using LibKqueueSharp.Benchmarks.Queues;
using LibKqueueSharp.Benchmarks.Running;

namespace LibKqueueSharp.Benchmarks.Rows.Files;

/// <summary>One of many watched files is written to, and the watcher tells of it; then the next one.</summary>
internal abstract class FileChanges(int count) : Contender
{
    // Neighbours in the table are not neighbours in time.
    private const int Stride = 37;

    private int _next;

    protected FileSet Files { get; } = new(count);

    internal override void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            Expect(_next);
            Files.Change(_next);
            Take(_next);
            _next = (_next + Stride) % Files.Count;
        }
    }

    public override void Dispose() => Files.Dispose();

    protected virtual void Expect(int index)
    {
    }

    /// <summary>Returns when the watcher has told of this file.</summary>
    protected abstract void Take(int index);
}

/// <summary>EVFILT_VNODE with NOTE_WRITE and EV_CLEAR.</summary>
internal sealed class KeventFileChanges<TQueue> : FileChanges
    where TQueue : struct, IKeventQueue<TQueue>
{
    private readonly TQueue _queue = TQueue.Create();
    private readonly KEvent[] _events = new KEvent[8];

    internal KeventFileChanges(int count)
        : base(count)
    {
        foreach (int fd in Files.Descriptors)
            _queue.AddFile(fd);
    }

    public override void Dispose()
    {
        _queue.Dispose();
        base.Dispose();
    }

    protected override void Take(int index)
    {
        nuint wanted = (nuint)Files.Descriptors[index];
        while (true)
        {
            int count = _queue.Wait(_events);
            foreach (ref readonly KEvent e in _events.AsSpan(0, count))
            {
                if (e.Ident == wanted)
                    return;
            }
        }
    }
}

/// <summary>inotify by hand, one watch a file, and a blocking read.</summary>
internal sealed unsafe class InotifyFileChanges : FileChanges
{
    private readonly int _inotify = Libc.Inotify();
    private readonly int[] _watches;

    internal InotifyFileChanges(int count)
        : base(count) =>
        _watches = [.. Files.Paths.Select(path => Libc.Check(Libc.InotifyAddWatch(_inotify, path, Libc.IN_MODIFY), "inotify_add_watch"))];

    public override void Dispose()
    {
        Libc.Close(_inotify);
        base.Dispose();
    }

    protected override void Take(int index)
    {
        byte* buffer = stackalloc byte[1024];
        do
        {
            if (Libc.Read(_inotify, buffer, 1024) <= 0)
                throw new Win32Exception();
        }
        while (*(int*)buffer != _watches[index]);
    }
}

/// <summary>One FileSystemWatcher for the folder: what it is best at.</summary>
internal sealed class WatcherFileChanges : FileChanges
{
    private readonly FileSystemWatcher _watcher = new(FileSet.Folder) { NotifyFilter = NotifyFilters.LastWrite };
    private readonly SemaphoreSlim _told = new(0);

    // Written by the thread that makes the change, before it; read by the watcher's.
    private volatile string? _wanted;

    internal WatcherFileChanges(int count)
        : base(count)
    {
        _watcher.Changed += (_, e) =>
        {
            if (e.Name == _wanted)
                _told.Release();
        };
        _watcher.EnableRaisingEvents = true;
    }

    public override void Dispose()
    {
        _watcher.Dispose();
        _told.Dispose();
        base.Dispose();
    }

    protected override void Expect(int index) => _wanted = Path.GetFileName(Files.Paths[index]);

    protected override void Take(int index) => _told.Wait();
}
