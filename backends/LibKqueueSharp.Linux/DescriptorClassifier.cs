using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace LibKqueueSharp.Linux;

/// <summary>Finds out what stands behind a descriptor.</summary>
internal static class DescriptorClassifier
{
    private const int S_IFMT = 0xF000;
    private const int S_IFSOCK = 0xC000;
    private const int S_IFREG = 0x8000;
    private const int S_IFLNK = 0xA000;
    private const int S_IFDIR = 0x4000;
    private const int S_IFCHR = 0x2000;
    private const int S_IFBLK = 0x6000;
    private const int S_IFIFO = 0x1000;
    private const int SO_PROTOCOL = 38;

    internal static Errno Classify(int fd, ref Descriptor d)
    {
        Errno error = Sys.Stat(fd, out stat status);
        if (error != Errno.None)
            return error;
        d.Access = (byte)Sys.AccessMode(fd);
        d.LowWater = 1;
        switch (Type(status))
        {
            case S_IFSOCK:
                d.Kind = ClassifySocket(fd);
                if (d.Kind == DescriptorKind.UnixStream && Sys.SocketOption(fd, SO_RCVLOWAT, out int lowWater) == Errno.None)
                    d.LowWater = lowWater;
                break;
            case S_IFIFO:
                d.Kind = DescriptorKind.Pipe;
                break;
            case S_IFREG or S_IFBLK or S_IFLNK:
                d.Kind = DescriptorKind.File;
                break;
            case S_IFDIR:
                d.Kind = DescriptorKind.Directory;
                break;
            default:
                d.Kind = ClassifyOther(fd);
                break;
        }

        return Errno.None;
    }

    internal static bool IsCharacterDevice(in stat status) => Type(status) == S_IFCHR;

    /// <summary>Tells pipe(2) from mkfifo(3), whose file has a path.</summary>
    internal static Errno HasName(int fd, out bool hasName)
    {
        Errno error = Target(fd, stackalloc byte[64], out ReadOnlySpan<byte> target);
        hasName = target.StartsWith("/"u8);
        return error;
    }

    private static int Type(in stat status) => (int)(uint)status.st_mode & S_IFMT;

    private static DescriptorKind ClassifySocket(int fd)
    {
        Sys.SocketOption(fd, SO_TYPE, out int type);
        if (type != SOCK_STREAM && type != SOCK_SEQPACKET)
            return DescriptorKind.Datagram;
        Sys.SocketOption(fd, SO_DOMAIN, out int domain);
        if (domain == AF_UNIX)
            return type == SOCK_STREAM ? DescriptorKind.UnixStream : DescriptorKind.OtherStream;
        Sys.SocketOption(fd, SO_PROTOCOL, out int protocol);
        return protocol == IPPROTO_TCP ? DescriptorKind.TcpSocket : DescriptorKind.OtherStream;
    }

    private static DescriptorKind ClassifyOther(int fd)
    {
        if (EpollQueues.Find(fd) is not null)
            return DescriptorKind.Queue;
        if (Sys.Unsent(fd, out _) == Errno.None)
            return DescriptorKind.Terminal;
        Target(fd, stackalloc byte[64], out ReadOnlySpan<byte> target);
        return target.SequenceEqual("anon_inode:[eventfd]"u8) ? DescriptorKind.EventFd : DescriptorKind.OtherPollable;
    }

    /// <summary>What /proc calls the file behind a descriptor; empty where that cannot be read.</summary>
    private static Errno Target(int fd, Span<byte> buffer, out ReadOnlySpan<byte> target)
    {
        Span<byte> path = stackalloc byte[ProcPath.Length];
        ProcPath.Write(path, "/proc/self/fd/"u8, fd);
        return Sys.ReadLink(path, buffer, out target);
    }
}
