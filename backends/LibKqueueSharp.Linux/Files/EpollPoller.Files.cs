using LibKqueueSharp.Emulation;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>Regular files and directories, which epoll refuses, and everything that has a name.</summary>
internal sealed partial class EpollPoller
{
    private FileMonitor? _files;

    /// <summary>Nanoseconds between two looks at a file of EVFILT_VNODE; 0 relies on inotify alone.</summary>
    internal long FileInterval { get; set; }

    internal Errno RegisterFile(Knote kn, bool directory)
    {
        Errno error = OpenFiles();
        if (error != Errno.None)
            return FromInotify(error);
        return FromInotify(_files!.Add(kn, directory));
    }

    internal void UnregisterFile(Knote kn) => _files?.Remove(kn);

    /// <summary>The notes of a knote have changed.</summary>
    internal Errno TouchFile(Knote kn) => FromInotify(_files!.Touch(kn));

    internal void TakeFileEvents() => _files?.Drain();

    /// <summary>Compares a file with what it was.</summary>
    /// <returns>As <see cref="NeedsLook"/>, afterwards.</returns>
    internal bool CompareFile(int fd)
    {
        _files?.Compare(fd);
        return NeedsLook(fd);
    }

    /// <summary>inotify does not tell all of a file now, or the file could not be looked at: it has to be compared again after a while.</summary>
    internal bool NeedsLook(int fd) => _files is not null && _files.NeedsLook(fd);

    /// <summary>
    /// Whether a number still stands for the file that is watched under it. What inotify has is taken in first: a removed file's inode number may
    /// belong to the next one already, and only the end of the watch tells.
    /// </summary>
    internal bool IsSameFile(int fd, in stat status)
    {
        _files?.Drain();
        return IsWatchedFile(fd, status);
    }

    internal bool IsWatchedFile(int fd, in stat status) => _files is not null && _files.IsWatched(fd, status);

    internal bool WatchesFile(int fd) => _files is not null && _files.Watches(fd);

    /// <summary>Whether a number with knotes still stands for what they were made for.</summary>
    internal bool StandsForTheSame(int fd)
    {
        if (WatchesFile(fd))
        {
            Errno error = Sys.Stat(fd, out stat status);
            return error == Errno.None ? IsSameFile(fd, status) : error != Errno.EBADF;
        }

        ref Descriptor d = ref _descriptors[fd];
        return (d.IsRegistered || d.Second != 0) && IsRegisteredFile(fd, ref d);
    }

    /// <summary>Drops the knotes of a number that stands for another file by now, except for the one being added.</summary>
    internal void DropOtherFile(int fd) => DropOthers(fd, _descriptors[fd].Chain!);

    // BSD's EV_ADD needs memory and nothing else: ENOMEM stands for the limits of inotify.
    private static Errno FromInotify(Errno error) =>
        error is Errno.ENOSPC or Errno.EMFILE or Errno.ENFILE ? Errno.ENOMEM : error;

    private Errno OpenFiles()
    {
        if (_files is not null)
            return Errno.None;
        Errno error = FileMonitor.Create(_queue, this, out FileMonitor? files);
        if (error != Errno.None)
            return error;
        error = files!.Register(_epfd, FilesToken);
        if (error != Errno.None)
        {
            files.Dispose();
            return error;
        }

        _files = files;
        _interest++;
        return Errno.None;
    }
}
