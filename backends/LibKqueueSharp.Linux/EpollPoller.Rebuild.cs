using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>
/// epoll keeps a registration until the last reference to the file goes. If a watched number is closed while a duplicate lives
/// (in a child process, for example), events of it keep coming and nothing can take the registration back: epoll_ctl needs
/// the number. Such an orphan is recognised by its generation. It costs one rebuild of the set, which leaves it behind.
/// </summary>
internal sealed partial class EpollPoller
{
    private const int FewSuspects = 64;

    // The second set, the eventfd of wake-ups, what makes the queue's descriptor readable, the files, the process connector,
    // the mounts, io_uring, and the bells.
    private const int OwnRegistrations = 10;

    /// <summary>An orphan that is ready is reported again long before so many harvests have passed.</summary>
    private const int OldSuspect = 1024;

    /// <summary>Events of registrations that are no more: the harvest that saw the first one of each.</summary>
    private readonly Dictionary<ulong, uint> _suspects = [];
    private int _mostSuspects = FewSuspects;

    /// <summary>
    /// A registration could not be taken back: its number had been closed, and its file may live. Written under the lock, read
    /// without it by <see cref="HasInterest"/>.
    /// </summary>
    private volatile bool _mayHaveOrphans;

    /// <summary>
    /// An event of a registration that is no more. It may have been on its way while the registration was deleted; a
    /// second one, reported to a wait that began after the first was seen, can only come from an orphan.
    /// </summary>
    private void TakeStale(ulong token)
    {
        // The differences also hold when the counter has wrapped around.
        if (!_suspects.TryGetValue(token, out uint seen))
            AddSuspect(token);
        else if ((int)(_began - seen) >= 0)
            Rebuild();
    }

    private void AddSuspect(ulong token)
    {
        if (_suspects.Count == _mostSuspects)
        {
            foreach ((ulong suspect, uint seen) in _suspects)
            {
                if (_harvest - seen > OldSuspect)
                    _suspects.Remove(suspect);
            }

            _mostSuspects = Math.Max(FewSuspects, 2 * _suspects.Count);
        }

        _suspects.Add(token, _harvest);
    }

    /// <summary>
    /// Replaces both sets by new ones with the live registrations. The number of the first stays, by dup3(2).
    /// </summary>
    /// <remarks>
    /// A new set reports what is ready when it is added, also what an EV_CLEAR knote has delivered already (CORE-CLR-001), so these
    /// first reports are thrown away. Nothing is lost with them: the old sets, which live on meanwhile, have reported the
    /// same or do so now. What happens after the throwing away may be reported by both, which is no more than one event too many.
    /// </remarks>
    private void Rebuild()
    {
        _suspects.Clear();
        if (Sys.EpollCreate(out int fresh) != Errno.None)
            return;
        int second = None;
        bool complete = OpenPoison() && (_secondFd == None || Sys.EpollCreate(out second) == Errno.None);
        complete = complete && RegisterOwn(fresh, second) == Errno.None && RegisterProcessesAgain(fresh) && RegisterSignalsAgain(fresh);
        for (int fd = 0; complete && fd < _descriptors.Length; fd++)
            complete = RegisterAgain(fresh, second, fd, ref _descriptors[fd]);
        complete = complete && ShowFresh(fresh) && WakeOldSet();
        if (complete)
        {
            TakeAll(second, isOld: false);
            TakeAll(fresh, isOld: false);
            TakeAll(_epfd, isOld: true);
            complete = ReplaceSet(fresh);
        }

        if (!complete)
        {
            // No descriptor or no memory for it now: the orphan costs wake-ups until a later try succeeds.
            Sys.Close(fresh);
            Close(ref second);
            return;
        }

        if (second != None)
        {
            Close(ref _secondFd);
            _secondFd = second;
        }

        Sys.Close(fresh);
        Watchers.SetWasReplaced();
        RegisterReplacedSets();
        _complete = false;
        _mayHaveOrphans = false;
    }

    /// <summary>
    /// Who watches the queue's descriptor sees the new set from here on; the old one leaves when the last sleeper has
    /// left it. epoll knows a registration by file and number, and the number that the set has now is free soon: the file keeps it apart.
    /// </summary>
    private bool ShowFresh(int fresh) =>
        !IsShown || Sys.EpollControl(_number, Native.EPOLL_CTL_ADD, fresh, EpollEvents.In, ShownToken) == Errno.None;

    private Errno RegisterOwn(int fresh, int second)
    {
        Errno error = Sys.EpollControl(fresh, Native.EPOLL_CTL_ADD, _wakeFd, EpollEvents.In | EpollEvents.Edge, WakeToken);
        if (error == Errno.None && second != None)
            error = Sys.EpollControl(fresh, Native.EPOLL_CTL_ADD, second, EpollEvents.In, SecondToken);
        if (error == Errno.None && _pendingFd != None)
            error = Sys.EpollControl(fresh, Native.EPOLL_CTL_ADD, _pendingFd, EpollEvents.In, PendingToken);
        if (error == Errno.None && _alarmFd != None)
            error = Sys.EpollControl(fresh, Native.EPOLL_CTL_ADD, _alarmFd, EpollEvents.In, AlarmToken);
        if (error == Errno.None && _files is not null)
            error = _files.Register(fresh, FilesToken);
        if (error == Errno.None && _ring is not null)
            error = _ring.Register(fresh, AioToken);
        if (error == Errno.None && _mounts is not null)
            error = _mounts.Register(fresh, MountsToken);
        return error == Errno.None ? RegisterBellsAgain(fresh) : error;
    }

    /// <summary>
    /// Takes in, or throws away, what a set has to report: one round of its ready list, to whose tail level-triggered entries return.
    /// </summary>
    private unsafe void TakeAll(int set, bool isOld)
    {
        if (set == None)
            return;
        epoll_event* events = stackalloc epoll_event[SecondHarvest];
        int left = _interest + OwnRegistrations;
        int entries;
        do
        {
            entries = Look(set, events);
            for (int i = 0; isOld && i < entries; i++)
            {
                ulong token = events[i].data.u64;
                if (token < FirstGeneration || _descriptors[(int)((uint)token >> 1)].Generation == (uint)(token >> 32))
                    Take((EpollEvents)events[i].events, token);
            }

            left -= entries;
        }
        while (entries == SecondHarvest && left > 0);
    }

    /// <summary>
    /// Threads that sleep on the old set hold it until they return: an eventfd that is always readable wakes each of them, and
    /// they go on with the new one, which has the same number.
    /// </summary>
    private bool WakeOldSet() =>
        Sys.EpollControl(_epfd, Native.EPOLL_CTL_ADD, _poisonFd, EpollEvents.In, PoisonToken) == Errno.None;

    /// <returns>False when the number still stands for the old set; it wakes nobody any more then.</returns>
    private bool ReplaceSet(int fresh)
    {
        if (Sys.Replace(fresh, _epfd) == Errno.None)
            return true;
        Sys.EpollControl(_epfd, Native.EPOLL_CTL_DEL, _poisonFd, EpollEvents.None, 0);
        return false;
    }

    private bool OpenPoison()
    {
        if (_poisonFd != None)
            return true;
        if (Sys.EventFd(out int poison) != Errno.None)
            return false;
        Sys.WriteCount(poison);
        _poisonFd = poison;
        return true;
    }

    private Errno AddTo(int set, int fd, ref Descriptor d, bool second, EpollEvents events) =>
        d.Kind == DescriptorKind.Queue
            ? ControlQueue(set, Native.EPOLL_CTL_ADD, fd, events, Token(fd, ref d, second))
            : Sys.EpollControl(set, Native.EPOLL_CTL_ADD, fd, events, Token(fd, ref d, second));

    /// <returns>False when the kernel has no room for a live registration.</returns>
    private bool RegisterAgain(int fresh, int second, int fd, ref Descriptor d)
    {
        if (!d.IsRegistered && d.Second == 0)
            return true;
        if (!IsRegisteredFile(fd, ref d))
        {
            Drop(fd);
            return true;
        }

        return (!d.IsRegistered || AddTo(fresh, fd, ref d, false, d.First) == Errno.None)
            && (d.Second == 0 || AddTo(second, fd, ref d, true, d.Second) == Errno.None);
    }
}
