using System.Buffers.Binary;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace LibKqueueSharp.Linux;

/// <summary>What Linux tells about a socket beside its readiness.</summary>
internal static class SocketState
{
    private const int TcpInfoSize = 144;
    private const int TcpInfoRetransmits = 2;
    private const int TcpInfoUnacked = 24;
    private const int TcpInfoReceiveSpace = 96;
    private const int TcpInfoBytesAcked = 120;
    private const int TcpInfoSegmentsIn = 140;

    private const int MemInfoCount = 9;
    private const int MemInfoWriteAllocated = 2;
    private const int MemInfoSendBuffer = 3;
    private const int MemInfoWriteQueued = 5;

    /// <summary>
    /// The connections that wait on a listening socket (READ-LSTN-001): tcp_info(7) has them in tcpi_unacked, sock_diag(7) for
    /// AF_UNIX. False when the descriptor is closed.
    /// </summary>
    internal static bool TryGetBacklog(int fd, DescriptorKind kind, out int waiting)
    {
        waiting = 1;
        if (kind == DescriptorKind.TcpSocket)
        {
            Span<byte> info = stackalloc byte[TcpInfoSize];
            if (Sys.SocketOption(fd, IPPROTO_TCP, TCP_INFO, info) != Errno.None)
                return false;
            waiting = BinaryPrimitives.ReadInt32LittleEndian(info[TcpInfoUnacked..]);
            return true;
        }

        if (Sys.Stat(fd, out stat status) != Errno.None)
            return false;
        if (kind is DescriptorKind.UnixStream or DescriptorKind.OtherStream)
            UnixDiagnostics.TryGetQueueLength((uint)(ulong)status.st_ino, ref waiting);
        return true;
    }

    /// <summary>
    /// The error of a socket in EPOLLERR, told from its history. Reading SO_ERROR would clear it (READ-EOF-004), and the caller's
    /// own getsockopt after a failed connect would then report success.
    /// </summary>
    internal static Errno Error(int fd, DescriptorKind kind)
    {
        if (kind != DescriptorKind.TcpSocket)
            return Errno.ECONNRESET;
        Span<byte> info = stackalloc byte[TcpInfoSize];
        if (Sys.SocketOption(fd, IPPROTO_TCP, TCP_INFO, info) != Errno.None)
            return Errno.EIO;

        // Both sides begin to measure the room for arriving bytes when the connection is established, and not before.
        bool wasConnected = BinaryPrimitives.ReadInt32LittleEndian(info[TcpInfoReceiveSpace..]) > 0;
        bool unanswered = info[TcpInfoRetransmits] > 0;
        if (unanswered)
            return Errno.ETIMEDOUT;
        if (wasConnected)
            return Errno.ECONNRESET;
        return BinaryPrimitives.ReadInt32LittleEndian(info[TcpInfoSegmentsIn..]) > 0 ? Errno.ECONNREFUSED : Errno.EHOSTUNREACH;
    }

    /// <summary>How many bytes a TCP peer has acknowledged so far; 0 for other sockets.</summary>
    internal static long Acknowledged(int fd)
    {
        Span<byte> info = stackalloc byte[TcpInfoSize];
        return Sys.SocketOption(fd, IPPROTO_TCP, TCP_INFO, info) == Errno.None
            ? BinaryPrimitives.ReadInt64LittleEndian(info[TcpInfoBytesAcked..])
            : 0;
    }

    /// <summary>Bytes of room in the send buffer, in the kernel's own accounting (WRITE-SOCK-001).</summary>
    internal static Errno Room(int fd, DescriptorKind kind, out int room)
    {
        Span<byte> info = stackalloc byte[MemInfoCount * sizeof(int)];
        Errno error = Sys.SocketOption(fd, SOL_SOCKET, SO_MEMINFO, info);
        int used = kind == DescriptorKind.TcpSocket ? MemInfoWriteQueued : MemInfoWriteAllocated;
        int buffer = BinaryPrimitives.ReadInt32LittleEndian(info[(MemInfoSendBuffer * sizeof(int))..]);
        room = Math.Max(0, buffer - BinaryPrimitives.ReadInt32LittleEndian(info[(used * sizeof(int))..]));
        return error;
    }
}
