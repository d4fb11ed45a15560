using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>poll(2), fstat(2), fcntl(2), ioctl(2), read(2), write(2) and sendmsg(2) with the descriptor of a queue.</summary>
internal sealed unsafe class PosixQueueDescriptors : IQueueDescriptorCalls
{
    // FIOASYNC
    private const nuint LinuxAsynchronous = 0x5452;
    private const nuint BsdAsynchronous = 0x8004_667d;

    public HostAnswer Poll(SafeHandle descriptor, bool forReading, bool forWriting, int milliseconds)
    {
        Pollfd[] entries =
        [
            new()
            {
                fd = Number(descriptor),
                events = (forReading ? PollEvents.POLLIN : 0) | (forWriting ? PollEvents.POLLOUT : 0),
            },
        ];
        int count = Syscall.poll(entries, 1, milliseconds);
        return count < 0 ? PosixDescriptorTable.LastError() : HostAnswer.Success((long)entries[0].revents);
    }

    public HostAnswer Mode(SafeHandle descriptor) => Status(descriptor, s => (long)s.st_mode);

    public HostAnswer Size(SafeHandle descriptor) => Status(descriptor, s => s.st_size);

    public HostAnswer StatusFlags(SafeHandle descriptor) =>
        PosixDescriptorTable.Answer(Syscall.fcntl(Number(descriptor), FcntlCommand.F_GETFL));

    public HostAnswer IsCloseOnExec(SafeHandle descriptor)
    {
        HostAnswer flags = PosixDescriptorTable.Answer(Syscall.fcntl(Number(descriptor), FcntlCommand.F_GETFD));
        return flags.Succeeded ? HostAnswer.Success(flags.Value & 1) : flags;
    }

    public HostAnswer Read(SafeHandle descriptor)
    {
        byte one;
        return PosixDescriptorTable.Answer(Syscall.read(Number(descriptor), &one, 1));
    }

    public HostAnswer Write(SafeHandle descriptor)
    {
        byte one = 0;
        return PosixDescriptorTable.Answer(Syscall.write(Number(descriptor), &one, 1));
    }

    public HostAnswer SetAsynchronous(SafeHandle descriptor)
    {
        if (OperatingSystem.IsMacOS())
            return HostAnswer.NotSupported("ioctl takes its argument in another way here");
        int on = 1;
        return Posix.Control(Number(descriptor), OperatingSystem.IsLinux() ? LinuxAsynchronous : BsdAsynchronous, &on) < 0
            ? PosixDescriptorTable.Failure(Marshal.GetLastPInvokeError())
            : HostAnswer.Success();
    }

    public HostAnswer Pass(SafeHandle descriptor)
    {
        if (Syscall.socketpair(UnixAddressFamily.AF_UNIX, UnixSocketType.SOCK_STREAM, 0, out int sender, out int receiver) < 0)
            return PosixDescriptorTable.LastError();
        HostAnswer answer = PosixDescriptorTable.Answer(Send(sender, Number(descriptor)));
        _ = Syscall.close(sender);
        _ = Syscall.close(receiver);
        return answer;
    }

    private static long Send(int socket, int passed)
    {
        byte[] control = new byte[Syscall.CMSG_SPACE(sizeof(int))];
        byte one = 0;
        Msghdr message = new()
        {
            msg_iov = [new Iovec { iov_base = (nint)(&one), iov_len = 1 }],
            msg_iovlen = 1,
            msg_control = control,
            msg_controllen = control.Length,
        };
        Cmsghdr header = new()
        {
            cmsg_len = (long)Syscall.CMSG_LEN(sizeof(int)),
            cmsg_level = UnixSocketProtocol.SOL_SOCKET,
            cmsg_type = UnixSocketControlMessage.SCM_RIGHTS,
        };
        header.WriteToBuffer(message, 0);
        BitConverter.TryWriteBytes(control.AsSpan((int)Syscall.CMSG_DATA(message, 0)), passed);
        return Syscall.sendmsg(socket, message, 0);
    }

    private static int Number(SafeHandle descriptor) => (int)descriptor.DangerousGetHandle();

    private static HostAnswer Status(SafeHandle descriptor, Func<Stat, long> field) =>
        Syscall.fstat(Number(descriptor), out Stat status) < 0 ? PosixDescriptorTable.LastError() : HostAnswer.Success(field(status));
}
