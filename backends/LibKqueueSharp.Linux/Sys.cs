using System.Runtime.CompilerServices;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace LibKqueueSharp.Linux;

/// <summary>
/// System calls in safe dress: values in and out, an <see cref="Errno"/> for failure. The unsafe blocks only pass the
/// addresses of locals and of pinned spans for the length of one call.
/// </summary>
internal static unsafe partial class Sys
{
    private const int F_GETFD = 1;
    private const int F_DUPFD_CLOEXEC = 1030;

    internal static Errno EpollCreate(out int fd)
    {
        fd = epoll_create1(EPOLL_CLOEXEC);
        return fd < 0 ? (Errno)errno : Errno.None;
    }

    internal static Errno EpollControl(int epfd, int operation, int fd, EpollEvents events, ulong token)
    {
        epoll_event e = default;
        e.events = (int)events;
        e.data.u64 = token;
        return Native.EpollCtl(epfd, operation, fd, &e) < 0 ? Native.LastError() : Errno.None;
    }

    internal static Errno EventFd(out int fd)
    {
        fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        return fd < 0 ? (Errno)errno : Errno.None;
    }

    internal static Errno TimerFd(out int fd)
    {
        fd = Native.TimerfdCreate(Native.CLOCK_MONOTONIC, Native.TFD_CLOEXEC | Native.TFD_NONBLOCK);
        return fd < 0 ? Native.LastError() : Errno.None;
    }

    /// <summary>Arms a timerfd for a monotonic time in nanoseconds; disarms it for <see cref="long.MaxValue"/>.</summary>
    internal static void SetTimer(int fd, long deadline)
    {
        Native.TimerSpec spec = default;
        if (deadline != long.MaxValue)
            spec.it_value = ToTimespec(Math.Max(1, deadline));
        Native.TimerfdSettime(fd, Native.TFD_TIMER_ABSTIME, &spec, null);
    }

    internal static timespec ToTimespec(long nanoseconds) =>
        new() { tv_sec = nanoseconds / 1_000_000_000, tv_nsec = (int)(nanoseconds % 1_000_000_000) };

    internal static void Close(int fd) => close(fd);

    /// <summary>Another number for the same file, the lowest that is free, close-on-exec.</summary>
    internal static Errno Duplicate(int fd, out int duplicate)
    {
        duplicate = fcntl(fd, F_DUPFD_CLOEXEC, 0);
        return duplicate < 0 ? (Errno)errno : Errno.None;
    }

    /// <summary>Makes a number stand for another file, close-on-exec. ENOMEM when it cannot: kqueue(2) knows no EBUSY.</summary>
    internal static Errno Replace(int fd, int number)
    {
        int failed;
        do
            failed = dup3(fd, number, O_CLOEXEC);
        while (failed < 0 && errno == EINTR);
        return failed < 0 ? Errno.ENOMEM : Errno.None;
    }

    internal static void WriteCount(int fd)
    {
        ulong one = 1;
        while ((long)write(fd, &one, sizeof(ulong)) < 0 && errno == EINTR)
        {
        }
    }

    internal static void ReadCount(int fd)
    {
        ulong count;
        while ((long)read(fd, &count, sizeof(ulong)) < 0 && errno == EINTR)
        {
        }
    }

    internal static bool IsOpen(int fd) => fcntl(fd, F_GETFD) >= 0;

    internal static int AccessMode(int fd) => fcntl(fd, F_GETFL) & O_ACCMODE;

    internal static int PipeSize(int fd) => fcntl(fd, F_GETPIPE_SZ);

    internal static Errno Stat(int fd, out stat status)
    {
        stat result;
        int failed;
        do
            failed = fstat(fd, &result);
        while (failed < 0 && errno == EINTR);
        status = result;
        return failed < 0 ? (Errno)errno : Errno.None;
    }

    internal static Errno Offset(int fd, out long offset)
    {
        offset = (long)lseek(fd, 0, SEEK_CUR);
        return offset < 0 ? (Errno)errno : Errno.None;
    }

    /// <summary>FIONREAD: bytes that can be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Errno Readable(int fd, out int bytes)
    {
        int count = 0;
        Errno error;
        do
            error = Native.Ioctl(fd, (uint)FIONREAD, &count) < 0 ? Native.LastError() : Errno.None;
        while (error == Errno.EINTR);
        bytes = count;
        return error;
    }

    /// <summary>SIOCOUTQ and TIOCOUTQ: bytes that were written and are still there.</summary>
    internal static Errno Unsent(int fd, out int bytes)
    {
        int count = 0;
        Errno error;
        do
            error = Native.Ioctl(fd, (uint)TIOCOUTQ, &count) < 0 ? Native.LastError() : Errno.None;
        while (error == Errno.EINTR);
        bytes = count;
        return error;
    }

    /// <summary>The events that hold now, without an epoll set. A signal that is pending interrupts poll(2) even when it does not wait.</summary>
    internal static Errno Poll(int fd, EpollEvents wanted, out EpollEvents found)
    {
        pollfd entry = new() { fd = fd, events = (short)(wanted & (EpollEvents)0x7fff) };
        int count;
        do
            count = poll(&entry, 1, 0);
        while (count < 0 && errno == EINTR);
        found = count > 0 ? (EpollEvents)(ushort)entry.revents : EpollEvents.None;
        if (count < 0)
            return (Errno)errno;
        return (entry.revents & POLLNVAL) != 0 ? Errno.EBADF : Errno.None;
    }

    internal static Errno SocketOption(int fd, int option, out int value)
    {
        int result = 0;
        socklen_t length = sizeof(int);
        int failed = getsockopt(fd, SOL_SOCKET, option, &result, &length);
        value = result;
        return failed < 0 ? (Errno)errno : Errno.None;
    }

    /// <summary>getsockopt into a buffer; what the kernel did not fill stays 0.</summary>
    internal static Errno SocketOption(int fd, int level, int option, Span<byte> value)
    {
        value.Clear();
        socklen_t length = (uint)value.Length;
        fixed (byte* at = value)
            return getsockopt(fd, level, option, at, &length) < 0 ? (Errno)errno : Errno.None;
    }

    /// <summary>
    /// A send of no bytes on a stream socket: tells whether the sending side is shut down (EPIPE) or not yet connected
    /// (EAGAIN, ENOTCONN), without effect on the connection and without a signal.
    /// </summary>
    internal static Errno ProbeSend(int fd)
    {
        byte none;
        long sent;
        do
            sent = (long)send(fd, &none, 0, MSG_DONTWAIT | MSG_NOSIGNAL);
        while (sent < 0 && errno == EINTR);
        return sent < 0 ? (Errno)errno : Errno.None;
    }

    /// <summary>The target of a symbolic link; empty when it cannot be read.</summary>
    internal static Errno ReadLink(scoped ReadOnlySpan<byte> terminatedPath, Span<byte> buffer, out ReadOnlySpan<byte> target)
    {
        fixed (byte* path = terminatedPath)
        fixed (byte* at = buffer)
        {
            long length = (long)readlink(path, at, (uint)buffer.Length);
            target = buffer[..(int)Math.Max(0, length)];
            return length < 0 ? (Errno)errno : Errno.None;
        }
    }

    internal static Errno InotifyInit(out int fd)
    {
        fd = Native.InotifyInit1(Native.IN_CLOEXEC | Native.IN_NONBLOCK);
        return fd < 0 ? Native.LastError() : Errno.None;
    }

    /// <summary>Watches the folder in which the folder behind a descriptor lies.</summary>
    internal static Errno InotifyAddParent(int inotify, int fd, uint mask, out int wd)
    {
        Span<byte> path = stackalloc byte[ProcPath.Length + 3];
        ProcPath.Write(path, "/proc/self/fd/"u8, fd);
        "/..\0"u8.CopyTo(path[path.IndexOf((byte)0)..]);
        fixed (byte* at = path)
            wd = Native.InotifyAddWatch(inotify, at, mask);
        return wd < 0 ? Native.LastError() : Errno.None;
    }

    /// <summary>Watches the file behind a descriptor, whatever its name is by now.</summary>
    internal static Errno InotifyAdd(int inotify, int fd, uint mask, out int wd)
    {
        Span<byte> path = stackalloc byte[ProcPath.Length];
        ProcPath.Write(path, "/proc/self/fd/"u8, fd);
        fixed (byte* at = path)
            wd = Native.InotifyAddWatch(inotify, at, mask);
        return wd < 0 ? Native.LastError() : Errno.None;
    }

    /// <summary>Opens a path for reading, close-on-exec; negative when that fails.</summary>
    internal static int OpenRead(ReadOnlySpan<byte> terminatedPath)
    {
        fixed (byte* at = terminatedPath)
        {
            int fd;
            do
                fd = open(at, O_RDONLY | O_CLOEXEC, 0);
            while (fd < 0 && errno == EINTR);
            return fd;
        }
    }

    internal static int NetlinkSocket(int protocol) => socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

    internal static long Send(int fd, ReadOnlySpan<byte> message)
    {
        fixed (byte* at = message)
        {
            long sent;
            do
                sent = (long)send(fd, at, (uint)message.Length, 0);
            while (sent < 0 && errno == EINTR);
            return sent;
        }
    }

    internal static void Rewind(int fd) => lseek(fd, 0, SEEK_SET);

    internal static int Read(int fd, Span<byte> buffer)
    {
        fixed (byte* at = buffer)
        {
            int length;
            do
                length = (int)(long)read(fd, at, (uint)buffer.Length);
            while (length < 0 && errno == EINTR);
            return length;
        }
    }
}
