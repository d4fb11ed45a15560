using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>pipe(2), read(2), write(2), close(2), dup(2).</summary>
internal sealed unsafe class PosixDescriptors(PosixDescriptorTable table) : IDescriptorCalls
{
    // RLIMIT_NOFILE
    private const int LinuxDescriptorLimit = 7;
    private const int BsdDescriptorLimit = 8;

    public bool MayRunOut { get; set; }

    public HostAnswer Pipe(out long reader, out long writer)
    {
        int result = Syscall.pipe(out int readEnd, out int writeEnd);
        reader = readEnd;
        writer = writeEnd;
        if (result < 0)
            return PosixDescriptorTable.LastError();
        HostAnswer first = table.Adopt(readEnd);
        HostAnswer second = table.Adopt(writeEnd);
        return !first.Succeeded ? first : second.Succeeded ? HostAnswer.Success() : second;
    }

    public HostAnswer Read(long descriptor, int count)
    {
        byte[] buffer = new byte[count];
        return table.On(descriptor, d =>
        {
            fixed (byte* start = buffer)
                return Syscall.read(d, start, (ulong)count);
        });
    }

    public HostAnswer Write(long descriptor, int count) => table.On(descriptor, d => WriteBytes(d, count));

    public HostAnswer Close(long descriptor) => table.Close(descriptor);

    public HostAnswer Duplicate(long descriptor) => table.AdoptDuplicate(descriptor, Syscall.dup);

    public HostAnswer DuplicateOver(long from, long to) => table.AdoptDuplicate(from, d => Syscall.dup2(d, (int)to));

    public HostAnswer DuplicateAt(long from, long number)
    {
        HostAnswer duplicate = table.AdoptDuplicate(from, d => Syscall.fcntl(d, FcntlCommand.F_DUPFD, number));
        if (!duplicate.Succeeded || duplicate.Value == number)
            return duplicate;
        table.Close(duplicate.Value);
        return HostAnswer.Failure("EBUSY");
    }

    public HostAnswer WithRoomFor(int room, Action action)
    {
        if (!MayRunOut)
            return HostAnswer.NotSupported("a process that is left without descriptors is ended by its runtime as soon as a thread starts");
        int resource = OperatingSystem.IsLinux() ? LinuxDescriptorLimit : BsdDescriptorLimit;
        if (Posix.GetLimit(resource, out Posix.ResourceLimit usual) < 0)
            return PosixDescriptorTable.Failure(Marshal.GetLastPInvokeError());
        Posix.ResourceLimit small = usual with { Current = (ulong)(LowestFree() + room) };
        if (Posix.SetLimit(resource, small) < 0)
            return PosixDescriptorTable.Failure(Marshal.GetLastPInvokeError());
        try
        {
            action();
        }
        finally
        {
            _ = Posix.SetLimit(resource, usual);
        }

        return HostAnswer.Success();
    }

    public HostAnswer SetBlocking(long descriptor, bool blocks) =>
        table.On(descriptor, d => PosixDescriptorTable.SetNonBlocking(d, !blocks));

    public HostAnswer EventCounter(int count)
    {
        try
        {
            return table.Adopt(Posix.EventFd((uint)count, 0));
        }
        catch (EntryPointNotFoundException)
        {
            return HostAnswer.NotSupported("this system has no eventfd");
        }
    }

    public HostAnswer AddToCounter(long descriptor, long count) => table.On(descriptor, d =>
    {
        long added = count;
        return Syscall.write(d, &added, sizeof(long));
    });

    public HostAnswer Terminal(out long master, out long slave)
    {
        int one = Posix.OpenTerminal(NativeConvert.FromOpenFlags(OpenFlags.O_RDWR | OpenFlags.O_NOCTTY));
        HostAnswer opened = table.Adopt(one, arrivesLater: true);
        (master, slave) = (one, -1);
        if (!opened.Succeeded)
            return opened;
        if (Posix.GrantTerminal(one) < 0 || Posix.UnlockTerminal(one) < 0)
            return PosixDescriptorTable.LastError();
        string path = Marshal.PtrToStringUTF8(Posix.NameOfTerminal(one))!;
        HostAnswer other = table.Adopt(Syscall.open(path, OpenFlags.O_RDWR | OpenFlags.O_NOCTTY), arrivesLater: true);
        slave = other.Value;
        return other.Succeeded ? HostAnswer.Success() : other;
    }

    public HostAnswer WriteLine(long descriptor) => table.On(descriptor, d =>
    {
        byte end = (byte)'\n';
        return Syscall.write(d, &end, 1);
    });

    private static int LowestFree()
    {
        int free = Syscall.open("/dev/null", OpenFlags.O_RDONLY);
        _ = Syscall.close(free);
        return free;
    }

    /// <summary>Writes some bytes. SIGPIPE cannot come: the runtime ignores it.</summary>
    internal static long WriteBytes(int descriptor, int count)
    {
        byte[] bytes = new byte[count];
        Array.Fill(bytes, (byte)'x');
        fixed (byte* start = bytes)
            return Syscall.write(descriptor, start, (ulong)count);
    }
}
