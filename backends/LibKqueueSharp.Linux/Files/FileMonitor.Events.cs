using System.Runtime.InteropServices;
using LibKqueueSharp.Emulation;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>What inotify tells, made into activity of knotes.</summary>
internal sealed partial class FileMonitor
{
    private const int BufferSize = 16 * 1024;

    /// <summary>An event with the longest name, and its padding.</summary>
    private const int LongestEvent = EventHeader + 256;
    private const int EventHeader = 16;

    private readonly byte[] _buffer = new byte[BufferSize];

    /// <summary>The files of which the batch at hand tells, in the order in which it began to.</summary>
    private readonly List<WatchedFile> _told = [];

    private readonly Action<VnodeNotes> _post;
    private WatchedFile _current = null!;

    /// <summary>The folder that an entry has left, until it is known whether the same folder got it.</summary>
    private WatchedFile? _left;
    private Native.InotifyEvent _leaving;

    /// <summary>
    /// Reads what inotify has and wakes the knotes that it concerns; all of them after an overflow. It discards none, so that it may be
    /// called while a knote is attached or detached. It ends when there was nothing left, whatever came since: files that
    /// change all the time do not hold it.
    /// </summary>
    internal void Drain()
    {
        int length;
        do
        {
            length = Sys.Read(_inotify, _buffer);
            for (int at = 0; at < length;)
            {
                Native.InotifyEvent e = MemoryMarshal.Read<Native.InotifyEvent>(_buffer.AsSpan(at));
                ReadOnlySpan<byte> name = _buffer.AsSpan(at + EventHeader, (int)e.len).TrimEnd((byte)0);
                at += EventHeader + (int)e.len;
                if ((e.mask & Native.IN_Q_OVERFLOW) != 0)
                    CompareAll();
                else if (_byWatch.TryGetValue(e.wd, out WatchedFile? file))
                    Take(file, e, name);
            }
        }
        while (length > BufferSize - LongestEvent);

        SettleLeaving();
        TellAll();
    }

    /// <summary>Compares a file with what it was, where inotify may be silent.</summary>
    internal void Compare(int fd)
    {
        Drain();
        if (!_byDescriptor.TryGetValue(fd, out WatchedFile? file))
            return;
        if (file.IsBlind)
            End(file);
        else if (file.IsInDoubt)
            FindWatchAgain(file);
        if (file.LacksParent)
            WatchParent(file, fd, file.Mask);
        Note(file, FileHappenings.Lost);
        TellAll();
    }

    private void TellAll()
    {
        foreach (WatchedFile file in _told)
        {
            file.IsTold = false;
            Tell(file);
            if (file.NeedsLook)
                AskLater(file);
        }

        _told.Clear();
    }

    private void AskLater(WatchedFile file)
    {
        foreach (int fd in file.Descriptors)
        {
            for (Knote? kn = _poller[fd].Chain; kn is not null; kn = kn.Link)
            {
                // Descriptors that can be polled may be in the list of the watched.
                if (kn.Filter is VnodeFilter || _poller[fd].Kind is DescriptorKind.File or DescriptorKind.Directory)
                    ((DescriptorFilter)kn.Filter).AskLater(kn);
            }
        }
    }

    private void CompareAll()
    {
        foreach (WatchedFile file in _byWatch.Values.ToArray())
        {
            LeaveParent(file);
            FindWatchAgain(file);
            Note(file, FileHappenings.Lost);
            WakeReaders(file);
        }
    }

    private void Take(WatchedFile file, in Native.InotifyEvent e, ReadOnlySpan<byte> name)
    {
        if ((e.mask & Native.IN_IGNORED) != 0)
        {
            End(file);
            return;
        }

        if ((e.mask & Native.IN_ENTRIES) != 0)
            TakeEntry(file, e, name);
        else if (e.len == 0)
            Note(file, OfTheFile(e.mask));
        if ((e.mask & (Native.IN_MODIFY | Native.IN_ENTRIES)) != 0)
            WakeReaders(file);
    }

    private static FileHappenings OfTheFile(uint mask) =>
        ((mask & Native.IN_ACCESS) != 0 ? FileHappenings.Accessed : 0)
        | ((mask & Native.IN_MODIFY) != 0 ? FileHappenings.Modified : 0)
        | ((mask & Native.IN_ATTRIB) != 0 ? FileHappenings.Attributes : 0)
        | ((mask & Native.IN_CLOSE_WRITE) != 0 ? FileHappenings.ClosedAfterWriting : 0)
        | ((mask & Native.IN_CLOSE_NOWRITE) != 0 ? FileHappenings.Closed : 0)
        | ((mask & Native.IN_OPEN) != 0 ? FileHappenings.Opened : 0)
        | ((mask & Native.IN_MOVE_SELF) != 0 ? FileHappenings.Moved : 0);

    private void TakeEntry(WatchedFile file, in Native.InotifyEvent e, ReadOnlySpan<byte> name)
    {
        bool folder = (e.mask & Native.IN_ISDIR) != 0;
        if ((e.mask & (Native.IN_CREATE | Native.IN_DELETE)) != 0)
        {
            Note(file, folder ? FileHappenings.Folder : FileHappenings.Entry);
        }
        else if ((e.mask & Native.IN_MOVED_FROM) != 0)
        {
            SettleLeaving();
            _left = file;
            _leaving = e;
            Note(file, FileHappenings.None);
        }
        else if (_left == file && _leaving.cookie == e.cookie)
        {
            _left = null;
            Note(file, FileHappenings.Entry);
        }
        else
        {
            Note(file, folder ? FileHappenings.FolderMovedIn : FileHappenings.MovedIn);
        }

        if (folder && (e.mask & (Native.IN_DELETE | Native.IN_MOVED_TO)) != 0 && file.Inner.Count != 0)
            TakeEndOfInner(file, FileName.HashOf(name));
    }

    /// <summary>
    /// Only the folder of that name is looked at: when all were, the end of 5,000 brothers one by one took 25,000,000 fstat(2), 109 s on a busy machine.
    /// </summary>
    private void TakeEndOfInner(WatchedFile file, int entry)
    {
        foreach (WatchedFile inner in file.Inner)
        {
            if (inner.Entry == entry || inner.Entry == 0)
                Note(inner, FileHappenings.MayBeRemoved);
        }
    }

    private void SettleLeaving()
    {
        if (_left is not { } file)
            return;
        _left = null;
        Note(file, (_leaving.mask & Native.IN_ISDIR) != 0 ? FileHappenings.FolderMovedOut : FileHappenings.MovedOut);
    }

    private void Note(WatchedFile file, FileHappenings what)
    {
        if (!file.IsTold)
            _told.Add(file);
        file.IsTold = true;
        file.Happened |= what;
    }

    /// <summary>
    /// Compares with what was known, and posts. A number that stands for another file by now is activated all the same: the scan finds it gone.
    /// What cannot be looked at now is told later.
    /// </summary>
    private void Tell(WatchedFile file)
    {
        FileHappenings what = file.Happened;
        if (what == FileHappenings.None)
            return;
        if (!TryLook(file, out int fd, out stat status))
        {
            file.IsUnseen = file.Happened == FileHappenings.None;
            return;
        }

        file.IsUnseen = false;
        FileState was = file.Known;
        FileState now = FileStatus.ToState(status);
        if (now.IsDirectory && now.Links == 0)
            what |= FileHappenings.MayBeRemoved;
        FileName name = file.Name;
        if ((what & (FileHappenings.Attributes | FileHappenings.Moved | FileHappenings.Lost)) != 0
            && FileName.Read(fd, ref file.Name) == Errno.ENOMEM)
        {
            return;
        }

        file.Happened = FileHappenings.None;
        _current = file;
        bool sameName = file.Name.Descriptor == name.Descriptor;
        bool removed = sameName && file.Name.IsRemoved && !name.IsRemoved && (what & FileHappenings.Moved) == 0;
        if ((what & FileHappenings.Lost) != 0)
            what |= VnodeRules.Compare(was, now, sameName && !removed && name.Hash != file.Name.Hash);
        file.Known = VnodeRules.Learn(what, was, now);
        VnodeRules.Tell(what, was, now, removed, _queue.Dialect, _post);
        if ((what & FileHappenings.Moved) != 0)
            LeaveParent(file);
        if ((what & (FileHappenings.Moved | FileHappenings.Lost)) != 0 && file.IsDirectory && file.Parent is null && now.Links != 0)
            FollowParent(file, fd);
    }

    /// <summary>The folder may have been removed while its new parent was not yet watched.</summary>
    private void FollowParent(WatchedFile file, int fd)
    {
        WatchParent(file, fd, file.Mask);
        if (Sys.Stat(fd, out stat status) != Errno.None || !file.Is(status) || (ulong)status.st_nlink != 0)
            return;
        FileState now = FileStatus.ToState(status);
        VnodeRules.Tell(FileHappenings.MayBeRemoved, file.Known, now, false, _queue.Dialect, _post);
        file.Known = now;
    }

    private bool TryLook(WatchedFile file, out int fd, out stat status)
    {
        bool found = false;
        bool unknown = false;
        fd = None;
        status = default;
        foreach (int number in file.Descriptors)
        {
            Errno error = Sys.Stat(number, out stat s);
            if (error is not (Errno.None or Errno.EBADF))
            {
                unknown = true;
            }
            else if (error == Errno.None && file.Is(s))
            {
                // The name is that of one descriptor: the same one each time, while it is open.
                if (!found || number == file.Name.Descriptor)
                    (fd, status) = (number, s);
                found = true;
            }
            else
            {
                Wake(number);
            }
        }

        if (!found && !unknown)
            file.Happened = FileHappenings.None;
        return found;
    }

    private void Post(VnodeNotes notes)
    {
        foreach (int fd in _current.Descriptors)
        {
            for (Knote? kn = _poller[fd].Chain; kn is not null; kn = kn.Link)
            {
                if (kn.Filter is VnodeFilter vnode)
                    vnode.Post(kn, notes);
            }
        }
    }

    private void WakeAll(WatchedFile file)
    {
        foreach (int fd in file.Descriptors)
            Wake(fd);
    }

    private void Wake(int fd)
    {
        for (Knote? kn = _poller[fd].Chain; kn is not null; kn = kn.Link)
            _queue.Activate(kn);
    }

    private void WakeReaders(WatchedFile file)
    {
        foreach (int fd in file.Descriptors)
        {
            for (Knote? kn = _poller[fd].Chain; kn is not null; kn = kn.Link)
            {
                if (kn.Filter is not VnodeFilter)
                    _queue.Activate(kn);
            }
        }
    }
}
