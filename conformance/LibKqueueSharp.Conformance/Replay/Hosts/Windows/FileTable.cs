using System.Runtime.InteropServices;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The files and directories of a host by their handles, which have offsets as descriptors do. Any thread may call any member.</summary>
internal sealed unsafe class FileTable : IDisposable
{
    private readonly Lock _gate = new();

    /// <summary>Open handles, and whether each write goes to the end.</summary>
    private readonly Dictionary<long, bool> _files = [];
    private bool _touched;

    internal HostAnswer Adopt(nint handle, bool appends)
    {
        if (handle == WindowsFileCalls.NoFile)
            return LastError();
        lock (_gate)
            _files[handle] = appends;
        return HostAnswer.Success(handle);
    }

    internal bool Has(long descriptor)
    {
        lock (_gate)
            return _files.ContainsKey(descriptor);
    }

    internal HostAnswer Read(long descriptor, int count)
    {
        byte[] buffer = new byte[count];
        uint moved = 0;
        fixed (byte* at = buffer)
            return Answer(WindowsFileCalls.ReadFile((nint)descriptor, at, (uint)count, &moved, 0), moved);
    }

    internal HostAnswer Write(long descriptor, int count)
    {
        bool appends;
        lock (_gate)
            appends = _files.GetValueOrDefault(descriptor);
        if (appends)
            Seek(descriptor, 0, SeekOrigin.End);
        byte[] buffer = new byte[count];
        uint moved = 0;
        fixed (byte* at = buffer)
            return Answer(WindowsFileCalls.WriteFile((nint)descriptor, at, (uint)count, &moved, 0), moved);
    }

    internal HostAnswer Seek(long descriptor, long offset, SeekOrigin origin)
    {
        long position = 0;
        return Has(descriptor)
            ? Answer(WindowsFileCalls.SetFilePointerEx((nint)descriptor, offset, &position, (uint)origin), position)
            : HostAnswer.Failure("EBADF");
    }

    internal HostAnswer Duplicate(long descriptor)
    {
        nint duplicate = 0;
        int ok = WindowsFileCalls.DuplicateHandle(
            WindowsFileCalls.ThisProcess, (nint)descriptor, WindowsFileCalls.ThisProcess, &duplicate, 0, 0, WindowsFileCalls.SameAccess);
        return ok != 0 ? Adopt(duplicate, appends: false) : LastError();
    }

    internal HostAnswer Close(long descriptor)
    {
        lock (_gate)
        {
            _touched = true;
            if (!_files.Remove(descriptor))
                return HostAnswer.Failure("EBADF");
        }

        WindowsFileCalls.CloseHandle((nint)descriptor);
        return HostAnswer.Success();
    }

    /// <summary>Something was done to a file, of which its directory tells a moment later.</summary>
    internal void Touch()
    {
        lock (_gate)
            _touched = true;
    }

    internal bool TakeTouched()
    {
        lock (_gate)
        {
            bool touched = _touched;
            _touched = false;
            return touched;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (long file in _files.Keys)
                WindowsFileCalls.CloseHandle((nint)file);
            _files.Clear();
        }
    }

    internal static HostAnswer LastError() => HostAnswer.Failure(Name(Marshal.GetLastPInvokeError()));

    internal static string Name(int error) => error switch
    {
        2 or 3 => "ENOENT",
        5 => "EACCES",
        6 => "EBADF",
        32 => "EBUSY",
        80 or 183 => "EEXIST",
        87 => "EINVAL",
        145 => "ENOTEMPTY",
        _ => "EIO",
    };

    private HostAnswer Answer(int ok, long value)
    {
        HostAnswer answer = ok != 0 ? HostAnswer.Success(value) : LastError();
        Touch();
        return answer;
    }
}
