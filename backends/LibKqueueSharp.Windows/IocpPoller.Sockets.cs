using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>The sockets that are watched.</summary>
internal sealed partial class IocpPoller
{
    /// <summary>As other users of AFD do: the kernel looks through all polls of a handle when one is cancelled.</summary>
    private const int SocketsPerHandle = 32;

    private readonly Dictionary<nuint, WatchedSocket> _sockets = [];
    private readonly List<AfdHandle> _afd = [];

    /// <summary>Written under the lock; its count is read without it by <see cref="EdgeRecorded"/>.</summary>
    private readonly List<Interest> _latched = [];
    private readonly List<Interest> _sampled = [];

    /// <summary>Written under the lock, read without it by <see cref="HasInterest"/>.</summary>
    private volatile int _interest;

    internal Knote? Find(nuint ident, EventFilter filter) => FindInterest(ident, filter)?.Knote;

    internal Interest Interest(Knote kn) => _sockets[kn.Ident][kn.Filter.Number]!;

    internal void Insert(Knote kn)
    {
        if (!_sockets.TryGetValue(kn.Ident, out WatchedSocket? socket))
            _sockets.Add(kn.Ident, socket = new WatchedSocket(kn.Ident));
        socket.Add(kn);
        _interest++;
    }

    internal void Remove(Knote kn)
    {
        WatchedSocket socket = _sockets[kn.Ident];
        socket.Remove(kn);
        _interest--;
        if (socket.Count != 0)
            return;
        Close(socket);
        _sockets.Remove(kn.Ident);
    }

    /// <summary>Drops all knotes of a socket: it was closed.</summary>
    internal void Drop(nuint ident)
    {
        while (_sockets.TryGetValue(ident, out WatchedSocket? socket) && socket.AnyKnote() is { } kn)
            _queue.Discard(kn);
    }

    internal void DiscardAll()
    {
        foreach (nuint ident in _sockets.Keys.ToArray())
            Drop(ident);
    }

    /// <summary>Begins to watch a socket for a first knote; for others, sees to it that the number stands for the same socket.</summary>
    /// <returns>EBADF when it is not open, ENOTSUP when it is no socket, ENOMEM.</returns>
    internal Errno Open(Knote kn)
    {
        WatchedSocket socket = _sockets[kn.Ident];
        if ((socket.Kind != WatchedKind.Socket || socket.Guard is not null) && !IsStillOpen(socket))
        {
            DropOthers(socket, kn);
            socket.Kind = WatchedKind.Socket;
        }

        if (socket.Guard is not null)
            return Errno.None;
        if (socket.Kind == WatchedKind.File)
            return OpenFile(socket, kn);
        if (socket.Kind != WatchedKind.Socket)
            return kn.Filter.Number == EventFilter.Except ? Errno.ENOTSUP : Errno.None;
        Errno error = Sys.SocketType(socket.Handle, out int type);
        if (error == Errno.ENOTSUP && kn.Filter.Number != EventFilter.Except && Sys.LookAtPipe(socket.Handle) != PipeStatus.None)
        {
            socket.Kind = WatchedKind.Pipe;
            return Errno.None;
        }

        if (error == Errno.ENOTSUP && Sys.IsDiskFile(socket.Handle))
            return OpenFile(socket, kn);
        socket.IsStream = type == Native.StreamSocket;
        if (error == Errno.None)
            error = Sys.BaseSocket(socket.Handle, out socket.Base);
        if (error == Errno.None)
            error = FindHandle(out socket.Afd);
        if (error != Errno.None)
            return error;
        socket.Afd!.Sockets++;
        return StartGuard(socket);
    }

    /// <summary>As <see cref="Open"/>. A queue has no knote but that one: all others under its number were of something that was closed.</summary>
    internal void OpenQueue(Knote kn)
    {
        WatchedSocket socket = _sockets[kn.Ident];
        DropOthers(socket, kn);
        socket.Kind = WatchedKind.Queue;
    }

    /// <summary>
    /// Whether the number still stands for the watched socket. The guard ends by the closing and by nothing else, so while it
    /// can be cancelled the socket is open; it does not matter who takes its packet.
    /// </summary>
    internal bool IsStillOpen(WatchedSocket socket)
    {
        if (socket.Kind == WatchedKind.File)
            return IsSameFile(socket);
        if (socket.Kind == WatchedKind.Pipe)
            return LookAtPipe(socket) != PipeStatus.None;
        if (socket.Kind == WatchedKind.Queue)
            return socket[EventFilter.Read]?.Inner is { } inner && NestedQueues.Find(socket.Ident) == inner;
        if (socket.Guard is not { } guard || !Sys.Cancel(guard.Afd, guard.Block))
            return false;
        guard.Guarded = null;
        socket.Guard = null;
        return StartGuard(socket) == Errno.None;
    }

    /// <summary>
    /// As <see cref="IsStillOpen"/>, for what takes a registration away: of a pipe it asks only whether the handle is open, since any other question
    /// may wait for whoever reads from the pipe.
    /// </summary>
    internal bool SeemsOpen(WatchedSocket socket) =>
        socket.Kind == WatchedKind.Pipe ? Sys.IsOpen(socket.Handle) && NestedQueues.Find(socket.Ident) is null : IsStillOpen(socket);

    /// <summary>What a watched pipe is now. The descriptor of a queue is none.</summary>
    internal static PipeStatus LookAtPipe(WatchedSocket socket) =>
        NestedQueues.Find(socket.Ident) is null ? Sys.LookAtPipe(socket.Handle) : PipeStatus.None;

    /// <summary>
    /// Whether the socket was closed as far as can be told without a call: another thread may hold the packet of the guard and wait for the lock,
    /// while the number is another socket's. What the kernel writes, it writes before the packet comes.
    /// </summary>
    internal static bool IsClosed(WatchedSocket socket) =>
        socket.Guard is { } guard && Sys.HasEnded(guard.Block) && (Sys.Found(guard.Block) & AfdEvents.LocalClose) != 0;

    /// <summary>Begins or ends looking at an EV_CLEAR knote before each scan.</summary>
    internal void Latch(Interest interest, bool latched)
    {
        if (interest.IsLatched == latched)
            return;
        interest.IsLatched = latched;
        if (latched)
            _latched.Add(interest);
        else
            _latched.Remove(interest);
    }

    /// <summary>Begins or ends looking at what no packet tells of before each scan: what is there now is an event now.</summary>
    internal void LookEachScan(Interest interest, bool look)
    {
        if (look)
            _sampled.Add(interest);
        else
            _sampled.Remove(interest);
    }

    internal override void BeforeScan()
    {
        foreach (Interest interest in _sampled)
        {
            if ((interest.Knote.Status & (KnoteStatus.Disabled | KnoteStatus.Active)) == 0
                && !((SocketFilter)interest.Knote.Filter).IsIdle(interest))
                _queue.Activate(interest.Knote);
        }

        for (int i = _latched.Count - 1; i >= 0; i--)
        {
            // Looking at one knote may have removed others.
            if (i < _latched.Count && !_latched[i].Knote.Is(KnoteStatus.Disabled))
                ((SocketFilter)_latched[i].Knote.Filter).LookForEdge(_latched[i]);
        }
    }

    /// <summary>Winsock has recorded something of some socket. Called without the lock, by a thread of the pool.</summary>
    internal void EdgeRecorded()
    {
        // What is latched just now is looked at once more after that, with a call of the system between: that look finds a record that came too early for this.
        if (_latched.Count != 0)
            _queue.Post(_readFilter, 0);
    }

    private Interest? FindInterest(nuint ident, EventFilter filter) =>
        _sockets.TryGetValue(ident, out WatchedSocket? socket) ? socket[filter] : null;

    private void DropOthers(WatchedSocket socket, Knote kept)
    {
        Abandon(ref socket.Guard);
        foreach (EventFilter filter in (ReadOnlySpan<EventFilter>)[EventFilter.Read, EventFilter.Write, EventFilter.Except])
        {
            if (socket[filter]?.Knote is { } other && other != kept)
                _queue.Discard(other);
        }

        Leave(socket);
    }

    private Errno StartGuard(WatchedSocket socket)
    {
        int status = Submit(socket, AfdEvents.LocalClose, out Poll poll);
        if (poll.IsPending)
        {
            poll.Guarded = socket;
            socket.Guard = poll;
            return Errno.None;
        }

        Leave(socket);
        return ToErrno(status);
    }

    private void Close(WatchedSocket socket)
    {
        Abandon(ref socket.Guard);
        Leave(socket);
    }

    private static void Leave(WatchedSocket socket)
    {
        if (socket.Afd is not null)
            socket.Afd.Sockets--;
        socket.Afd = null;
    }

    private Errno FindHandle(out AfdHandle? found)
    {
        found = _afd.Find(afd => afd.Sockets < SocketsPerHandle);
        if (found is not null)
            return Errno.None;
        Errno error = Sys.OpenAfd(_port, PollKey, skipWanted: !_fallbacks, out nint handle, out bool skips);
        if (error == Errno.None)
            _afd.Add(found = new AfdHandle(handle, skips));
        return error;
    }
}
