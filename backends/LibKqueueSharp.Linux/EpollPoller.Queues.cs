using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>
/// The queue as something to watch. Its descriptor is an epoll set that holds nothing but the set in which threads sleep, and
/// is never replaced: an event loop that has registered it keeps seeing the queue when the inner set is rebuilt.
/// </summary>
internal sealed partial class EpollPoller
{
    private readonly ConcurrentQueue<int> _replacedSets = new();
    /// <summary>The queues that this one watches.</summary>
    internal WatchedQueues Queues { get; }

    /// <summary>The queues that watch this one.</summary>
    internal QueueWatchers Watchers { get; } = new();

    internal EmulatedQueue Queue => _queue;

    internal override SafeHandle Descriptor => _epoll;

    /// <summary>The queue's number was handed out and stands for a set that shows the queue.</summary>
    private bool IsShown => _epfd != _number;

    internal override Errno Export()
    {
        Errno error = Sys.EventFd(out _pendingFd);
        if (error != Errno.None)
            return error;
        error = Sys.TimerFd(out _alarmFd);
        if (error == Errno.None)
            error = Sys.EpollControl(_epfd, Native.EPOLL_CTL_ADD, _pendingFd, EpollEvents.In, PendingToken);
        if (error == Errno.None)
            error = Sys.EpollControl(_epfd, Native.EPOLL_CTL_ADD, _alarmFd, EpollEvents.In, AlarmToken);
        if (error == Errno.None)
            error = Show();
        if (error == Errno.None)
            return Errno.None;
        Close(ref _pendingFd);
        Close(ref _alarmFd);
        return error switch
        {
            Errno.ELOOP => Errno.EINVAL,
            Errno.ENOSPC => Errno.ENOMEM,
            _ => error,
        };
    }

    /// <summary>A file of the queue's own that is not the one shown, once the descriptor was handed out. Called by a thread that has entered the queue.</summary>
    internal int OwnFile => _alarmFd;

    /// <summary>
    /// Files of the queue's own that live as long as it does, once the descriptor was handed out: the set is not among them, since another may take its place.
    /// </summary>
    internal int[] OwnFiles => [_wakeFd, _pendingFd, _alarmFd];

    /// <summary>
    /// Whether a number still stands for this queue: its set answers EEXIST to the alarm, which it holds as a mark and
    /// without interest. Called by a thread that has entered the queue.
    /// </summary>
    internal bool IsShownAs(int fd)
    {
        Errno error = Sys.EpollControl(fd, Native.EPOLL_CTL_ADD, _alarmFd, EpollEvents.None, 0);
        if (error == Errno.None)
            Sys.EpollControl(fd, Native.EPOLL_CTL_DEL, _alarmFd, EpollEvents.None, 0);
        return error == Errno.EEXIST;
    }

    /// <summary>Whether a number stands for this queue, which need not be entered: one that is closed stands for nothing.</summary>
    internal bool StandsAt(int fd)
    {
        if (!_queue.TryEnter())
            return false;
        bool stands = IsShownAs(fd);
        _queue.Exit();
        return stands;
    }

    /// <summary>
    /// A queue that this one watches has a new set. Called by its thread, under its lock: the registration is made by the next thread of this
    /// queue, and one that sleeps is woken for it.
    /// </summary>
    internal void WatchedSetWasReplaced(int fd)
    {
        _replacedSets.Enqueue(fd);
        Sys.WriteCount(_wakeFd);
    }

    /// <summary>Threads go on sleeping in the same set, under another number; its number, the lowest that was free (KQ-NEW-001), shows it.</summary>
    private Errno Show()
    {
        Errno error = Sys.Duplicate(_epfd, out int inner);
        if (error != Errno.None)
            return error;
        error = Sys.EpollCreate(out int shown);
        if (error == Errno.None)
            error = Sys.EpollControl(shown, Native.EPOLL_CTL_ADD, inner, EpollEvents.In, ShownToken);
        if (error == Errno.None)
            error = Sys.EpollControl(shown, Native.EPOLL_CTL_ADD, _alarmFd, EpollEvents.None, 0);
        if (error == Errno.None)
        {
            _epfd = inner;
            error = Sys.Replace(shown, _number);
        }

        if (error == Errno.None)
        {
            _entry = EpollQueues.Add(_number, this);
        }
        else
        {
            _epfd = _number;
            Sys.Close(inner);
        }

        if (shown >= 0)
            Sys.Close(shown);
        return error;
    }

    /// <summary>
    /// What the new sets hold is not in the harvest at hand, so the kernel has to be asked once more. Where it has no room, or the chain of queues has
    /// become too deep for it meanwhile, the watched queue is asked at each scan and every 10 ms, until a later try succeeds.
    /// </summary>
    private void RegisterReplacedSets()
    {
        for (int left = _replacedSets.Count; left > 0 && _replacedSets.TryDequeue(out int fd); left--)
        {
            ref Descriptor d = ref _descriptors[fd];
            if (d.Kind != DescriptorKind.Queue)
                continue;
            Errno error = d.IsRegistered ? ControlQueue(Native.EPOLL_CTL_ADD, fd, ref d, false, d.First) : Errno.None;
            if (error == Errno.None && d.Second != 0)
                error = ControlQueue(Native.EPOLL_CTL_ADD, fd, ref d, true, d.Second);
            // EBADF, ENOENT: the number stands for the queue no more.
            d.IsBlind = error is not (Errno.None or Errno.EBADF or Errno.ENOENT);
            if (error == Errno.None)
                MustAskAgain = true;
            if (!d.IsBlind)
                continue;
            _replacedSets.Enqueue(fd);
            for (Knote? kn = d.Chain; kn is not null; kn = kn.Link)
            {
                _queue.Activate(kn);
                _queue.Hide(kn);
                ((DescriptorFilter)kn.Filter).AskLater(kn);
            }
        }
    }

    /// <summary>
    /// Watching goes to the set in which the watched queue sleeps, and not to the one that shows its state to others: a set less in
    /// the chain, of which epoll allows five. A watched queue may have replaced its set a moment ago, and the registration may not have followed yet: neither its absence nor
    /// its presence is an error while the number stands for the queue.
    /// </summary>
    private Errno ControlQueue(int operation, int fd, ref Descriptor d, bool second, EpollEvents events) =>
        ControlQueue(second ? _secondFd : _epfd, operation, fd, events, Token(fd, ref d, second));

    private Errno ControlQueue(int set, int operation, int fd, EpollEvents events, ulong token)
    {
        if (!Queues.TryEnter(fd, out EpollPoller? inner))
            return Sys.IsOpen(fd) ? Errno.ENOENT : Errno.EBADF;
        Errno error = Sys.EpollControl(set, operation, inner._epfd, events, token);
        if (error == Errno.ENOENT && operation == Native.EPOLL_CTL_MOD)
            error = Sys.EpollControl(set, Native.EPOLL_CTL_ADD, inner._epfd, events, token);
        else if (error == Errno.EEXIST)
            error = Sys.EpollControl(set, Native.EPOLL_CTL_MOD, inner._epfd, events, token);
        inner.Queue.Exit();
        return error == Errno.ENOENT ? Errno.None : error;
    }
}
