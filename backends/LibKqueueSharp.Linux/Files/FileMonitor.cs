using LibKqueueSharp.Emulation;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>
/// The queue's one inotify instance, however many files it watches: which files, for what, and for whom.
/// Guarded by the queue's lock.
/// </summary>
internal sealed partial class FileMonitor : IDisposable
{
    private const int None = -1;

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

        if (file is null || (!file.IsBlind && (mask & ~file.Mask) != 0))
        {
            error = Sys.InotifyAdd(_inotify, fd, mask | Native.IN_MASK_ADD, out int wd);
            if (error != Errno.None)
                return error;
            if (!_byWatch.TryGetValue(wd, out file))
                _byWatch[wd] = file = new WatchedFile(wd) { IsDirectory = directory };
        }

        if (file.Descriptors.Count == 0 || file.IsUnseen)
            Begin(file, fd, status);
        Grow(file, fd, mask, status);
        file.Users(fd)++;
        _byDescriptor[fd] = file;
        error = WatchParent(file, fd, file.Mask);
        if (error != Errno.None)
        {
            file.LacksParent = false;
            Remove(kn);
        }

        return error;
    }

    /// <summary>What is known of a file that nobody saw for a while is of before: it may lie elsewhere, under another name.</summary>
    private void Begin(WatchedFile file, int fd, in stat status)
    {
        LeaveParent(file);
        file.Identify(status);
        if ((file.Mask & (Native.IN_ATTRIB | Native.IN_MOVE_SELF)) != 0)
            FileName.Read(fd, ref file.Name);
    }

    internal void Remove(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (!_byDescriptor.TryGetValue(fd, out WatchedFile? file))
            return;
        if (--file.Users(fd) == 0)
        {
            _byDescriptor.Remove(fd);
            file.Forget(fd);
        }

        DropUnused(file);
        Shrink(file, kn);
    }

    /// <summary>What nobody wants any more wakes nobody any more.</summary>
    private void Shrink(WatchedFile file, Knote gone)
    {
        uint mask = WantedByAll(file, gone);
        if (mask == file.Mask)
            return;
        foreach (int fd in file.Descriptors)
        {
            if (Sys.Stat(fd, out stat status) != Errno.None || !file.Is(status)
                || (!file.IsBlind && Sys.InotifyAdd(_inotify, fd, mask, out _) != Errno.None))
                continue;
            Ask(file, mask);
            return;
        }
    }

    /// <summary>Who is not told that a folder moves does not know its parent.</summary>
    private void Ask(WatchedFile file, uint mask)
    {
        file.Mask = mask;
        if ((mask & Native.IN_MOVE_SELF) == 0)
            LeaveParent(file);
    }

    /// <summary>The notes of a knote have changed; what happened before has been taken in.</summary>
    internal Errno Touch(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (!_byDescriptor.TryGetValue(fd, out WatchedFile? file))
            return Errno.None;
        Errno error = Sys.Stat(fd, out stat status);
        if (error == Errno.EBADF || (error == Errno.None && !file.Is(status)))
            return Errno.None;
        uint mask = WantedByAll(file, null);
        if (error != Errno.None || mask == file.Mask)
            return error;
        error = WatchParent(file, fd, mask);
        if (error == Errno.None && !file.IsBlind)
            error = Sys.InotifyAdd(_inotify, fd, mask, out _);
        if (error != Errno.None)
        {
            file.LacksParent = false;
            return error;
        }

        Grow(file, fd, mask, status);
        Ask(file, mask);
        return Errno.None;
    }

    internal bool NeedsLook(int fd) => _byDescriptor.TryGetValue(fd, out WatchedFile? file) && file.NeedsLook;

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
        FileState now = FileStatus.ToState(status);
        uint added = mask & ~file.Mask;
        if ((added & Native.IN_MODIFY) != 0)
            file.Known = file.Known with { Size = now.Size, Modified = now.Modified };
        if ((added & (Native.IN_ATTRIB | Native.IN_ENTRIES)) != 0)
        {
            file.Known = file.Known with { Links = now.Links, Mode = now.Mode, Owner = now.Owner, Group = now.Group, Changed = now.Changed };
        }

        // The end of a folder is looked for from now on: it may have come already.
        if (file.IsDirectory && (added & Native.IN_MOVE_SELF) != 0)
            file.Known = file.Known with { Links = now.Links };
        if ((added & (Native.IN_ATTRIB | Native.IN_MOVE_SELF)) != 0)
            FileName.Read(fd, ref file.Name);
        file.Mask |= mask;
    }

    private static uint Mask(Knote kn, bool directory) => kn.Filter is VnodeFilter vnode
        ? vnode.Mask(kn, directory)
        : Native.IN_MODIFY | (directory ? Native.IN_ENTRIES : 0);

    private uint WantedByAll(WatchedFile file, Knote? except)
    {
        uint mask = file.Inner.Count == 0 ? 0 : Native.IN_DELETE | Native.IN_MOVED_TO;
        foreach (int fd in file.Descriptors)
        {
            for (Knote? kn = _poller[fd].Chain; kn is not null; kn = kn.Link)
                mask |= kn == except ? 0 : Mask(kn, file.IsDirectory);
        }

        return mask;
    }

    /// <summary>
    /// A folder that is removed while it is open says nothing itself (measured on Linux 6.18), so that its parent is watched for the removal of
    /// folders. Where the parent may not be read, the removal stays unseen.
    /// </summary>
    private Errno WatchParent(WatchedFile file, int fd, uint mask)
    {
        file.LacksParent = false;
        if (!file.IsDirectory || file.Parent is not null || (mask & Native.IN_MOVE_SELF) == 0)
            return Errno.None;
        const uint Mask = Native.IN_DELETE | Native.IN_MOVED_TO;
        Errno error = Sys.InotifyAddParent(_inotify, fd, Mask | Native.IN_MASK_ADD, out int wd);
        file.LacksParent = error is Errno.ENOSPC or Errno.ENOMEM;
        if (error != Errno.None || wd == file.Watch)
            return file.LacksParent ? error : Errno.None;
        if (!_byWatch.TryGetValue(wd, out WatchedFile? parent))
            _byWatch[wd] = parent = new WatchedFile(wd) { IsDirectory = true };
        parent.Mask |= Mask;
        parent.Inner.Add(file);
        file.Parent = parent;
        FileName name = FileName.Unknown;
        FileName.Read(fd, ref name);
        file.Entry = name.Entry;
        return Errno.None;
    }

    private void LeaveParent(WatchedFile file)
    {
        if (file.Parent is not { } parent)
            return;
        file.Parent = null;
        parent.Inner.Remove(file);
        DropUnused(parent);
    }

    /// <summary>The watch has ended.</summary>
    private void End(WatchedFile file)
    {
        if (TryRenew(file))
        {
            Note(file, FileHappenings.Lost);
            return;
        }

        file.IsGone = true;
        WakeAll(file);
    }

    /// <summary>
    /// The kernel takes a watch back when the last reference to its file goes: whoever has the inode number now is another file. It also does
    /// so when the last name goes, where that is not the name under which the file was opened (trace vnode_file_link): then the file is still open, and
    /// has no name. A folder has one name, and keeps its watch while it is open. Where there is no room for a new watch now, the file goes without.
    /// </summary>
    private bool TryRenew(WatchedFile file)
    {
        _byWatch.Remove(file.Watch);
        file.Watch = None;
        file.IsBlind = false;
        if (file.IsDirectory)
            return false;
        foreach (int fd in file.Descriptors)
        {
            Errno error = Sys.Stat(fd, out stat status);
            if (error == Errno.EBADF || (error == Errno.None && (!file.Is(status) || (ulong)status.st_nlink != 0)))
                continue;
            int wd = None;
            if (error == Errno.None)
                error = Sys.InotifyAdd(_inotify, fd, file.Mask | Native.IN_MASK_ADD, out wd);
            file.IsBlind = error != Errno.None || !_byWatch.TryAdd(wd, file);
            if (file.IsBlind)
                continue;
            file.Watch = wd;
            return true;
        }

        return file.IsBlind;
    }

    /// <summary>The end of a watch may be among the events that were lost: who asks again gets the same watch, or a new one.</summary>
    private void FindWatchAgain(WatchedFile file)
    {
        file.IsInDoubt = false;
        foreach (int fd in file.Descriptors)
        {
            int wd = None;
            Errno error = Sys.Stat(fd, out stat status);
            if (error == Errno.EBADF || (error == Errno.None && !file.Is(status)))
                continue;
            if (error == Errno.None)
                error = Sys.InotifyAdd(_inotify, fd, file.Mask | Native.IN_MASK_ADD, out wd);
            file.IsInDoubt = error != Errno.None;
            if (file.IsInDoubt)
                continue;
            if (wd != file.Watch)
                End(file);
            if (file.IsGone && !_byWatch.ContainsKey(wd))
                Native.InotifyRmWatch(_inotify, wd);
            return;
        }
    }

    private void DropUnused(WatchedFile file)
    {
        if (!file.IsUnused)
            return;
        LeaveParent(file);
        _byWatch.Remove(file.Watch);
        if (!file.IsGone && !file.IsBlind)
            Native.InotifyRmWatch(_inotify, file.Watch);
    }
}
