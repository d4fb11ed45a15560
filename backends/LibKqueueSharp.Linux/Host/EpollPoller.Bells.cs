using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>
/// Descriptors of the host (the program that the backend is compiled into) which ring in each queue of the process: edge-triggered, and
/// closed by the host.
/// </summary>
internal sealed partial class EpollPoller
{
    private const ulong BellToken = 20;

    private readonly int[] _bells = [None, None];
    private IBellUser? _bellUser;

    /// <summary>Makes the filter that takes the place of the backend's own EVFILT_SIGNAL.</summary>
    internal Func<EmulatedQueue, EpollPoller, Filter>? SignalFilter { get; init; }

    /// <param name="user">Who is told.</param>
    /// <param name="first">A descriptor.</param>
    /// <param name="second">Another, or -1. Both are the same at each call, once they exist.</param>
    internal Errno OpenBells(IBellUser user, int first, int second)
    {
        bool fresh = _bellUser is null;
        Errno error = OpenBell(ref _bells[0], first);
        if (error == Errno.None)
            error = OpenBell(ref _bells[1], second);
        if (error != Errno.None)
        {
            if (fresh)
                ForgetBells();
            return error == Errno.ENOSPC ? Errno.ENOMEM : error;
        }

        if (fresh)
            _interest++;
        _bellUser = user;
        return Errno.None;
    }

    internal void CloseBells()
    {
        if (_bellUser is null)
            return;
        ForgetBells();
        _bellUser = null;
        _interest--;
    }

    private void ForgetBells()
    {
        foreach (ref int bell in _bells.AsSpan())
        {
            if (bell != None)
                Sys.EpollControl(_epfd, Native.EPOLL_CTL_DEL, bell, EpollEvents.None, 0);
            bell = None;
        }
    }

    private Errno OpenBell(ref int bell, int fd)
    {
        if (bell == fd || fd == None)
            return Errno.None;
        Errno error = Sys.EpollControl(_epfd, Native.EPOLL_CTL_ADD, fd, EpollEvents.In | EpollEvents.Edge, BellToken);
        if (error == Errno.None)
            bell = fd;
        return error;
    }

    private Errno RegisterBellsAgain(int fresh)
    {
        Errno error = Errno.None;
        foreach (int bell in _bells)
        {
            if (bell != None && error == Errno.None)
                error = Sys.EpollControl(fresh, Native.EPOLL_CTL_ADD, bell, EpollEvents.In | EpollEvents.Edge, BellToken);
        }

        return error;
    }
}
