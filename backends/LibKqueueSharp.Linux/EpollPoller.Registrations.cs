using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>
/// Which events of which descriptor the kernel reports. One registration serves all knotes of a descriptor while they are
/// level-triggered. An edge-triggered one serves one direction only, because an edge of one direction makes epoll report
/// the other as well; the other direction then goes to a second epoll set, which is watched by the first.
/// </summary>
internal sealed partial class EpollPoller
{
    private Descriptor[] _descriptors = [];
    private uint _lastGeneration;
    private bool _closing;

    /// <summary>The knote that this change has just armed, so that its first event is on its way.</summary>
    private Knote? _armed;

    internal ref Descriptor this[int fd] => ref _descriptors[fd];

    internal bool Holds(nuint ident) => ident < (nuint)_descriptors.Length;

    internal Knote? Find(nuint ident, EventFilter filter)
    {
        if (!Holds(ident))
            return null;
        Knote? kn = _descriptors[(int)ident].Chain;
        while (kn is not null && kn.Filter.Number != filter)
            kn = kn.Link;
        return kn;
    }

    internal void Insert(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (fd >= _descriptors.Length)
            Array.Resize(ref _descriptors, Math.Max(fd + 1, Math.Max(64, _descriptors.Length + _descriptors.Length / 2)));
        ref Descriptor d = ref _descriptors[fd];
        kn.Link = d.Chain;
        d.Chain = kn;
    }

    internal void Remove(Knote kn)
    {
        ref Descriptor d = ref _descriptors[(int)kn.Ident];
        ref Knote? at = ref d.Chain;
        while (at != kn)
            at = ref at!.Link;
        at = kn.Link;
        kn.Link = null;
        if (d.Chain is null)
            d = default;
    }

    /// <summary>Registers the interest of a knote that is in its descriptor's chain already.</summary>
    /// <returns>EPERM for a file that cannot be polled, or the errno of the change.</returns>
    internal Errno Register(Knote kn, bool edge)
    {
        int fd = (int)kn.Ident;
        ref Descriptor d = ref _descriptors[fd];
        if ((d.IsRegistered || d.Second != 0) && !IsRegisteredFile(fd, ref d))
            DropOthers(fd, kn);
        bool first = BelongsToFirst(ref d, kn, edge);
        if (d.Generation == 0)
            d.Generation = NextGeneration();
        Errno error = first ? RegisterFirst(kn, ref d, edge) : RegisterSecond(kn, ref d);
        if (error == Errno.None)
            _armed = kn;
        else if (!d.IsRegistered && d.Second == 0)
            d.Generation = 0;
        return error switch
        {
            Errno.ELOOP => Errno.EINVAL,
            Errno.ENOSPC => Errno.ENOMEM,
            _ => error,
        };
    }

    /// <summary>
    /// Takes a knote's interest back. The errno tells EV_DELETE that the descriptor is closed (EBADF) or is another file now (ENOENT).
    /// </summary>
    internal Errno Unregister(Knote kn)
    {
        int fd = (int)kn.Ident;
        ref Descriptor d = ref _descriptors[fd];
        Watch(kn, false);
        bool second = kn.Is(KnoteStatus.Second);
        if (_closing || (second ? d.Second == 0 : !d.IsRegistered))
            return Errno.None;
        EpollEvents rest = Wanted(ref d, second, except: kn, out int others);
        Errno error;
        if (others != 0)
        {
            error = Control(Native.EPOLL_CTL_MOD, fd, ref d, second, rest);
        }
        else
        {
            error = Control(Native.EPOLL_CTL_DEL, fd, ref d, second, EpollEvents.None);
            _mayHaveOrphans |= error != Errno.None;
            if (second)
                d.Second = EpollEvents.None;
            else
                d.IsRegistered = false;
            _interest--;
        }

        if (!d.IsRegistered && d.Second == 0)
            d.Generation = 0;
        return error;
    }

    /// <summary>
    /// EV_ADD of an existing registration: arms it anew. False when the number stands for another file by now, or for none; its
    /// knotes have been dropped then.
    /// </summary>
    internal bool Rearm(Knote kn)
    {
        int fd = (int)kn.Ident;
        ref Descriptor d = ref _descriptors[fd];
        bool second = kn.Is(KnoteStatus.Second);
        if (IsOtherFile(Control(Native.EPOLL_CTL_MOD, fd, ref d, second, second ? d.Second : d.First)))
        {
            Drop(fd);
            return false;
        }

        _armed = kn;
        return true;
    }

    /// <summary>True, once, for the knote that was armed by the change at hand.</summary>
    internal bool TakeArmed(Knote kn)
    {
        bool armed = _armed == kn;
        _armed = null;
        return armed;
    }

    /// <summary>A knote was enabled: restores what was let go of while nobody wanted it.</summary>
    internal void Enable(Knote kn)
    {
        ref Descriptor d = ref _descriptors[(int)kn.Ident];
        EpollEvents interest = Interest(kn);
        if (!kn.Is(KnoteStatus.Second) && !d.IsEdge && (d.First & (interest | EpollEvents.Edge)) != interest)
            Modify((int)kn.Ident, ref d);
    }

    /// <summary>
    /// The kernel calls something ready that the filter does not: from now on only changes are reported, and level-triggered
    /// knotes are asked at each scan.
    /// </summary>
    internal void MakeEdge(Knote kn)
    {
        ref Descriptor d = ref _descriptors[(int)kn.Ident];
        if (kn.Is(KnoteStatus.Second) || d.IsEdge || !d.IsRegistered)
            return;
        BecomeEdge(ref d);
        Modify((int)kn.Ident, ref d);
    }

    private void BecomeEdge(ref Descriptor d)
    {
        d.IsEdge = true;
        for (Knote? kn = d.Chain; kn is not null; kn = kn.Link)
            _queue.Hide(kn);
    }

    internal bool IsEdge(Knote kn) => kn.Is(KnoteStatus.Second) || _descriptors[(int)kn.Ident].IsEdge;

    /// <summary>
    /// What is known of a descriptor's readiness without a system call.
    /// </summary>
    /// <returns>False when the kernel has to be asked.</returns>
    internal bool TryGetReady(Knote kn, out EpollEvents ready)
    {
        ref Descriptor d = ref _descriptors[(int)kn.Ident];
        bool told = IsTold(kn);
        ready = told ? d.Ready : EpollEvents.None;
        return told || (!IsEdge(kn) && _complete);
    }

    /// <summary>Whether the harvest at hand reported the registration that serves a knote.</summary>
    internal bool IsTold(Knote kn)
    {
        ref Descriptor d = ref _descriptors[(int)kn.Ident];
        return d.Harvest == _harvest && (d.Told & ToldBit(kn.Is(KnoteStatus.Second))) != 0;
    }

    /// <summary>
    /// Whether the number still stands for the file that was registered: epoll's answer to a second registration,
    /// which knows the file and not only the number (142 ns).
    /// </summary>
    internal bool IsRegisteredFile(int fd, ref Descriptor d)
    {
        if (d.Kind == DescriptorKind.Queue)
            return Queues.Stands(fd);
        int set = d.IsRegistered ? _epfd : _secondFd;
        switch (Sys.EpollControl(set, Native.EPOLL_CTL_ADD, fd, EpollEvents.Edge, PoisonToken))
        {
            case Errno.EEXIST:
                return true;
            case Errno.None:
                Sys.EpollControl(set, Native.EPOLL_CTL_DEL, fd, EpollEvents.None, 0);
                return false;
            default:
                return false;
        }
    }

    /// <summary>The descriptor was closed: drops its knotes (FD-CLOSE-001).</summary>
    internal void Drop(int fd)
    {
        while (_descriptors[fd].Chain is { } kn)
            _queue.Discard(kn);
    }

    /// <summary>The queue is closing: the epoll sets go as a whole, so no registration is taken back by itself.</summary>
    internal void DiscardAll()
    {
        _closing = true;
        for (int fd = 0; fd < _descriptors.Length; fd++)
            Drop(fd);
    }

    /// <summary>The number stands for another file than the knotes of its chain, except for the one being added: those go.</summary>
    private void DropOthers(int fd, Knote keep)
    {
        ref Descriptor d = ref _descriptors[fd];
        int registrations = (d.IsRegistered ? 1 : 0) + (d.Second != 0 ? 1 : 0);
        _interest -= registrations;
        _mayHaveOrphans |= registrations != 0;
        d.IsRegistered = false;
        d.Second = EpollEvents.None;
        for (Knote? kn = d.Chain; kn is not null;)
        {
            Knote? next = kn.Link;
            if (kn != keep)
                _queue.Discard(kn);
            kn = next;
        }

        d = new Descriptor { Chain = keep };
    }

    /// <summary>
    /// Level-triggered knotes share the first registration. Where an edge is among them, each direction has a registration of
    /// its own: receiving (READ, EXCEPT), for which BSD has one list of knotes as well, and sending (WRITE, EMPTY).
    /// </summary>
    private static bool BelongsToFirst(ref Descriptor d, Knote kn, bool edge)
    {
        bool firstHasOther = false;
        bool secondHasOther = false;
        for (Knote? other = d.Chain; other is not null; other = other.Link)
        {
            bool same = Receives(other) == Receives(kn);
            if (other == kn || Interest(other) == EpollEvents.None)
                continue;
            if (same && other.Is(KnoteStatus.Second))
                return false;
            firstHasOther |= !same && !other.Is(KnoteStatus.Second);
            secondHasOther |= !same && other.Is(KnoteStatus.Second);
        }

        return secondHasOther || !firstHasOther || (!edge && !d.IsEdge);
    }

    private static bool Receives(Knote kn) => kn.Filter.Number is EventFilter.Read or EventFilter.Except;

    private Errno RegisterFirst(Knote kn, ref Descriptor d, bool edge)
    {
        int fd = (int)kn.Ident;
        bool isNew = !d.IsRegistered;
        if (edge && !d.IsEdge)
            BecomeEdge(ref d);
        else if (isNew)
            d.IsEdge = edge;
        EpollEvents events = Wanted(ref d, second: false, except: null, out _);
        Errno error = Control(isNew ? Native.EPOLL_CTL_ADD : Native.EPOLL_CTL_MOD, fd, ref d, false, events);
        // The same file under the same number, left behind by a registration that a close had hidden from us.
        if (error == Errno.EEXIST)
            error = Control(Native.EPOLL_CTL_MOD, fd, ref d, false, events);
        if (error == Errno.None && isNew)
        {
            d.IsRegistered = true;
            _interest++;
        }

        return error;
    }

    private Errno RegisterSecond(Knote kn, ref Descriptor d)
    {
        Errno error = OpenSecond();
        if (error != Errno.None)
            return error;
        bool isNew = d.Second == 0;
        kn.Status |= KnoteStatus.Second;
        EpollEvents events = Wanted(ref d, second: true, except: null, out _);
        error = Control(isNew ? Native.EPOLL_CTL_ADD : Native.EPOLL_CTL_MOD, (int)kn.Ident, ref d, true, events);
        if (error == Errno.EEXIST)
            error = Control(Native.EPOLL_CTL_MOD, (int)kn.Ident, ref d, true, events);
        if (error == Errno.None && isNew)
            _interest++;
        else if (error != Errno.None)
            kn.Status &= ~KnoteStatus.Second;
        return error;
    }

    private Errno OpenSecond()
    {
        if (_secondFd != None)
            return Errno.None;
        Errno error = Sys.EpollCreate(out int fd);
        if (error == Errno.None)
            error = Sys.EpollControl(_epfd, Native.EPOLL_CTL_ADD, fd, EpollEvents.In, SecondToken);
        if (error == Errno.None)
            _secondFd = fd;
        else if (fd >= 0)
            Sys.Close(fd);
        return error;
    }

    /// <summary>
    /// The events that the knotes of one registration need. Disabled ones need none on a level-triggered registration; if
    /// no knote needs any, the registration is parked: edge-triggered, since errors and hang-ups are always reported.
    /// </summary>
    private static EpollEvents Wanted(ref Descriptor d, bool second, Knote? except, out int knotes)
    {
        EpollEvents events = EpollEvents.None;
        bool edge = second || d.IsEdge;
        knotes = 0;
        for (Knote? kn = d.Chain; kn is not null; kn = kn.Link)
        {
            if (kn == except || Interest(kn) == EpollEvents.None || kn.Is(KnoteStatus.Second) != second)
                continue;
            knotes++;
            if (edge || !kn.Is(KnoteStatus.Disabled))
                events |= Interest(kn);
        }

        return edge || events == EpollEvents.None ? events | EpollEvents.Edge : events;
    }

    /// <summary>
    /// An event came that no enabled knote wants: the kernel's interest goes. A parked registration stays as it is, since changing it would make the
    /// kernel report its error or hang-up anew. Where the change fails, the number has been closed while a duplicate of the file lives.
    /// </summary>
    private void LetGo(int fd, ref Descriptor d)
    {
        EpollEvents wanted = Wanted(ref d, second: false, except: null, out _);
        if (wanted != d.First && IsOtherFile(Control(Native.EPOLL_CTL_MOD, fd, ref d, false, wanted)))
            Drop(fd);
    }

    /// <summary>The number is closed, or stands for a file that is not registered, or for one that cannot be.</summary>
    private static bool IsOtherFile(Errno error) => error is Errno.EBADF or Errno.ENOENT or Errno.EPERM;

    private void Modify(int fd, ref Descriptor d) =>
        Control(Native.EPOLL_CTL_MOD, fd, ref d, false, Wanted(ref d, second: false, except: null, out _));

    private Errno Control(int operation, int fd, ref Descriptor d, bool second, EpollEvents events)
    {
        Errno error = d.Kind == DescriptorKind.Queue
            ? ControlQueue(operation, fd, ref d, second, events)
            : Sys.EpollControl(second ? _secondFd : _epfd, operation, fd, events, Token(fd, ref d, second));
        if (error != Errno.None)
            return error;
        if (second)
            d.Second = events;
        else
            d.First = events;
        return Errno.None;
    }

    private static ulong Token(int fd, ref Descriptor d, bool second) =>
        (ulong)d.Generation << 32 | (uint)fd << 1 | (second ? 1u : 0u);

    private uint NextGeneration()
    {
        if (++_lastGeneration == 0)
            ++_lastGeneration;
        return _lastGeneration;
    }
}
