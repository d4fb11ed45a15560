using System.Buffers.Binary;

namespace LibKqueueSharp.Linux;

/// <summary>
/// Asks sock_diag(7) how many connections wait on an AF_UNIX listening socket. A socket of its own each time:
/// listening sockets become ready seldom, and no descriptor is kept.
/// </summary>
internal static class UnixDiagnostics
{
    private const int NETLINK_SOCK_DIAG = 4;
    private const ushort SOCK_DIAG_BY_FAMILY = 20;
    private const ushort NLM_F_REQUEST = 1;
    private const byte AF_UNIX = 1;
    private const int UDIAG_SHOW_RQLEN = 0x10;
    private const ushort UNIX_DIAG_RQLEN = 4;
    private const int MessageHeader = 16;
    private const int RequestSize = MessageHeader + 24;
    private const int AnswerHeader = MessageHeader + 16;

    internal static bool TryGetQueueLength(uint inode, ref int length)
    {
        int fd = Sys.NetlinkSocket(NETLINK_SOCK_DIAG);
        if (fd < 0)
            return false;
        Span<byte> message = stackalloc byte[512];
        WriteRequest(message, inode);
        int received = Sys.Send(fd, message[..RequestSize]) == RequestSize ? Sys.Read(fd, message) : 0;
        Sys.Close(fd);
        return received > AnswerHeader && TryFindLength(message[..received], ref length);
    }

    private static void WriteRequest(Span<byte> message, uint inode)
    {
        message.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(message, RequestSize);
        BinaryPrimitives.WriteUInt16LittleEndian(message[4..], SOCK_DIAG_BY_FAMILY);
        BinaryPrimitives.WriteUInt16LittleEndian(message[6..], NLM_F_REQUEST);
        Span<byte> request = message[MessageHeader..];
        request[0] = AF_UNIX;
        BinaryPrimitives.WriteInt32LittleEndian(request[4..], -1);
        BinaryPrimitives.WriteUInt32LittleEndian(request[8..], inode);
        BinaryPrimitives.WriteInt32LittleEndian(request[12..], UDIAG_SHOW_RQLEN);
        BinaryPrimitives.WriteInt64LittleEndian(request[16..], -1);
    }

    private static bool TryFindLength(ReadOnlySpan<byte> answer, ref int length)
    {
        if (BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]) != SOCK_DIAG_BY_FAMILY)
            return false;
        ReadOnlySpan<byte> attributes = answer[AnswerHeader..];
        while (attributes.Length >= 8)
        {
            int size = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) == UNIX_DIAG_RQLEN)
            {
                length = BinaryPrimitives.ReadInt32LittleEndian(attributes[4..]);
                return true;
            }

            int step = (size + 3) & ~3;
            if (size < 4 || step > attributes.Length)
                return false;
            attributes = attributes[step..];
        }

        return false;
    }
}
