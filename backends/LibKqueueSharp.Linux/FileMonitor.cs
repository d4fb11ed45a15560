using LibKqueueSharp.Emulation;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>
/// The queue's one inotify instance, however many files it watches: wakes the knotes of a file when something happens to it.
/// Guarded by the queue's lock.
/// </summary>
internal sealed class FileMonitor : IDisposable
{
    private const int BufferSize = 16 * 1024;

    private readonly EmulatedQueue _queue;
    private readonly EpollPoller _poller;
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly Dictionary<int, WatchedFile> _byWatch = [];
    private readonly Dictionary<int, WatchedFile> _byDescriptor = [];
    private readonly int _inotify;

    private FileMonitor(EmulatedQueue queue, EpollPoller poller, int inotify)
    {
        _queue = queue;
        _poller = poller;
        _inotify = inotify;
    }

    internal static Errno Create(EmulatedQueue queue, EpollPoller poller, out FileMonitor? monitor)
    {
        Errno error = Sys.InotifyInit(out int fd);
        monitor = error == Errno.None ? new FileMonitor(queue, poller, fd) : null;
        return error;
    }

    internal Errno Register(int epfd, ulong token) =>
        Sys.EpollControl(epfd, Native.EPOLL_CTL_ADD, _inotify, EpollEvents.In, token);

    /// <summary>Begins to watch the file behind a descriptor; each of its knotes calls this once.</summary>
    internal Errno Add(int fd, bool directory)
    {
        Drain();
        Errno error = Sys.Stat(fd, out stat status);
        if (error != Errno.None)
            return error;
        if (_byDescriptor.TryGetValue(fd, out WatchedFile? known) && known.Is(status))
        {
            known.Users(fd)++;
            return Errno.None;
        }

        if (known is not null)
            _poller.DropOtherFile(fd);
        uint mask = Native.IN_MODIFY
            | (directory ? Native.IN_CREATE | Native.IN_DELETE | Native.IN_MOVED_FROM | Native.IN_MOVED_TO : 0);
        error = Sys.InotifyAdd(_inotify, fd, mask, out int wd);
        if (error != Errno.None)
            return error;
        if (!_byWatch.TryGetValue(wd, out WatchedFile? file))
            _byWatch[wd] = file = new WatchedFile(wd, status);
        file.Users(fd)++;
        _byDescriptor[fd] = file;
        return Errno.None;
    }

    internal void Remove(int fd)
    {
        if (!_byDescriptor.TryGetValue(fd, out WatchedFile? file) || --file.Users(fd) != 0)
            return;
        _byDescriptor.Remove(fd);
        file.Forget(fd);
        if (!file.IsUnused)
            return;
        _byWatch.Remove(file.Watch);
        Native.InotifyRmWatch(_inotify, file.Watch);
    }

    /// <summary>Whether the number still stands for the file that is watched.</summary>
    internal bool IsWatched(int fd, in stat status) => _byDescriptor.TryGetValue(fd, out WatchedFile? file) && file.Is(status);

    /// <summary>Reads what inotify has and wakes the knotes that it concerns; all of them after an overflow.</summary>
    internal void Drain()
    {
        int length;
        while ((length = Sys.Read(_inotify, _buffer)) > 0)
        {
            for (int at = 0; at < length;)
            {
                Native.InotifyEvent e = System.Runtime.InteropServices.MemoryMarshal.Read<Native.InotifyEvent>(_buffer.AsSpan(at));
                at += 16 + (int)e.len;
                if ((e.mask & Native.IN_Q_OVERFLOW) != 0)
                    WakeAll();
                else if (_byWatch.TryGetValue(e.wd, out WatchedFile? file))
                    Take(file, e.mask);
            }
        }
    }

    public void Dispose() => Sys.Close(_inotify);

    /// <summary>
    /// The kernel takes a watch back when the last reference to its file goes: whoever has the inode number now is another file.
    /// </summary>
    private void Take(WatchedFile file, uint mask)
    {
        file.IsGone |= (mask & Native.IN_IGNORED) != 0;
        Wake(file);
    }

    private void WakeAll()
    {
        foreach (WatchedFile file in _byWatch.Values)
            Wake(file);
    }

    private void Wake(WatchedFile file)
    {
        foreach (int fd in file.Descriptors)
        {
            for (Knote? kn = _poller[fd].Chain; kn is not null; kn = kn.Link)
                _queue.Activate(kn);
        }
    }
}
