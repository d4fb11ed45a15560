using System.Runtime.InteropServices;

namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>What Mono.Posix lacks.</summary>
internal static unsafe partial class Posix
{
    internal const int NonBlockCloseOnExec = 0x80800;
    internal const int FIONREAD = 0x541B;
    internal const int RLIMIT_NOFILE = 7;
    internal const int CLOCK_MONOTONIC = 1;
    internal const int EPOLL_CTL_ADD = 1;
    internal const uint EPOLLIN = 1;
    internal const uint IN_CREATE = 0x100;

    private const string C = "libc";

    [LibraryImport(C, EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventFd(uint initial, int flags);

    [LibraryImport(C, EntryPoint = "timerfd_create", SetLastError = true)]
    internal static partial int TimerFdCreate(int clock, int flags);

    [LibraryImport(C, EntryPoint = "timerfd_settime", SetLastError = true)]
    internal static partial int TimerFdSetTime(int fd, int flags, long* intervalAndValue, void* old);

    /// <summary>setfsuid(2), which is about the calling thread alone.</summary>
    [LibraryImport(C, EntryPoint = "setfsuid")]
    internal static partial int SetFileSystemUser(uint user);

    [LibraryImport(C, EntryPoint = "signalfd", SetLastError = true)]
    internal static partial int SignalFd(int fd, ulong* mask, int flags);

    [LibraryImport(C, EntryPoint = "pthread_sigmask")]
    internal static partial int SignalMask(int how, ulong* mask, ulong* old);

    [LibraryImport(C, EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int Open(string path, int flags, uint mode);

    [LibraryImport(C, EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport(C, EntryPoint = "inotify_init1", SetLastError = true)]
    internal static partial int InotifyInit(int flags);

    [LibraryImport(C, EntryPoint = "inotify_add_watch", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int InotifyAddWatch(int fd, string path, uint mask);

    [LibraryImport(C, EntryPoint = "epoll_create1", SetLastError = true)]
    internal static partial int EpollCreate(int flags);

    [LibraryImport(C, EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static partial int EpollControl(int epfd, int operation, int fd, Tmds.Linux.epoll_event* e);

    [LibraryImport(C, EntryPoint = "epoll_wait", SetLastError = true)]
    internal static partial int EpollWait(int epfd, Tmds.Linux.epoll_event* events, int count, int milliseconds);

    [LibraryImport(C, EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(Tmds.Linux.pollfd* entries, nuint count, int milliseconds);

    [LibraryImport(C, EntryPoint = "select", SetLastError = true)]
    internal static partial int Select(int count, ulong* read, ulong* write, ulong* except, long* timeout);

    [LibraryImport(C, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(int fd, nuint request, int* value);

    [LibraryImport(C, EntryPoint = "gettid")]
    internal static partial int GetThreadId();

    [LibraryImport(C, EntryPoint = "tgkill", SetLastError = true)]
    internal static partial int ThreadKill(int process, int thread, int signal);

    [LibraryImport(C, EntryPoint = "getrlimit", SetLastError = true)]
    internal static partial int GetLimit(int resource, ulong* softAndHard);

    [LibraryImport(C, EntryPoint = "setrlimit", SetLastError = true)]
    internal static partial int SetLimit(int resource, ulong* softAndHard);

    [LibraryImport(C, EntryPoint = "posix_openpt", SetLastError = true)]
    internal static partial int OpenTerminal(int flags);

    [LibraryImport(C, EntryPoint = "grantpt", SetLastError = true)]
    internal static partial int GrantTerminal(int fd);

    [LibraryImport(C, EntryPoint = "unlockpt", SetLastError = true)]
    internal static partial int UnlockTerminal(int fd);

    [LibraryImport(C, EntryPoint = "ptsname_r", SetLastError = true)]
    internal static partial int TerminalName(int fd, byte* name, nuint size);

    [LibraryImport(C, EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Access(string path, int mode);

    [LibraryImport(C, EntryPoint = "fallocate", SetLastError = true)]
    internal static partial int Allocate(int fd, int mode, long offset, long length);

    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    internal static partial long SystemCall(long number, long first, long second);
}
