using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>poll(2), fstat(2), fcntl(2), read(2) and write(2) on the descriptor of a queue.</summary>
internal sealed unsafe class PosixQueueDescriptors : IQueueDescriptorCalls
{
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

    private static int Number(SafeHandle descriptor) => (int)descriptor.DangerousGetHandle();

    private static HostAnswer Status(SafeHandle descriptor, Func<Stat, long> field) =>
        Syscall.fstat(Number(descriptor), out Stat status) < 0 ? PosixDescriptorTable.LastError() : HostAnswer.Success(field(status));
}
