using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// The anonymous pipes of a host by the numbers of their ends. They would block: an end is read only when there is something, and written
/// only as far as there is room, which is known since nobody else writes. Any thread may call any member.
/// </summary>
internal sealed class PipeTable : IDisposable
{
    private const int Room = 65_536;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, (SafeFileHandle Handle, SafeFileHandle? Reader)> _ends = [];

    internal HostAnswer Create(out long reader, out long writer)
    {
        reader = writer = -1;
        if (!WindowsCalls.CreatePipe(out SafeFileHandle read, out SafeFileHandle write, 0, Room))
            return HostAnswer.Failure("EMFILE");
        reader = read.DangerousGetHandle();
        writer = write.DangerousGetHandle();
        lock (_gate)
        {
            _ends[reader] = (read, null);
            _ends[writer] = (write, read);
        }

        return HostAnswer.Success();
    }

    internal bool Has(long descriptor)
    {
        lock (_gate)
            return _ends.ContainsKey(descriptor);
    }

    internal HostAnswer Read(long descriptor, int count)
    {
        lock (_gate)
        {
            (SafeFileHandle handle, SafeFileHandle? reader) = _ends[descriptor];
            if (reader is not null)
                return HostAnswer.Failure("EBADF");
            if (!TryPeek(handle, out uint available))
                return HostAnswer.Success(0);
            if (available == 0)
                return HostAnswer.Failure("EAGAIN");
            int most = (int)Math.Min(count, available);
            return WindowsCalls.ReadFile(handle, new byte[most], most, out int read, 0) ? HostAnswer.Success(read) : HostAnswer.Failure("EIO");
        }
    }

    internal HostAnswer Write(long descriptor, int count)
    {
        lock (_gate)
        {
            (SafeFileHandle handle, SafeFileHandle? reader) = _ends[descriptor];
            if (reader is null)
                return HostAnswer.Failure("EBADF");
            if (reader.IsClosed || !TryPeek(reader, out uint waiting))
                return HostAnswer.Failure("EPIPE");
            int most = (int)Math.Min(count, Room - waiting);
            if (most == 0)
                return HostAnswer.Failure("EAGAIN");
            return WindowsCalls.WriteFile(handle, new byte[most], most, out int written, 0) ? HostAnswer.Success(written) : HostAnswer.Failure("EPIPE");
        }
    }

    internal HostAnswer Close(long descriptor)
    {
        lock (_gate)
        {
            _ends.Remove(descriptor, out (SafeFileHandle Handle, SafeFileHandle?) end);
            end.Handle.Dispose();
        }

        return HostAnswer.Success();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach ((SafeFileHandle handle, _) in _ends.Values)
                handle.Dispose();
            _ends.Clear();
        }
    }

    private static unsafe bool TryPeek(SafeFileHandle pipe, out uint available) =>
        WindowsCalls.PeekNamedPipe(pipe, null, 0, null, out available, null);
}
