using System.ComponentModel;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace LibKqueueSharp.Benchmarks.Native;

/// <summary>
/// The calls that every contender makes alike. They are imported without saving errno, as the library's own are: the
/// hand-written loops are to be as cheap as C# allows.
/// </summary>
internal static unsafe partial class Libc
{
    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CTL_DEL = 2;
    internal const int EPOLL_CTL_MOD = 3;

    internal const uint EPOLLIN = 0x001;
    internal const uint EPOLLONESHOT = 1u << 30;
    internal const uint EPOLLET = 1u << 31;

    internal const nuint FIONREAD = 0x541B;

    internal const uint IN_MODIFY = 2;

    internal const short POLLIN = 1;

    internal const int SIGKILL = 9;
    internal const int SIGUSR1 = 10;

    // The same number on x64 and on arm64.
    private const nint SYS_pidfd_open = 434;

    private const string C = "libc";

    [LibraryImport(C, EntryPoint = "epoll_wait")]
    internal static partial int EpollWait(int epfd, epoll_event* events, int maxEvents, int milliseconds);

    [LibraryImport(C, EntryPoint = "read")]
    internal static partial nint Read(int fd, void* buffer, nuint length);

    [LibraryImport(C, EntryPoint = "write")]
    internal static partial nint Write(int fd, void* buffer, nuint length);

    [LibraryImport(C, EntryPoint = "ioctl")]
    internal static partial int Ioctl(int fd, nuint request, int* value);

    [LibraryImport(C, EntryPoint = "close")]
    internal static partial int Close(int fd);

    [LibraryImport(C, EntryPoint = "pwrite")]
    internal static partial nint WriteAt(int fd, void* buffer, nuint length, long offset);

    [LibraryImport(C, EntryPoint = "inotify_add_watch", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int InotifyAddWatch(int fd, string path, uint mask);

    [LibraryImport(C, EntryPoint = "inotify_rm_watch")]
    internal static partial int InotifyRemoveWatch(int fd, int watch);

    [LibraryImport(C, EntryPoint = "kill")]
    internal static partial int Kill(int pid, int signal);

    [LibraryImport(C, EntryPoint = "poll")]
    internal static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport(C, EntryPoint = "inotify_init1")]
    private static partial int InotifyInit(int flags);

    [LibraryImport(C, EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint first, nint second);

    [LibraryImport(C, EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport(C, EntryPoint = "epoll_ctl")]
    private static partial int EpollCtl(int epfd, int operation, int fd, epoll_event* e);

    internal static int EpollCreate() => Check(LibC.epoll_create1(LibC.EPOLL_CLOEXEC), "epoll_create1");

    internal static int Inotify() => Check(InotifyInit(LibC.O_CLOEXEC), "inotify_init1");

    internal static int OpenFile(string path) => Check(Open(path, LibC.O_RDWR | LibC.O_CREAT | LibC.O_CLOEXEC, 0x180), "open");

    internal static int OpenProcess(int pid) => Check((int)SystemCall(SYS_pidfd_open, pid, 0), "pidfd_open");

    internal static int EventFd() => Check(LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK), "eventfd");

    internal static void EpollControl(int epfd, int operation, int fd, uint events)
    {
        epoll_event e = default;
        e.events = (int)events;
        e.data.fd = fd;
        if (EpollCtl(epfd, operation, fd, &e) < 0)
            throw new Win32Exception(Marshal.GetLastSystemError(), "epoll_ctl");
    }

    internal static void WriteByte(int fd)
    {
        byte one = 1;
        if (Write(fd, &one, 1) != 1)
            throw new Win32Exception(Marshal.GetLastSystemError(), "write");
    }

    internal static void WriteCount(int fd)
    {
        ulong one = 1;
        Write(fd, &one, sizeof(ulong));
    }

    internal static int Check(int result, string call) =>
        result >= 0 ? result : throw new Win32Exception(LibC.errno, call);
}

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    internal int Fd;
    internal short Events;
    internal short Returned;
}
