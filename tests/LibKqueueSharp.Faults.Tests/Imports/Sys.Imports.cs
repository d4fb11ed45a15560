using LibKqueueSharp.Linux.Tests;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>
/// Members of the class come before those of Tmds.LibC, so these are what Sys.cs calls: each can be told to fail.
/// </summary>
internal static unsafe partial class Sys
{
    private const int SizeOfSignalInfo = 128;

    private static int epoll_create1(int flags) => Faults.Hit("epoll_create1") ? -1 : LibC.epoll_create1(flags);

    private static int eventfd(uint initial, int flags) => Faults.Hit("eventfd") ? -1 : LibC.eventfd(initial, flags);

    // Linux has closed the descriptor, whatever close(2) says.
    private static int close(int fd)
    {
        bool hit = Faults.Hit("close");
        int result = LibC.close(fd);
        return hit ? -1 : result;
    }

    private static int dup3(int old, int number, int flags) => Faults.Hit("dup3") ? -1 : LibC.dup3(old, number, flags);

    private static int fcntl(int fd, int command) => Faults.Hit("fcntl GET") ? -1 : LibC.fcntl(fd, command);

    private static int fcntl(int fd, int command, int argument) =>
        Faults.Hit("fcntl DUPFD") ? -1 : LibC.fcntl(fd, command, argument);

    private static ssize_t read(int fd, void* buffer, size_t count)
    {
        if (!Faults.Hit(count == sizeof(ulong) ? "read count" : count == SizeOfSignalInfo ? "read signalfd" : "read"))
            return LibC.read(fd, buffer, count);
        return Faults.IsShort ? LibC.read(fd, buffer, Faults.Shorten((int)count)) : -1;
    }

    private static ssize_t write(int fd, void* buffer, size_t count) => Faults.Hit("write") ? -1 : LibC.write(fd, buffer, count);

    private static ssize_t send(int fd, void* buffer, size_t count, int flags) =>
        Faults.Hit("send") ? -1 : LibC.send(fd, buffer, count, flags);

    // Only a file system takes memory to answer.
    private static int fstat(int fd, stat* status)
    {
        int result = LibC.fstat(fd, status);
        bool file = result == 0 && ((uint)status->st_mode & 0xf000) is 0x8000 or 0x4000;
        return Faults.Hit(file ? "fstat file" : "fstat") ? -1 : result;
    }

    private static off_t lseek(int fd, off_t offset, int whence) => Faults.Hit("lseek") ? -1 : LibC.lseek(fd, offset, whence);

    private static int poll(pollfd* entries, uint count, int milliseconds) =>
        Faults.Hit("poll") ? -1 : LibC.poll(entries, count, milliseconds);

    private static int getsockopt(int fd, int level, int option, void* value, socklen_t* length) =>
        Faults.Hit("getsockopt") ? -1 : LibC.getsockopt(fd, level, option, value, length);

    private static ssize_t readlink(byte* path, byte* target, size_t size) =>
        Faults.Hit("readlink") ? -1 : LibC.readlink(path, target, size);

    private static int open(byte* path, int flags, mode_t mode) => Faults.Hit("open") ? -1 : LibC.open(path, flags, mode);

    private static int socket(int domain, int type, int protocol) => Faults.Hit("socket") ? -1 : LibC.socket(domain, type, protocol);
}
