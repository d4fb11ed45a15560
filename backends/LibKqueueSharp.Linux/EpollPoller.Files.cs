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
        if (error != Errno.None)
            return error;
        error = _files!.Add((int)kn.Ident, directory);
        return error == Errno.ENOSPC ? Errno.ENOMEM : error;
    }

    /// <summary>Takes in what inotify has, so that a file that was removed is known to be. Always true.</summary>
    internal bool RefreshFiles()
    {
        _files?.Drain();
        return true;
    }

    internal void UnregisterFile(Knote kn) => _files?.Remove((int)kn.Ident);

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
