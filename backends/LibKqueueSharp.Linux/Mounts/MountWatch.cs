using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>
/// The mount table of this process, and an epoll set that is readable once it has changed. Guarded by the queue's lock.
/// </summary>
/// <remarks>
/// The table's file can always be read, and tells of a change with EPOLLERR and EPOLLPRI to the first who asks: an event loop that
/// only looks at the queue's descriptor would swallow it. Watched edge-triggered for reading, in a set of its own from which the readiness at the
/// beginning is taken, each change makes that set readable until this class takes it.
/// </remarks>
internal sealed class MountWatch : IDisposable
{
    private readonly int _file;
    private readonly int _set;
    private byte[] _buffer = new byte[4096];
    private MountTable _table = new([]);

    private MountWatch(int file, int set)
    {
        _file = file;
        _set = set;
    }

    /// <summary>The table has changed, and could not be read: it has to be taken again after a while.</summary>
    internal bool IsStale { get; private set; }

    internal static Errno Create(out MountWatch? watch)
    {
        watch = null;
        int file = Sys.OpenRead("/proc/self/mountinfo\0"u8);
        if (file < 0)
            return (Errno)LibC.errno is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM ? Errno.ENOMEM : Errno.ENOTSUP;
        Errno error = Sys.EpollCreate(out int set);
        if (error == Errno.None)
            error = Sys.EpollControl(set, Native.EPOLL_CTL_ADD, file, EpollEvents.In | EpollEvents.Edge, 0);
        if (error != Errno.None)
        {
            if (set >= 0)
                Sys.Close(set);
            Sys.Close(file);
            return error is Errno.EMFILE or Errno.ENFILE or Errno.ENOSPC ? Errno.ENOMEM : error;
        }

        // What changes from here on makes the set readable, also while the table is being read.
        TakeEdge(set);
        watch = new MountWatch(file, set);
        if (watch.Read() is { } table)
        {
            watch._table = table;
            return Errno.None;
        }

        watch.Dispose();
        watch = null;
        return Errno.ENOMEM;
    }

    internal Errno Register(int epfd, ulong token) => Sys.EpollControl(epfd, Native.EPOLL_CTL_ADD, _set, EpollEvents.In, token);

    /// <summary>A child that is just being made may hold the set open.</summary>
    internal void Unregister(int epfd) => Sys.EpollControl(epfd, Native.EPOLL_CTL_DEL, _set, EpollEvents.None, 0);

    /// <summary>What has happened since the last call.</summary>
    internal FileSystemNotes Take()
    {
        if (!TakeEdge(_set) && !IsStale)
            return FileSystemNotes.None;
        MountTable? read = Read();
        IsStale = read is null;
        if (read is not { } now)
            return FileSystemNotes.None;
        FileSystemNotes notes = now.Since(_table);
        _table = now;
        return notes;
    }

    public void Dispose()
    {
        Sys.Close(_set);
        Sys.Close(_file);
    }

    /// <summary>The address is that of a local, for the length of one call.</summary>
    private static unsafe bool TakeEdge(int set)
    {
        epoll_event e;
        return Native.EpollWait(set, &e, 1, 0) > 0;
    }

    private MountTable? Read()
    {
        Sys.Rewind(_file);
        int length = 0;
        int read;
        while ((read = Sys.Read(_file, _buffer.AsSpan(length))) > 0)
        {
            length += read;
            if (length == _buffer.Length)
                Array.Resize(ref _buffer, 2 * length);
        }

        return read < 0 ? null : new MountTable(_buffer.AsSpan(0, length));
    }
}
