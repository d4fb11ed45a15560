using System.Buffers;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kernels;

/// <summary>struct pollfd of poll(2), whose bits are the same on all systems.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    private const short POLLIN = 1;
    private const short POLLOUT = 4;
    private const short POLLNVAL = 0x20;

    private int _fd;
    private short _events;
    private readonly short _revents;

    internal static PollEntry For(int fd, bool reads) => new() { _fd = fd, _events = Asked(reads) };

    /// <summary>poll(2) knows nothing of the descriptor.</summary>
    internal readonly bool IsInvalid => (_revents & POLLNVAL) != 0;

    /// <summary>Asks for the other as well.</summary>
    internal void Add(bool reads) => _events |= Asked(reads);

    /// <summary>It can be read, or written to, or it has failed.</summary>
    internal readonly bool IsReadyFor(bool reads) => (_revents & ~Asked(!reads)) != 0;

    private static short Asked(bool reads) => reads ? POLLIN : POLLOUT;
}

/// <summary>
/// The calls of the C library on files, by function pointers, for asynchronous operations. The unsafe blocks pass addresses of buffers that an operation keeps
/// pinned, and of pinned spans. off_t and size_t have eight bytes on each system with pointers of eight. Any thread may call any member.
/// </summary>
internal sealed unsafe class FileCalls
{
    private const int F_GETFL = 3;
    private const int O_ACCMODE = 3;
    private const int O_RDONLY = 0;
    private const int O_WRONLY = 1;
    private const int SEEK_CUR = 1;

    /// <summary>PIPE_BUF of the BSDs: so much can be written without blocking to a pipe of which poll(2) says that it can be written to (pipe(2)).</summary>
    private const int PipeBuffer = 512;

    private readonly KqueueAbi _abi;
    private readonly KqueueLibrary _library;
    private readonly int _dontWait;
    private readonly Errno _notASocket;
    private readonly delegate* unmanaged<int, byte*, nint, long, nint> _pread;
    private readonly delegate* unmanaged<int, byte*, nint, long, nint> _pwrite;
    private readonly delegate* unmanaged<int, byte*, nint, nint> _read;
    private readonly delegate* unmanaged<int, byte*, nint, nint> _write;
    private readonly delegate* unmanaged<int, byte*, nint, int, nint> _recv;
    private readonly delegate* unmanaged<int, byte*, nint, int, nint> _send;
    private readonly delegate* unmanaged<int, int> _fsync;
    private readonly delegate* unmanaged<int, int> _fdatasync;
    private readonly delegate* unmanaged<int, long, int, long> _lseek;
    private readonly delegate* unmanaged<int, int> _isatty;
    private readonly delegate* unmanaged<PollEntry*, nuint, int, int> _poll;
    private readonly delegate* unmanaged<int, int, int> _fcntl;

    private FileCalls(Func<string, nint> find, KqueueAbi abi, KqueueLibrary library)
    {
        _abi = abi;
        _library = library;

        // MSG_DONTWAIT and ENOTSOCK are the same on all BSDs and on macOS (sys/socket.h, errno.h).
        bool isLinux = abi.Errors == ErrnoTable.Linux;
        _dontWait = isLinux ? 0x40 : 0x80;
        _notASocket = abi.Errors.FromSystem(isLinux ? 88 : 38);
        _pread = (delegate* unmanaged<int, byte*, nint, long, nint>)find("pread");
        _pwrite = (delegate* unmanaged<int, byte*, nint, long, nint>)find("pwrite");
        _read = (delegate* unmanaged<int, byte*, nint, nint>)find("read");
        _write = (delegate* unmanaged<int, byte*, nint, nint>)find("write");
        _recv = (delegate* unmanaged<int, byte*, nint, int, nint>)find("recv");
        _send = (delegate* unmanaged<int, byte*, nint, int, nint>)find("send");
        _fsync = (delegate* unmanaged<int, int>)find("fsync");
        _fdatasync = (delegate* unmanaged<int, int>)find("fdatasync");
        _lseek = (delegate* unmanaged<int, long, int, long>)find("lseek");
        _isatty = (delegate* unmanaged<int, int>)find("isatty");
        _poll = (delegate* unmanaged<PollEntry*, nuint, int, int>)find("poll");
        _fcntl = (delegate* unmanaged<int, int, int>)find("fcntl");
    }

    /// <summary>The calls of a library, or null where one is missing.</summary>
    internal static FileCalls? Find(Func<string, nint> find, KqueueAbi abi, KqueueLibrary library)
    {
        FileCalls calls = new(find, abi, library);
        return calls._pread != null && calls._pwrite != null && calls._read != null && calls._write != null && calls._recv != null
            && calls._send != null && calls._fsync != null
            && calls._lseek != null && calls._isatty != null && calls._poll != null && calls._fcntl != null
            ? calls
            : null;
    }

    /// <summary>fcntl(2): the descriptor is open, and open for this.</summary>
    internal bool IsOpenFor(int fd, AioOperation operation)
    {
        int flags = _fcntl(fd, F_GETFL);
        int mode = flags & O_ACCMODE;
        return flags >= 0
            && !(operation == AioOperation.Read && mode == O_WRONLY)
            && !(operation == AioOperation.Write && mode == O_RDONLY);
    }

    /// <summary>A pipe, a socket or a terminal: it has no offset, and may have to be waited for.</summary>
    internal bool IsStream(int fd) => _lseek(fd, 0, SEEK_CUR) < 0 || _isatty(fd) == 1;

    /// <summary>fcntl(2) with F_DUPFD_CLOEXEC.</summary>
    internal Errno Duplicate(int fd, out int duplicate)
    {
        duplicate = _library.Control(fd, _abi.DuplicateCommand, 0);
        return duplicate < 0 ? _abi.Errors.FromSystem(Marshal.GetLastSystemError()) : Errno.None;
    }

    /// <summary>poll(2). The entries that are ready, or a negative errno of ours.</summary>
    internal long Poll(Span<PollEntry> entries, int milliseconds)
    {
        fixed (PollEntry* at = entries)
            return Result(_poll(at, (nuint)entries.Length, milliseconds));
    }

    /// <summary>False for what poll(2) cannot wait for.</summary>
    internal bool CanPoll(int fd)
    {
        PollEntry entry = PollEntry.For(fd, reads: true);
        Poll(new Span<PollEntry>(ref entry), 0);
        return !entry.IsInvalid;
    }

    /// <summary>fsync(2), or fdatasync(2) where there is one. 0 or a negative errno of ours.</summary>
    internal long Flush(int fd, bool dataOnly)
    {
        long result;
        do
            result = Result(dataOnly && _fdatasync != null ? _fdatasync(fd) : _fsync(fd));
        while (result == -(long)Errno.EINTR);
        return result;
    }

    /// <summary>pread(2) or pwrite(2). Bytes or a negative errno of ours.</summary>
    internal long MoveAt(int fd, bool reads, in MemoryHandle buffer, int start, int length, long offset)
    {
        byte* at = (byte*)buffer.Pointer + start;
        long moved;
        do
            moved = Result(reads ? _pread(fd, at, length, offset) : _pwrite(fd, at, length, offset));
        while (moved == -(long)Errno.EINTR);
        return moved;
    }

    /// <summary>
    /// Moves what poll(2) has called ready: by recv(2) or send(2) with MSG_DONTWAIT, or else by read(2) or write(2), where only another reader can make it wait.
    /// Bytes or a negative errno of ours.
    /// </summary>
    internal long MoveNow(int fd, bool reads, in MemoryHandle buffer, int length)
    {
        byte* at = (byte*)buffer.Pointer;
        long moved;
        do
            moved = Result(reads ? _recv(fd, at, length, _dontWait) : _send(fd, at, length, _dontWait));
        while (moved == -(long)Errno.EINTR);
        if (moved != -(long)_notASocket)
            return moved;
        do
            moved = Result(reads ? _read(fd, at, length) : _write(fd, at, Math.Min(length, PipeBuffer)));
        while (moved == -(long)Errno.EINTR);
        return moved;
    }

    private long Result(nint result) => result < 0 ? -(long)_abi.Errors.FromSystem(Marshal.GetLastSystemError()) : result;
}
