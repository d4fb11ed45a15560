using LibKqueueSharp.Emulation;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>
/// The queue's one inotify instance, however many files it watches: which files, for what, and for whom.
/// Guarded by the queue's lock.
/// </summary>
internal sealed partial class FileMonitor : IDisposable
{
    private readonly EmulatedQueue _queue;
    private readonly EpollPoller _poller;
    private readonly Dictionary<int, WatchedFile> _byWatch = [];
    private readonly Dictionary<int, WatchedFile> _byDescriptor = [];
    private readonly int _inotify;

    private FileMonitor(EmulatedQueue queue, EpollPoller poller, int inotify)
    {
        _queue = queue;
        _poller = poller;
        _inotify = inotify;
        _post = Post;
    }

    internal static Errno Create(EmulatedQueue queue, EpollPoller poller, out FileMonitor? monitor)
    {
        Errno error = Sys.InotifyInit(out int fd);
        monitor = error == Errno.None ? new FileMonitor(queue, poller, fd) : null;
        return error;
    }

    internal Errno Register(int epfd, ulong token) =>
        Sys.EpollControl(epfd, Native.EPOLL_CTL_ADD, _inotify, EpollEvents.In, token);

    /// <summary>
    /// Begins to watch the file behind a knote's descriptor; each of its knotes calls this once. What happened before is told to the knotes that
    /// were there first.
    /// </summary>
    internal Errno Add(Knote kn, bool directory)
    {
        int fd = (int)kn.Ident;
        Drain();
        Errno error = Sys.Stat(fd, out stat status);
        if (error != Errno.None)
            return error;
        uint mask = Mask(kn, directory);
        if (_byDescriptor.TryGetValue(fd, out WatchedFile? file) && !file.Is(status))
        {
            _poller.DropOtherFile(fd);
            file = null;
        }

        if (file is null || (mask & ~file.Mask) != 0)
        {
            error = Sys.InotifyAdd(_inotify, fd, mask | Native.IN_MASK_ADD, out int wd);
            if (error != Errno.None)
                return error;
            if (!_byWatch.TryGetValue(wd, out file))
                _byWatch[wd] = file = new WatchedFile(wd, status) { IsDirectory = directory };
        }

        Grow(file, fd, mask, status);
        file.Users(fd)++;
        _byDescriptor[fd] = file;
        WatchParent(file, fd);
        return Errno.None;
    }

    internal void Remove(int fd)
    {
        if (!_byDescriptor.TryGetValue(fd, out WatchedFile? file) || --file.Users(fd) != 0)
            return;
        _byDescriptor.Remove(fd);
        file.Forget(fd);
        DropUnused(file);
    }

    /// <summary>The notes of a knote have changed; what happened before has been taken in.</summary>
    internal Errno Touch(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (!_byDescriptor.TryGetValue(fd, out WatchedFile? file) || Sys.Stat(fd, out stat status) != Errno.None || !file.Is(status))
            return Errno.None;
        uint mask = WantedByAll(file);
        if (mask == file.Mask)
            return Errno.None;
        Errno error = Sys.InotifyAdd(_inotify, fd, mask, out _);
        if (error != Errno.None)
            return error;
        Grow(file, fd, mask, status);
        file.Mask = mask;
        WatchParent(file, fd);
        return Errno.None;
    }

    internal bool Watches(int fd) => _byDescriptor.ContainsKey(fd);

    /// <summary>Whether the number still stands for the file that is watched.</summary>
    internal bool IsWatched(int fd, in stat status) => _byDescriptor.TryGetValue(fd, out WatchedFile? file) && file.Is(status);

    public void Dispose() => Sys.Close(_inotify);

    /// <summary>
    /// What was not watched so far may have changed unseen. What was watched is left as it is known, since an event that tells of a change may be
    /// on its way.
    /// </summary>
    private static void Grow(WatchedFile file, int fd, uint mask, in stat status)
    {
        FileState now = new(status);
        uint added = mask & ~file.Mask;
        if ((added & Native.IN_MODIFY) != 0)
            file.Known = file.Known with { Size = now.Size, Modified = now.Modified };
        if ((added & (Native.IN_ATTRIB | Native.IN_ENTRIES)) != 0)
        {
            file.Known = file.Known with { Links = now.Links, Mode = now.Mode, Owner = now.Owner, Group = now.Group, Changed = now.Changed };
        }

        if ((added & (Native.IN_ATTRIB | Native.IN_MOVE_SELF)) != 0)
            file.Name = FileName.Of(fd);
        file.Mask |= mask;
    }

    private static uint Mask(Knote kn, bool directory) => kn.Filter is VnodeFilter vnode
        ? vnode.Mask(kn, directory)
        : Native.IN_MODIFY | (directory ? Native.IN_ENTRIES : 0);

    private uint WantedByAll(WatchedFile file)
    {
        uint mask = file.Inner.Count == 0 ? 0 : Native.IN_DELETE | Native.IN_MOVED_TO;
        foreach (int fd in file.Descriptors)
        {
            for (Knote? kn = _poller[fd].Chain; kn is not null; kn = kn.Link)
                mask |= Mask(kn, file.IsDirectory);
        }

        return mask;
    }

    /// <summary>
    /// A folder that is removed while it is open says nothing itself (measured on Linux 6.18), so that its parent is watched for the removal of
    /// folders. Where the parent may not be read, the removal stays unseen.
    /// </summary>
    private void WatchParent(WatchedFile file, int fd)
    {
        if (!file.IsDirectory || file.Parent is not null || (file.Mask & (Native.IN_ATTRIB | Native.IN_MOVE_SELF)) == 0)
            return;
        const uint Mask = Native.IN_DELETE | Native.IN_MOVED_TO;
        if (Sys.InotifyAddParent(_inotify, fd, Mask | Native.IN_MASK_ADD, out int wd) != Errno.None || wd == file.Watch)
            return;
        if (!_byWatch.TryGetValue(wd, out WatchedFile? parent))
            _byWatch[wd] = parent = new WatchedFile(wd, default) { IsDirectory = true };
        parent.Mask |= Mask;
        parent.Inner.Add(file);
        file.Parent = parent;
    }

    private void LeaveParent(WatchedFile file)
    {
        if (file.Parent is not { } parent)
            return;
        file.Parent = null;
        parent.Inner.Remove(file);
        DropUnused(parent);
    }

    /// <summary>
    /// The kernel takes a watch back when the last reference to its file goes: whoever has the inode number now is another file. It also does
    /// so when the last name goes, where that is not the name under which the file was opened (trace vnode_file_link): then the file is still open, and
    /// is as it was but for its link count.
    /// </summary>
    private bool TryRenew(WatchedFile file)
    {
        foreach (int fd in file.Descriptors)
        {
            if (Sys.Stat(fd, out stat status) != Errno.None || !file.Is(status))
                continue;
            FileState now = new(status);
            bool unlinked = now.Links == 0 && now.HasSameRights(file.Known);
            bool changed = now.Modified != file.Known.Modified && (file.Happened & FileHappenings.Modified) == 0;
            if (!unlinked || changed || Sys.InotifyAdd(_inotify, fd, file.Mask, out int wd) != Errno.None)
                continue;
            _byWatch.Remove(file.Watch);
            file.Watch = wd;
            _byWatch[wd] = file;
            Note(file, FileHappenings.Lost);
            return true;
        }

        return false;
    }

    private void DropUnused(WatchedFile file)
    {
        if (!file.IsUnused)
            return;
        LeaveParent(file);
        _byWatch.Remove(file.Watch);
        if (!file.IsGone)
            Native.InotifyRmWatch(_inotify, file.Watch);
    }
}
