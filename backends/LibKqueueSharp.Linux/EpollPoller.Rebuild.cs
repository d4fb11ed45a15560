namespace LibKqueueSharp.Linux;

/// <summary>
/// epoll keeps a registration until the last reference to the file goes. If a watched number is closed while a duplicate lives
/// (in a child process, for example), events of it keep coming and nothing can take the registration back: epoll_ctl needs
/// the number. Such an orphan is recognised by its generation. It costs one rebuild of the set, which leaves it behind.
/// </summary>
internal sealed partial class EpollPoller
{
    private const int SuspectCount = 8;

    private readonly (ulong Token, uint Seen)[] _suspects = new (ulong, uint)[SuspectCount];
    private int _nextSuspect;

    /// <summary>
    /// An event of a registration that is no more. It may have been on its way while the registration was deleted; a
    /// second one, reported to a wait that began after the first was seen, can only come from an orphan.
    /// </summary>
    private void TakeStale(ulong token)
    {
        foreach ((ulong suspect, uint seen) in _suspects)
        {
            // The difference also holds when the counter has wrapped around.
            if (suspect == token && (int)(_began - seen) >= 0)
            {
                Rebuild();
                return;
            }
        }

        _suspects[_nextSuspect] = (token, _harvest);
        _nextSuspect = (_nextSuspect + 1) % SuspectCount;
    }

    /// <summary>
    /// Replaces both sets by new ones with the live registrations. The number of the first stays, by dup3(2). Edges
    /// that nobody has harvested are reported again by the new set, since it reports what is ready when it is added.
    /// </summary>
    private void Rebuild()
    {
        Array.Clear(_suspects);
        if (Sys.EpollCreate(out int fresh) != Errno.None)
            return;
        int second = None;
        if (_secondFd != None && Sys.EpollCreate(out second) != Errno.None)
        {
            Sys.Close(fresh);
            return;
        }

        WakeOldSet();
        if (second != None)
        {
            Close(ref _secondFd);
            _secondFd = second;
            Sys.EpollControl(fresh, Native.EPOLL_CTL_ADD, second, EpollEvents.In, SecondToken);
        }

        Sys.EpollControl(fresh, Native.EPOLL_CTL_ADD, _wakeFd, EpollEvents.In | EpollEvents.Edge, WakeToken);
        if (_pendingFd != None)
        {
            Sys.EpollControl(fresh, Native.EPOLL_CTL_ADD, _pendingFd, EpollEvents.In, PendingToken);
            Sys.EpollControl(fresh, Native.EPOLL_CTL_ADD, _alarmFd, EpollEvents.In, AlarmToken);
        }

        _files?.Register(fresh, FilesToken);
        Sys.Replace(fresh, _epfd);
        Sys.Close(fresh);
        for (int fd = 0; fd < _descriptors.Length; fd++)
            RegisterAgain(fd, ref _descriptors[fd]);
        _complete = false;
    }

    /// <summary>
    /// Threads that sleep on the old set hold it until they return: an eventfd that is always readable wakes each of them, and
    /// they go on with the new one, which has the same number.
    /// </summary>
    private void WakeOldSet()
    {
        if (_poisonFd == None && Sys.EventFd(out int poison) == Errno.None)
        {
            Sys.WriteCount(poison);
            _poisonFd = poison;
        }

        Sys.EpollControl(_epfd, Native.EPOLL_CTL_ADD, _poisonFd, EpollEvents.In, PoisonToken);
    }

    private void RegisterAgain(int fd, ref Descriptor d)
    {
        if (!d.IsRegistered && d.Second == 0)
            return;
        bool kept = (!d.IsRegistered || Control(Native.EPOLL_CTL_ADD, fd, ref d, false, d.First) == Errno.None)
            && (d.Second == 0 || Control(Native.EPOLL_CTL_ADD, fd, ref d, true, d.Second) == Errno.None);
        if (!kept)
            Drop(fd);
    }
}
