using Mono.Unix.Native;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The descriptors that a host has open. Numbers it does not know are never handed to the system.</summary>
internal sealed class PosixDescriptorTable : IDisposable
{
    private const string BadDescriptor = "EBADF";
    private const int CloseOnExec = 1;

    private static readonly int s_nonBlocking = NativeConvert.FromOpenFlags(OpenFlags.O_NONBLOCK);

    private readonly Dictionary<int, bool> _isNetwork = [];
    private bool _networkTouched;

    public static HostAnswer LastError() => HostAnswer.Failure(ErrnoNames.Normalize(Stdlib.GetLastError().ToString()));

    public static HostAnswer Failure(int error) => HostAnswer.Failure(ErrnoNames.Normalize(NativeConvert.ToErrno(error).ToString()));

    public static HostAnswer Answer(long result) => result < 0 ? LastError() : HostAnswer.Success(result);

    /// <summary>Runs a call on an open descriptor.</summary>
    public HostAnswer On(long descriptor, Func<int, long> call)
    {
        if (!_isNetwork.TryGetValue((int)descriptor, out bool isNetwork))
            return HostAnswer.Failure(BadDescriptor);
        _networkTouched |= isNetwork;
        return Answer(call((int)descriptor));
    }

    /// <summary>Takes over a new descriptor, which becomes non-blocking and close-on-exec.</summary>
    public HostAnswer Adopt(long descriptor, bool isNetwork = false)
    {
        if (descriptor < 0)
            return LastError();
        int number = (int)descriptor;
        _isNetwork.Add(number, isNetwork);
        if (Prepare(number) < 0)
            return LastError();
        _networkTouched |= isNetwork;
        return HostAnswer.Success(number);
    }

    public HostAnswer AdoptDuplicate(long descriptor, Func<int, int> duplicate)
    {
        bool isNetwork = _isNetwork.GetValueOrDefault((int)descriptor);
        HostAnswer answer = On(descriptor, d => duplicate(d));
        if (!answer.Succeeded)
            return answer;
        _isNetwork.Remove((int)answer.Value);
        return Adopt(answer.Value, isNetwork);
    }

    public HostAnswer Close(long descriptor)
    {
        HostAnswer answer = On(descriptor, d => Syscall.close(d));
        _isNetwork.Remove((int)descriptor);
        return answer;
    }

    /// <summary>True when a TCP or UDP socket was touched since the last call.</summary>
    public bool TakeNetworkTouched()
    {
        bool touched = _networkTouched;
        _networkTouched = false;
        return touched;
    }

    public void Dispose()
    {
        foreach (int descriptor in _isNetwork.Keys)
            _ = Syscall.close(descriptor);
        _isNetwork.Clear();
    }

    private static int Prepare(int descriptor)
    {
        if (Syscall.fcntl(descriptor, FcntlCommand.F_SETFD, CloseOnExec) < 0)
            return -1;
        int flags = Syscall.fcntl(descriptor, FcntlCommand.F_GETFL);
        return flags < 0 ? -1 : Syscall.fcntl(descriptor, FcntlCommand.F_SETFL, flags | s_nonBlocking);
    }
}
