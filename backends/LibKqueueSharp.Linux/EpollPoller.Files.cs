using LibKqueueSharp.Emulation;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>Regular files and directories, which epoll refuses.</summary>
internal sealed partial class EpollPoller
{
    private FileMonitor? _files;

    internal Errno RegisterFile(Knote kn, bool directory)
    {
        Errno error = OpenFiles();
        if (error == Errno.None)
            error = _files!.Add((int)kn.Ident, directory);
        return error == Errno.ENOSPC ? Errno.ENOMEM : error;
    }

    internal void UnregisterFile(Knote kn) => _files?.Remove((int)kn.Ident);

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

    /// <summary>Drops the knotes of a number that stands for another file by now, except for the one being added.</summary>
    internal void DropOtherFile(int fd) => DropOthers(fd, _descriptors[fd].Chain!);

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
