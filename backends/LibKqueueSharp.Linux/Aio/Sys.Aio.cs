using LibKqueueSharp.Emulation;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace LibKqueueSharp.Linux;

/// <summary>What an operation of EVFILT_AIO is about.</summary>
internal enum FileKind
{
    /// <summary>A regular file, a block device or a directory: it has offsets, and is never waited for.</summary>
    Disk,

    /// <summary>It may have offsets, and may have to be waited for.</summary>
    CharacterDevice,

    /// <summary>It has no offsets, and may have to be waited for.</summary>
    Stream,
}

/// <summary>The system calls of asynchronous I/O. Addresses are those of locals, or of buffers that a job keeps pinned.</summary>
internal static unsafe partial class Sys
{
    private const int IoUringSetup = 425;
    private const int IoUringEnter = 426;
    private const int WithoutWaiting = 8;
    private const uint PathOnly = 0x20_0000;
    private const Errno NotASocket = (Errno)88;

    internal static int UringSetup(uint entries, Uring.Parameters* parameters) =>
        (int)Native.SystemCall6(IoUringSetup, (nint)entries, (nint)parameters, 0, 0, 0, 0);

    internal static Errno UringEnter(int ring, uint submit, uint wait, uint flags, out int taken)
    {
        Errno error;
        do
        {
            taken = (int)Native.SystemCall6(IoUringEnter, ring, (nint)submit, (nint)wait, (nint)flags, 0, 0);
            error = taken < 0 ? Native.LastError() : Errno.None;
        }
        while (error == Errno.EINTR && wait == 0);
        return error;
    }

    /// <summary>Shared with the kernel; null when there is no memory for it.</summary>
    internal static byte* Map(int fd, nuint size, long offset)
    {
        nint at = Native.Map(null, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);
        return at == -1 ? null : (byte*)at;
    }

    internal static void Unmap(byte* at, nuint size) => Native.Unmap(at, size);

    /// <summary>EBADF for what is not open, or not for this operation.</summary>
    internal static Errno CheckFile(int fd, AioOperation operation, out FileKind kind, out (ulong Device, ulong Number) file)
    {
        kind = FileKind.Stream;
        file = default;
        int flags = fcntl(fd, F_GETFL);
        int mode = flags & O_ACCMODE;
        if (flags < 0
            || (flags & PathOnly) != 0
            || (operation == AioOperation.Read && mode == O_WRONLY)
            || (operation == AioOperation.Write && mode == O_RDONLY))
            return Errno.EBADF;
        Errno error = Stat(fd, out stat status);
        if (error != Errno.None)
            return error;
        uint type = (uint)status.st_mode & (uint)S_IFMT;
        kind = type == (uint)S_IFREG || type == (uint)S_IFBLK || type == (uint)S_IFDIR ? FileKind.Disk
            : type == (uint)S_IFCHR ? FileKind.CharacterDevice
            : FileKind.Stream;
        file = ((ulong)status.st_dev, (ulong)status.st_ino);
        return Errno.None;
    }

    internal static bool PollAny(Span<pollfd> entries, int milliseconds)
    {
        fixed (pollfd* at = entries)
            return poll(at, (uint)entries.Length, milliseconds) > 0;
    }

    /// <summary>
    /// Does an operation: all of it on a file, and on a stream what goes without waiting. <see cref="AioJob.Progress"/> counts what was moved. 0, or a
    /// negative errno; EAGAIN only for a stream that has to be waited for.
    /// </summary>
    internal static long Perform(AioJob job)
    {
        AioControl control = job.Control;
        if (control.Operation is AioOperation.Sync or AioOperation.DataSync)
            return Flush(job.Descriptor, control.Operation == AioOperation.DataSync);
        bool reads = control.Operation == AioOperation.Read;
        while (true)
        {
            byte* buffer = (byte*)job.Pin.Pointer + job.Progress;
            int left = job.Length - job.Progress;
            long moved = job.IsStream
                ? MoveNow(job.Descriptor, reads, buffer, left)
                : Move(job.Descriptor, reads, buffer, left, control.Offset + job.Progress, 0);
            if (moved <= 0)
                return moved;
            job.Progress += (int)moved;

            if (job.Progress == job.Length || job.IsStream)
                return 0;
        }
    }

    private static long Flush(int fd, bool dataOnly)
    {
        long result;
        do
            result = Result(dataOnly ? Native.FlushData(fd) : Native.Flush(fd));
        while (result == -(long)Errno.EINTR);
        return result;
    }

    private static long MoveNow(int fd, bool reads, byte* buffer, int length)
    {
        long moved;
        do
            moved = Result(reads ? Native.Receive(fd, buffer, length, MSG_DONTWAIT) : Native.Send(fd, buffer, length, MSG_DONTWAIT | MSG_NOSIGNAL));
        while (moved == -(long)Errno.EINTR);
        if (moved == -(long)NotASocket)
            moved = Move(fd, reads, buffer, length, -1, WithoutWaiting);

        // Devices, and pipes before Linux 6.4: poll(2) has said that it can be done, so only another reader can make this wait.
        return moved == -(long)Errno.ENOTSUP ? Move(fd, reads, buffer, length, -1, 0) : moved;
    }

    /// <summary>At the file's own offset for -1.</summary>
    private static long Move(int fd, bool reads, byte* buffer, int length, long offset, int flags)
    {
        iovec part = new() { iov_base = buffer, iov_len = (uint)length };
        long moved;
        do
            moved = Result(reads ? Native.ReadVector(fd, &part, 1, offset, flags) : Native.WriteVector(fd, &part, 1, offset, flags));
        while (moved == -(long)Errno.EINTR);
        return moved;
    }

    private static long Result(nint result) => result < 0 ? -(long)Native.LastError() : result;
}
