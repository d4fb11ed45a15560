using System.Diagnostics;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>Files and directories: watched ones, and the idents of those.</summary>
internal sealed partial class IocpPoller
{
    private const nuint DirectoryKey = 4;

    /// <summary>Nanoseconds between two looks at a file that no directory tells of.</summary>
    private const long BlindInterval = 100_000_000;

    /// <summary>Nanoseconds between two looks at a file that is watched; 0 relies on its directory alone.</summary>
    internal long FileInterval { get; init; }

    private FileMonitor? _files;

    /// <summary>Made with the first file.</summary>
    internal FileMonitor Files => _files ??= new FileMonitor(_queue, _port, DirectoryKey);

    /// <summary>CALL-ERR-018, CALL-ERR-019: an ident that is no open handle.</summary>
    internal Errno CheckHandle(in KEvent change, Knote? found)
    {
        if (change.Ident > int.MaxValue)
            return Errno.EBADF;
        return (change.Flags & EventFlags.Add) != 0 || _queue.Dialect.ClosedDescriptorNeedsAdd || found is not null
            || Sys.IsOpen((nint)change.Ident) ? Errno.None : Errno.EBADF;
    }

    /// <summary>Reads what directories have told so far, which counts by the notes that are asked for until now.</summary>
    internal void ReadRecords()
    {
        TakeRest(full: false, asked: true);
        _processes.Harvested(IsSettled);
    }

    internal Errno WatchFile(Knote kn)
    {
        Errno error = Files.Add(kn);
        if (error == Errno.None)
            _interest++;
        return error;
    }

    internal void UnwatchFile(Knote kn)
    {
        if (_files is not null && _files.Remove(kn))
            _interest--;
    }

    /// <summary>EBADF when the number stands for another file by now, or for none; other errors are of the moment.</summary>
    internal Errno LookAtFile(nuint ident, out FileState state)
    {
        if (_files is not null)
            return _files.LookAt(ident, out state);
        state = default;
        return Errno.EBADF;
    }

    /// <summary>Nanoseconds until a file is to be looked at unasked; 0 for never.</summary>
    internal long NextLook(nuint ident) =>
        Files.IsBlind(ident) ? BlindInterval : Files.IsDirectory(ident) ? 0 : FileInterval;

    /// <summary>Has a knote's filter look at its file after a while, unless it will do so sooner.</summary>
    internal void LookLater(Knote kn)
    {
        long next = NextLook(kn.Ident);
        long deadline = QueueClock.Add(_queue.Clock.Now, next);
        if (next == 0 || (_queue.Timers.Holds(kn) && _queue.Timers.DeadlineOf(kn) <= deadline))
            return;
        _queue.Timers.Remove(kn);
        _queue.Timers.Add(kn, deadline);
    }

    /// <summary>Begins to watch a file for EVFILT_READ; EVFILT_WRITE has nothing to wait for.</summary>
    private Errno OpenFile(WatchedSocket socket, Knote kn)
    {
        Errno error = Sys.LookAt(socket.Handle, out socket.File, out FileState state);
        if (error != Errno.None)
            return error;
        socket.Kind = WatchedKind.File;
        return kn.Filter switch
        {
            ReadFilter => state.IsDirectory && !_queue.Dialect.DirectoryRead ? Errno.EINVAL : WatchFile(kn),
            WriteFilter => _queue.Dialect.RegularFileWrite == FileWritePolicy.Refused ? Errno.EINVAL : Errno.None,
            _ => Errno.ENOTSUP,
        };
    }

    private static bool IsSameFile(WatchedSocket socket) =>
        Sys.LookAt(socket.Handle, out FileIdentity found, out _) switch
        {
            Errno.None => found == socket.File,
            Errno.EIO => true,
            _ => false,
        };

    /// <summary>Cancels what is asked of directories, and waits until the kernel writes to none of the blocks any more.</summary>
    private void EndFiles()
    {
        if (_files is null)
            return;
        long began = Stopwatch.GetTimestamp();
        while (!_files.End() && Stopwatch.GetElapsedTime(began).TotalMilliseconds < ClosePatience)
            Thread.Sleep(1);
    }
}
