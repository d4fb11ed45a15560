using System.Runtime.InteropServices;
using LibKqueueSharp.Linux.Tests;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>In place of the backend's Native.Imports.cs: the same calls, each of which can be told to fail.</summary>
internal static unsafe partial class Native
{
    private const nint SYS_pidfd_open = 434;
    private const uint PIDFD_GET_INFO = 0xC040_FF0B;

    internal static int EpollWait(int epfd, epoll_event* events, int maxEvents, int milliseconds) =>
        Faults.Hit("epoll_wait") ? -1 : Real.epoll_wait(epfd, events, maxEvents, milliseconds);

    internal static int EpollPwait2(int epfd, epoll_event* events, int maxEvents, timespec* timeout, void* mask) =>
        Faults.Hit("epoll_pwait2") ? -1 : Real.epoll_pwait2(epfd, events, maxEvents, timeout, mask);

    /// <summary>
    /// The kernel looks a registration up before it takes memory for one: what it has, or refuses, is answered truthfully also when there is no
    /// room. Nothing else of epoll_ctl needs memory.
    /// </summary>
    internal static int EpollCtl(int epfd, int operation, int fd, epoll_event* e)
    {
        bool hit = Faults.Hit(operation == EPOLL_CTL_ADD ? "epoll_ctl ADD" : operation == EPOLL_CTL_MOD ? "epoll_ctl MOD" : "epoll_ctl DEL");
        if (Real.epoll_ctl(epfd, operation, fd, e) < 0)
            return -1;
        if (!hit)
            return 0;
        Real.epoll_ctl(epfd, EPOLL_CTL_DEL, fd, e);
        Faults.SetError();
        return -1;
    }

    internal static int Ioctl(int fd, nuint request, int* value) => Faults.Hit(request == PIDFD_GET_INFO ? "ioctl pidfd" : "ioctl") ? -1 : Real.ioctl(fd, request, value);

    internal static int TimerfdCreate(int clock, int flags) => Faults.Hit("timerfd_create") ? -1 : Real.timerfd_create(clock, flags);

    internal static int TimerfdSettime(int fd, int flags, TimerSpec* value, TimerSpec* old) =>
        Faults.Hit("timerfd_settime") ? -1 : Real.timerfd_settime(fd, flags, value, old);

    internal static int SignalFd(int fd, ulong* mask, int flags) => Faults.Hit("signalfd") ? -1 : Real.signalfd(fd, mask, flags);

    internal static int InotifyInit1(int flags) => Faults.Hit("inotify_init1") ? -1 : Real.inotify_init1(flags);

    internal static int InotifyAddWatch(int fd, byte* path, uint mask) =>
        Faults.Hit("inotify_add_watch") ? -1 : Real.inotify_add_watch(fd, path, mask);

    internal static int InotifyRmWatch(int fd, int wd) => Faults.Hit("inotify_rm_watch") ? -1 : Real.inotify_rm_watch(fd, wd);

    internal static nint SystemCall(nint number, nint a, nint b, nint c, nint d) =>
        Faults.Hit(number == SYS_pidfd_open ? "pidfd_open" : "pidfd_send_signal") ? -1 : Real.syscall(number, a, b, c, d);

    internal static int WaitId(int type, int id, ChildInfo* info, int options) => Faults.Hit("waitid") ? -1 : Real.waitid(type, id, info, options);

    internal static nint Receive(int fd, byte* buffer, nint length, int flags) => Faults.Hit("recv") ? -1 : Real.recv(fd, buffer, length, flags);

    internal static int Bind(int fd, void* address, uint length) => Faults.Hit("bind") ? -1 : Real.bind(fd, address, length);

    internal static int SetSocketOption(int fd, int level, int option, void* value, uint length) =>
        Faults.Hit("setsockopt") ? -1 : Real.setsockopt(fd, level, option, value, length);

    internal static nint SystemCall6(nint number, nint a, nint b, nint c, nint d, nint e, nint f)
    {
        const int setup = 425;
        if (Faults.Hit(number == setup ? "io_uring_setup" : "io_uring_enter"))
            return -1;
        nint result = Real.syscall(number, a, b, c, d, e, f);
        return number != setup && b == 1 && Faults.Hit("io_uring_enter, taken") ? -1 : result;
    }

    internal static nint Send(int fd, byte* buffer, nint length, int flags) => Faults.Hit("send") ? -1 : Real.send(fd, buffer, length, flags);

    internal static nint ReadVector(int fd, iovec* parts, int count, long offset, int flags) =>
        Faults.Hit("preadv2") ? -1 : Real.preadv2(fd, parts, count, offset, flags);

    internal static nint WriteVector(int fd, iovec* parts, int count, long offset, int flags) =>
        Faults.Hit("pwritev2") ? -1 : Real.pwritev2(fd, parts, count, offset, flags);

    internal static int Flush(int fd) => Faults.Hit("fsync") ? -1 : Real.fsync(fd);

    internal static int FlushData(int fd) => Faults.Hit("fdatasync") ? -1 : Real.fdatasync(fd);

    internal static nint Map(void* address, nuint length, int protection, int flags, int fd, long offset) =>
        Faults.Hit("mmap") ? -1 : Real.mmap(address, length, protection, flags, fd, offset);

    internal static int Unmap(void* address, nuint length) => Faults.Hit("munmap") ? -1 : Real.munmap(address, length);

    internal static void Start(Thread thread)
    {
        if (Faults.Hit("thread"))
            throw new OutOfMemoryException();
        thread.UnsafeStart();
    }

    private static partial class Real
    {
        private const string C = "libc";

        [LibraryImport(C)]
        internal static partial nint syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

        [LibraryImport(C)]
        internal static partial nint send(int fd, byte* buffer, nint length, int flags);

        [LibraryImport(C)]
        internal static partial nint preadv2(int fd, iovec* parts, int count, long offset, int flags);

        [LibraryImport(C)]
        internal static partial nint pwritev2(int fd, iovec* parts, int count, long offset, int flags);

        [LibraryImport(C)]
        internal static partial int fsync(int fd);

        [LibraryImport(C)]
        internal static partial int fdatasync(int fd);

        [LibraryImport(C)]
        internal static partial nint mmap(void* address, nuint length, int protection, int flags, int fd, long offset);

        [LibraryImport(C)]
        internal static partial int munmap(void* address, nuint length);

        [LibraryImport(C)]
        internal static partial nint syscall(nint number, nint a, nint b, nint c, nint d);

        [LibraryImport(C)]
        internal static partial int waitid(int type, int id, ChildInfo* info, int options);

        [LibraryImport(C)]
        internal static partial nint recv(int fd, byte* buffer, nint length, int flags);

        [LibraryImport(C)]
        internal static partial int bind(int fd, void* address, uint length);

        [LibraryImport(C)]
        internal static partial int setsockopt(int fd, int level, int option, void* value, uint length);

        [LibraryImport(C)]
        internal static partial int epoll_wait(int epfd, epoll_event* events, int maxEvents, int milliseconds);

        [LibraryImport(C)]
        internal static partial int epoll_pwait2(int epfd, epoll_event* events, int maxEvents, timespec* timeout, void* mask);

        [LibraryImport(C)]
        internal static partial int epoll_ctl(int epfd, int operation, int fd, epoll_event* e);

        [LibraryImport(C)]
        internal static partial int ioctl(int fd, nuint request, int* value);

        [LibraryImport(C)]
        internal static partial int timerfd_create(int clock, int flags);

        [LibraryImport(C)]
        internal static partial int timerfd_settime(int fd, int flags, TimerSpec* value, TimerSpec* old);

        [LibraryImport(C)]
        internal static partial int signalfd(int fd, ulong* mask, int flags);

        [LibraryImport(C)]
        internal static partial int inotify_init1(int flags);

        [LibraryImport(C)]
        internal static partial int inotify_add_watch(int fd, byte* path, uint mask);

        [LibraryImport(C)]
        internal static partial int inotify_rm_watch(int fd, int wd);
    }
}
