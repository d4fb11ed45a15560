using LibKqueueSharp.Emulation;
using Tmds.Linux;

namespace LibKqueueSharp.Linux;

/// <summary>EVFILT_READ (clauses READ-SOCK-001 to READ-EVFD-001).</summary>
internal sealed class ReadFilter(EmulatedQueue queue, EpollPoller poller)
    : DescriptorFilter(queue, EventFilter.Read, poller, EpollEvents.In | EpollEvents.ReadHangUp)
{
    private const EpollEvents Ends = EpollEvents.HangUp | EpollEvents.ReadHangUp | EpollEvents.Error;

    internal override Errno Attach(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (EpollQueues.Find(fd) is not { } inner)
            return base.Attach(kn);
        if (inner == Poller)
            return Errno.EINVAL;

        // NEST-002: a queue has READ knotes only, so whatever else is registered under the number was closed.
        if (kn.Link is not null)
            Poller.DropOtherFile(fd);
        Errno error = Poller.Queues.Add(fd, inner);
        if (error != Errno.None)
            return error;
        Poller[fd].Kind = DescriptorKind.Queue;
        kn.State = WatchedQueues.Unseen;
        error = base.Attach(kn);
        if (error == Errno.None)
        {
            error = Poller.Queues.Begin(fd);
            if (error != Errno.None)
                base.Detach(kn);
        }

        if (error != Errno.None)
            Poller.Queues.Remove(fd);
        return error;
    }

    internal override bool KernelShows(Knote kn) => base.KernelShows(kn) && !Poller[(int)kn.Ident].IsBlind;

    internal override string? Explain(Errno error, in KEvent change) => FileLimits.Explain(error);

    internal override Errno Touch(Knote kn, ref KEvent change)
    {
        if (Kind(kn) == DescriptorKind.Queue)
            kn.State = WatchedQueues.Unseen;
        return base.Touch(kn, ref change);
    }

    internal override Errno Detach(Knote kn)
    {
        Errno error = base.Detach(kn);
        if (Kind(kn) == DescriptorKind.Queue)
            Poller.Queues.End((int)kn.Ident);
        return error;
    }

    protected override bool Holds(Knote kn)
    {
        if (!TryClassify(kn))
            return false;
        return Kind(kn) switch
        {
            DescriptorKind.Pipe => PipeEvent(kn),
            DescriptorKind.TcpSocket or DescriptorKind.UnixStream or DescriptorKind.OtherStream => StreamEvent(kn),
            DescriptorKind.Datagram => DatagramEvent(kn),
            DescriptorKind.Queue => QueueEvent(kn),
            DescriptorKind.EventFd => EventFdEvent(kn),
            DescriptorKind.File or DescriptorKind.Directory => FileEvent(kn),
            DescriptorKind.UnpollableDevice => (IsSame((int)kn.Ident) || Gone(kn)) && SetEvent(kn, DeviceData, eof: false),
            _ => OtherEvent(kn),
        };
    }

    internal override KEvent Take(Knote kn)
    {
        long data = kn.Data;
        KEvent taken = base.Take(kn);
        DescriptorKind kind = Kind(kn);
        if (kind == DescriptorKind.Queue)
        {
            kn.State = Poller.Queues.Activations;
        }
        else if (WaitsForActivity(kn) && !kn.Has(EventFlags.OneShot))
        {
            // Traces clear_pipe_read and tcp_listen_backlog_clear: a reader's own progress activates an EV_CLEAR knote, an accept that of a listener.
            kn.State = data;
            Poller.Watch(kn, data > 0 && (kind == DescriptorKind.Pipe || Poller[(int)kn.Ident].IsListening));
        }

        return taken;
    }

    // EV_DISPATCH too, where EV_ENABLE asks nothing.
    private bool WaitsForActivity(Knote kn) =>
        kn.Has(EventFlags.Clear) || (kn.Has(EventFlags.Dispatch) && !Dialect.EnableReevaluates);

    /// <summary>For a watched knote: whether less is left than was last delivered, so that a reader was there.</summary>
    internal override bool HasProgressed(Knote kn)
    {
        int fd = (int)kn.Ident;
        int left;
        if (Sys.Readable(fd, out left) != Errno.None && !SocketState.TryGetBacklog(fd, Kind(kn), out left))
        {
            Gone(kn);
            return false;
        }

        if (left == kn.State)
            return false;
        bool ended = Poller[fd].HasEnded;
        bool progressed = left < kn.State && (left > 0 || ended);
        kn.State = left;
        if (left == 0)
            Poller.Watch(kn, false);
        return progressed;
    }

    protected override Errno AttachUnpollable(Knote kn)
    {
        ref Descriptor d = ref Poller[(int)kn.Ident];
        Errno error = DescriptorClassifier.Classify((int)kn.Ident, ref d);
        if (error != Errno.None)
            return error;
        switch (d.Kind)
        {
            case DescriptorKind.File:
                return Poller.RegisterFile(kn, directory: false);
            case DescriptorKind.Directory:
                return Dialect.DirectoryRead ? Poller.RegisterFile(kn, directory: true) : Errno.EINVAL;
            default:
                d.Kind = DescriptorKind.UnpollableDevice;
                return CheckDevice(kn);
        }
    }

    private bool PipeEvent(Knote kn)
    {
        int fd = (int)kn.Ident;

        // READ-PIPE-003: the writing end never has anything to read.
        if (Poller[fd].Access == LibC.O_WRONLY)
            return HasEndOfWrongEnd(kn) && SetEvent(kn, 0, eof: true);
        if (IsIdle(kn, out EpollEvents? known))
            return false;
        if (Sys.Readable(fd, out int bytes) != Errno.None || State(kn, bytes, known, out EpollEvents ready) != Errno.None)
            return Gone(kn);
        bool eof = (ready & EpollEvents.HangUp) != 0;
        if (bytes == 0 && !eof)
            return NothingThere(kn, ready);
        if (eof && !IsStillRegistered(kn))
            return false;
        if (!eof && Dialect.PipesHonourLowWater && bytes < LowWater(kn, 1) && bytes < Sys.PipeSize(fd))
            return Refuse(kn);
        return (ready & (EpollEvents.In | Ends)) != 0 && SetEvent(kn, bytes, eof);
    }

    private bool StreamEvent(Knote kn)
    {
        int fd = (int)kn.Ident;
        ref Descriptor d = ref Poller[fd];
        if (IsIdle(kn, out EpollEvents? known))
            return false;
        Errno error = Sys.Readable(fd, out int bytes);
        d.IsListening = error == Errno.EINVAL;
        if (d.IsListening)
            return ListenerEvent(kn);
        if (error is not (Errno.None or Errno.EBADF))
            return UncountedEvent(kn);
        if (error != Errno.None || State(kn, bytes, known, out EpollEvents ready) != Errno.None)
            return Gone(kn);
        if ((ready & Ends) == 0)
        {
            if (bytes == 0 && !HasLowWater(kn))
                return NothingThere(kn, ready);
            if (bytes < LowWater(kn, d.LowWater))
                return Refuse(kn);
            return ((ready & EpollEvents.In) != 0 || LowWater(kn, 1) <= 0) && SetEvent(kn, bytes, eof: false);
        }

        // READ-SOCK-009, READ-SOCK-010: a socket that was never connected hangs up in epoll's words, and is silent in BSD's.
        bool eof = (ready & EpollEvents.ReadHangUp) != 0;
        if (!eof && (ready & EpollEvents.Error) == 0)
            return bytes > 0 ? SetEvent(kn, bytes, eof: false) : Refuse(kn);
        if (!IsStillRegistered(kn))
            return false;
        SetEvent(kn, bytes, eof);
        if (eof && (ready & EpollEvents.Error) != 0)
            kn.FFlags = (uint)SocketState.Error(fd, d.Kind);
        return true;
    }

    private bool ListenerEvent(Knote kn)
    {
        if (Ready(kn, out EpollEvents ready) != Errno.None)
            return Gone(kn);
        if ((ready & EpollEvents.In) == 0)
            return (ready & Ends) != 0 && Refuse(kn);
        if (!SocketState.TryGetBacklog((int)kn.Ident, Kind(kn), out int waiting))
            return Gone(kn);
        return waiting > 0 ? SetEvent(kn, waiting, eof: false) : NothingThere(kn, ready);
    }

    private bool DatagramEvent(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (IsIdle(kn, out EpollEvents? known))
            return false;
        Errno error = Sys.Readable(fd, out int bytes);
        if (error is not (Errno.None or Errno.EBADF))
            return UncountedEvent(kn);
        if (error != Errno.None || State(kn, bytes, known, out EpollEvents ready) != Errno.None)
            return Gone(kn);

        // Trace udp: a datagram of no bytes is one too; the kernel has to confirm that it is still there.
        if (bytes == 0 && Ask(kn, out ready) != Errno.None)
            return Gone(kn);
        if ((ready & (EpollEvents.In | Ends)) == 0)
            return false;
        if ((bytes == 0 || (ready & Ends) != 0) && !IsStillRegistered(kn))
            return false;
        bool eof = (ready & (EpollEvents.ReadHangUp | EpollEvents.HangUp)) != 0;
        if (!eof && (ready & EpollEvents.Error) == 0 && bytes < LowWater(kn, 0))
            return Refuse(kn);
        return SetEvent(kn, bytes, eof);
    }

    private bool QueueEvent(Knote kn)
    {
        bool isBlind = Poller[(int)kn.Ident].IsBlind;
        if (isBlind)
            AskLater(kn);
        if ((isBlind ? Ask(kn, out EpollEvents ready) : Ready(kn, out ready)) != Errno.None)
            return Gone(kn);
        if (ready == EpollEvents.None)
            return false;
        if (!Poller.Queues.TryCount((int)kn.Ident, out int count))
            return Gone(kn);

        // CORE-CLR-001: an edge that the inner queue's own bookkeeping caused is none.
        bool seen = kn.Has(EventFlags.Clear) && kn.State == Poller.Queues.Activations;
        return count > 0 && !seen && SetEvent(kn, count, eof: false);
    }

    private bool EventFdEvent(Knote kn)
    {
        if (Ready(kn, out EpollEvents ready) != Errno.None)
            return Gone(kn);
        if ((ready & EpollEvents.In) == 0)
            return false;
        if (!EventFdCounter.TryRead((int)kn.Ident, out ulong count))
            return Gone(kn);

        // ORD-008: another thread may have read it since the kernel spoke.
        return count != 0 && SetEvent(kn, (long)count, eof: false);
    }

    // READ-FILE-001, READ-FILE-002: the offset against the size; behind the end is not the end.
    private bool FileEvent(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (!TryLookAtFile(kn, out stat status))
            return false;
        if (Sys.Offset(fd, out long offset) != Errno.None)
            offset = 0;
        long data = (long)status.st_size - offset;
        bool always = (kn.SavedFFlags & (uint)ReadWriteNotes.FilePoll) != 0;
        if (data == 0 && !always)
            return false;
        SetEvent(kn, data, eof: false);
        if (data == 0 && Dialect.ReportsEndOfFile)
            kn.FFlags = (uint)ReadWriteNotes.FilePoll;
        return true;
    }

    /// <summary>A socket whose family knows no FIONREAD, for example AF_NETLINK; or the number stands for something else by now.</summary>
    private bool UncountedEvent(Knote kn) => IsStillRegistered(kn) && OtherEvent(kn);

    private bool OtherEvent(Knote kn)
    {
        if (Ready(kn, out EpollEvents ready) != Errno.None)
            return Gone(kn);
        if ((ready & (EpollEvents.In | Ends)) == 0)
            return false;
        bool eof = (ready & (EpollEvents.HangUp | EpollEvents.ReadHangUp)) != 0;
        Errno error = Sys.Readable((int)kn.Ident, out int bytes);
        if (error == Errno.EBADF)
            return Gone(kn);

        // No count is to be had: there is something, and BSD's devices say 1 then.
        return SetEvent(kn, error == Errno.None ? bytes : eof ? 0 : 1, eof);
    }

    /// <summary>
    /// There is nothing, as the harvest at hand has told; or, where that was full before it came to a level-triggered knote, as one
    /// call tells: most of those were served since, and a count would need another call to be sure of the end (2.6 calls an event
    /// instead of 1.8 at 1,000 active ones in calls for 128).
    /// </summary>
    private bool IsIdle(Knote kn, out EpollEvents? known)
    {
        known = null;
        if (Poller.TryGetReady(kn, out EpollEvents ready) || (!Poller.IsEdge(kn) && Ask(kn, out ready) == Errno.None))
            known = ready;
        return known is { } events && (events & (EpollEvents.In | Ends)) == 0 && !HasLowWater(kn);
    }

    /// <summary>
    /// Epoll's view, asked for only where the count does not settle it: with bytes there and no end seen so far, an
    /// edge-triggered knote is ready.
    /// </summary>
    private Errno State(Knote kn, int bytes, EpollEvents? known, out EpollEvents ready)
    {
        if (known is { } events)
        {
            ready = events;
            return Errno.None;
        }

        bool ended = Poller[(int)kn.Ident].HasEnded;
        ready = bytes > 0 ? EpollEvents.In : EpollEvents.None;
        return ended || !Poller.IsEdge(kn) ? Ask(kn, out ready) : Errno.None;
    }

    /// <summary>
    /// Nothing can be read. If the kernel has just said otherwise, somebody was faster, or the number stands for another file by now.
    /// </summary>
    private bool NothingThere(Knote kn, EpollEvents ready)
    {
        if ((ready & EpollEvents.In) == 0 || !IsStillRegistered(kn) || Ask(kn, out ready) != Errno.None)
            return false;
        if ((ready & EpollEvents.In) == 0)
            return false;

        // A record of no bytes in a sequence of packets: nothing to BSD, readable to Linux.
        return Refuse(kn);
    }

    private static bool SetEvent(Knote kn, long data, bool eof)
    {
        kn.Data = data;
        kn.FFlags = 0;
        kn.Flags = eof ? kn.Flags | EventFlags.Eof : kn.Flags & ~EventFlags.Eof;
        return true;
    }

    private static bool HasLowWater(Knote kn) => (kn.SavedFFlags & (uint)ReadWriteNotes.LowWater) != 0;

    private static long LowWater(Knote kn, int otherwise) => HasLowWater(kn) ? kn.SavedData : otherwise;
}
