using System.Collections.Concurrent;
using Mono.Unix.Native;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// The descriptors that a host has open. Numbers it does not know are never handed to the system. Any thread may use it.
/// </summary>
internal sealed class PosixDescriptorTable : IDisposable
{
    private const string BadDescriptor = "EBADF";
    private const int CloseOnExec = 1;

    private static readonly int s_nonBlocking = NativeConvert.FromOpenFlags(OpenFlags.O_NONBLOCK);

    // Whether what is written arrives later: on the network, and through a terminal's line discipline.
    private readonly ConcurrentDictionary<int, bool> _arrivesLater = new();
    private volatile bool _laterTouched;

    public static HostAnswer LastError() => HostAnswer.Failure(ErrnoNames.Normalize(Stdlib.GetLastError().ToString()));

    public static HostAnswer Failure(int error) => HostAnswer.Failure(ErrnoNames.Normalize(NativeConvert.ToErrno(error).ToString()));

    public static HostAnswer Answer(long result) => result < 0 ? LastError() : HostAnswer.Success(result);

    /// <summary>Runs a call on an open descriptor.</summary>
    public HostAnswer On(long descriptor, Func<int, long> call)
    {
        if (!_arrivesLater.TryGetValue((int)descriptor, out bool arrivesLater))
            return HostAnswer.Failure(BadDescriptor);
        if (arrivesLater)
            _laterTouched = true;
        return Answer(call((int)descriptor));
    }

    /// <summary>Takes over a new descriptor, which becomes non-blocking and close-on-exec.</summary>
    public HostAnswer Adopt(long descriptor, bool arrivesLater = false)
    {
        if (descriptor < 0)
            return LastError();
        int number = (int)descriptor;
        _arrivesLater[number] = arrivesLater;
        if (Prepare(number) < 0)
            return LastError();
        if (arrivesLater)
            _laterTouched = true;
        return HostAnswer.Success(number);
    }

    public HostAnswer AdoptDuplicate(long descriptor, Func<int, int> duplicate)
    {
        bool arrivesLater = _arrivesLater.GetValueOrDefault((int)descriptor);
        HostAnswer answer = On(descriptor, d => duplicate(d));
        return answer.Succeeded ? Adopt(answer.Value, arrivesLater) : answer;
    }

    public HostAnswer Close(long descriptor)
    {
        // Forgotten first: once it is closed, another thread may open the number anew.
        if (!_arrivesLater.TryRemove((int)descriptor, out bool arrivesLater))
            return HostAnswer.Failure(BadDescriptor);
        if (arrivesLater)
            _laterTouched = true;
        return Answer(Syscall.close((int)descriptor));
    }

    /// <summary>True when something was touched since the last call from which data arrive later.</summary>
    public bool TakeLaterTouched()
    {
        bool touched = _laterTouched;
        _laterTouched = false;
        return touched;
    }

    public void Dispose()
    {
        foreach (int descriptor in _arrivesLater.Keys)
            _ = Syscall.close(descriptor);
        _arrivesLater.Clear();
    }

    public static int SetNonBlocking(int descriptor, bool value)
    {
        int flags = Syscall.fcntl(descriptor, FcntlCommand.F_GETFL);
        return flags < 0 ? -1 : Syscall.fcntl(descriptor, FcntlCommand.F_SETFL, value ? flags | s_nonBlocking : flags & ~s_nonBlocking);
    }

    private static int Prepare(int descriptor) =>
        Syscall.fcntl(descriptor, FcntlCommand.F_SETFD, CloseOnExec) < 0 ? -1 : SetNonBlocking(descriptor, true);
}
