using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>The queue's own pidfds, edge-triggered so that an exit is reported once, and the process connector.</summary>
internal sealed partial class EpollPoller
{
    private const ulong ConnectorToken = 9;
    private const ulong FirstProcess = 1UL << 31;

    /// <summary>The knotes of the pidfds, indexed by the descriptor's number.</summary>
    private Knote?[] _processes = [];
    private int _processCount;
    private ProcessConnector? _connector;
    private ProcFilter _connectorUser = null!;
    private bool _draining;

    internal Errno RegisterProcess(Knote kn, int pidfd)
    {
        if (pidfd >= _processes.Length)
            Array.Resize(ref _processes, Math.Max(pidfd + 1, Math.Max(64, _processes.Length * 2)));
        Errno error = Sys.EpollControl(
            _epfd, Native.EPOLL_CTL_ADD, pidfd, EpollEvents.In | EpollEvents.Edge, FirstProcess | (uint)pidfd);
        if (error != Errno.None)
            return error == Errno.ENOSPC ? Errno.ENOMEM : error;
        _processes[pidfd] = kn;
        _processCount++;
        _interest++;
        return Errno.None;
    }

    /// <summary>Takes a pidfd out of the set and closes it. A child that is just being made may hold it open a little longer.</summary>
    internal void CloseProcess(int pidfd)
    {
        Sys.EpollControl(_epfd, Native.EPOLL_CTL_DEL, pidfd, EpollEvents.None, 0);
        Sys.Close(pidfd);
        _processes[pidfd] = null;
        _processCount--;
        _interest--;
    }

    internal Errno OpenConnector(ProcFilter user)
    {
        if (_connector is not null)
            return Errno.None;
        Errno error = ProcessConnector.Create(_connectorRoom, out ProcessConnector? connector);
        if (error != Errno.None)
            return error;
        error = connector!.Register(_epfd, ConnectorToken);
        if (error != Errno.None)
        {
            connector.Dispose();
            return error == Errno.ENOSPC ? Errno.ENOMEM : error;
        }

        _connector = connector;
        _connectorUser = user;
        _interest++;
        return Errno.None;
    }

    /// <summary>Nobody needs the connector any more; while it is being read, that is for the reader to find.</summary>
    internal void CloseConnector()
    {
        if (_connector is null || _draining)
            return;
        _connector.Unregister(_epfd);
        _connector.Dispose();
        _connector = null;
        _interest--;
    }

    /// <summary>Takes in what the connector has told up to now, in its order.</summary>
    internal void DrainConnector()
    {
        if (_connector is null || _draining)
            return;
        _draining = true;
        _connector.Drain(_connectorUser);
        _draining = false;
        if (!_connectorUser.HasFollowers)
            CloseConnector();
    }

    /// <summary>
    /// An event may be of a pidfd that had the number before: the filter asks the process itself.
    /// </summary>
    private void TakeProcess(int pidfd)
    {
        if (_processes[pidfd] is { } kn)
            ((ProcFilter)kn.Filter).MayHaveExited(kn, pidfd);
    }

    /// <returns>False when the kernel has no room.</returns>
    private bool RegisterProcessesAgain(int fresh)
    {
        bool complete = _connector is null || _connector.Register(fresh, ConnectorToken) == Errno.None;
        for (int pidfd = 0; complete && pidfd < _processes.Length; pidfd++)
        {
            complete = _processes[pidfd] is null
                || Sys.EpollControl(fresh, Native.EPOLL_CTL_ADD, pidfd, EpollEvents.In | EpollEvents.Edge, FirstProcess | (uint)pidfd) == Errno.None;
        }

        return complete;
    }

    private void DisposeProcesses()
    {
        _connector?.Dispose();
        for (int pidfd = 0; pidfd < _processes.Length; pidfd++)
        {
            if (_processes[pidfd] is not null)
                Sys.Close(pidfd);
        }
    }
}
