using System.Runtime.InteropServices;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>
/// What Tmds.LibC does not declare, and the four calls of the hot path. Tmds.LibC saves errno after every call; these
/// read it only after a failure, which measured 12 to 15 ns less a call of 105 (epoll_wait) to 195 ns (FIONREAD). The fault tests
/// compile the backend with a file of their own in place of this one (docs/decisions/0010-faults.md).
/// </summary>
internal static unsafe partial class Native
{
    private const string C = "libc";

    [LibraryImport(C, EntryPoint = "epoll_wait")]
    internal static partial int EpollWait(int epfd, epoll_event* events, int maxEvents, int milliseconds);

    [LibraryImport(C, EntryPoint = "epoll_pwait2")]
    internal static partial int EpollPwait2(int epfd, epoll_event* events, int maxEvents, timespec* timeout, void* mask);

    [LibraryImport(C, EntryPoint = "epoll_ctl")]
    internal static partial int EpollCtl(int epfd, int operation, int fd, epoll_event* e);

    [LibraryImport(C, EntryPoint = "ioctl")]
    internal static partial int Ioctl(int fd, nuint request, int* value);

    [LibraryImport(C, EntryPoint = "timerfd_create")]
    internal static partial int TimerfdCreate(int clock, int flags);

    [LibraryImport(C, EntryPoint = "timerfd_settime")]
    internal static partial int TimerfdSettime(int fd, int flags, TimerSpec* value, TimerSpec* old);

    [LibraryImport(C, EntryPoint = "signalfd")]
    internal static partial int SignalFd(int fd, ulong* mask, int flags);

    [LibraryImport(C, EntryPoint = "inotify_init1")]
    internal static partial int InotifyInit1(int flags);

    [LibraryImport(C, EntryPoint = "inotify_add_watch")]
    internal static partial int InotifyAddWatch(int fd, byte* path, uint mask);

    [LibraryImport(C, EntryPoint = "inotify_rm_watch")]
    internal static partial int InotifyRmWatch(int fd, int wd);

    [LibraryImport(C, EntryPoint = "syscall")]
    internal static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d);

    [LibraryImport(C, EntryPoint = "waitid")]
    internal static partial int WaitId(int type, int id, ChildInfo* info, int options);

    [LibraryImport(C, EntryPoint = "recv")]
    internal static partial nint Receive(int fd, byte* buffer, nint length, int flags);

    [LibraryImport(C, EntryPoint = "bind")]
    internal static partial int Bind(int fd, void* address, uint length);

    [LibraryImport(C, EntryPoint = "setsockopt")]
    internal static partial int SetSocketOption(int fd, int level, int option, void* value, uint length);

    [LibraryImport(C, EntryPoint = "syscall")]
    internal static partial nint SystemCall6(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport(C, EntryPoint = "send")]
    internal static partial nint Send(int fd, byte* buffer, nint length, int flags);

    [LibraryImport(C, EntryPoint = "preadv2")]
    internal static partial nint ReadVector(int fd, iovec* parts, int count, long offset, int flags);

    [LibraryImport(C, EntryPoint = "pwritev2")]
    internal static partial nint WriteVector(int fd, iovec* parts, int count, long offset, int flags);

    [LibraryImport(C, EntryPoint = "fsync")]
    internal static partial int Flush(int fd);

    [LibraryImport(C, EntryPoint = "fdatasync")]
    internal static partial int FlushData(int fd);

    [LibraryImport(C, EntryPoint = "mmap")]
    internal static partial nint Map(void* address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport(C, EntryPoint = "munmap")]
    internal static partial int Unmap(void* address, nuint length);

    /// <summary>pthread_create(3), by way of the runtime: OutOfMemoryException or ThreadStartException where it is refused.</summary>
    internal static void Start(Thread thread) => thread.UnsafeStart();
}
