using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>What the filters on sockets share.</summary>
internal abstract class SocketFilter(EmulatedQueue queue, EventFilter number, IocpPoller poller, AfdEvents wanted)
    : Filter(queue, number)
{
    private const long ShortestStep = 1_000_000;
    private const long LongestStep = 32_000_000;

    // In nanoseconds, of a pipe with EV_CLEAR whose bytes nobody seems to read.
    private const long Patience = 1_000_000_000;

    protected IocpPoller Poller { get; } = poller;

    /// <summary>A handle has 31 bits; a greater number is no descriptor (CALL-ERR-019), or one of those that stand for the caller itself.</summary>
    internal override Errno CheckIdent(in KEvent change)
    {
        if (change.Ident >= int.MaxValue)
            return Errno.EBADF;
        bool adds = (change.Flags & EventFlags.Add) != 0;
        if (adds)
            Poller.TakeBack();
        if (Find(change.Ident) is { } kn && Poller.Interest(kn).Socket is { } socket)
        {
            // FD-CLOSE-005. Of a socket only what costs no call, as EV_ENABLE often follows each event; EV_ADD and EV_DELETE ask for more themselves.
            if (socket.Kind == WatchedKind.Socket)
                KeepIf(!IocpPoller.IsClosed(socket), kn);
            else if (!KeepIf(adds ? Poller.IsStillOpen(socket) : Poller.SeemsOpen(socket), kn) && !Dialect.ClosedDescriptorNeedsAdd)
                return Errno.EBADF;
        }

        return adds || Dialect.ClosedDescriptorNeedsAdd || Find(change.Ident) is not null
            || Sys.IsOpen((nint)change.Ident) ? Errno.None : Errno.EBADF;
    }

    internal override Knote? Find(nuint ident) => Poller.Find(ident, Number);

    internal override void Insert(Knote kn) => Poller.Insert(kn);

    internal override void Remove(Knote kn) => Poller.Remove(kn);

    internal override void DiscardAll() => Poller.DiscardAll();

    internal override string? Explain(Errno error, in KEvent change) =>
        error == Errno.ENOTSUP ? "on Windows this filter serves sockets, and READ and WRITE serve pipes and files as well" : null;

    internal override bool StillThere(Knote kn) => KeepIf(Poller.IsStillOpen(Poller.Interest(kn).Socket), kn);

    private bool KeepIf(bool open, Knote kn)
    {
        if (!open)
            Poller.Drop(kn.Ident);
        return open;
    }

    internal override Errno Attach(Knote kn)
    {
        Errno error = Poller.Open(kn);
        Interest interest = Poller.Interest(kn);
        if (error == Errno.None && TellsEdges(kn) && interest.Socket.Kind == WatchedKind.Socket)
        {
            interest.Edges = SocketEdges.Acquire(interest.Socket.Handle, RecordedEvents, Poller);
        }

        return error;
    }

    internal override Errno Detach(Knote kn)
    {
        Interest interest = Poller.Interest(kn);
        Queue.Timers.Remove(kn);
        Poller.Latch(interest, false);
        if (interest.Socket.Kind != WatchedKind.Socket)
            Poller.LookEachScan(interest, false);
        IocpPoller.Abandon(ref interest.Poll);
        bool open = Poller.SeemsOpen(interest.Socket);
        interest.Edges?.Release(Poller, open);
        return open ? Errno.None : Errno.EBADF;
    }

    /// <summary>f_event: asks AFD, which watches from now on if nothing holds.</summary>
    internal override bool Event(Knote kn)
    {
        Interest interest = Poller.Interest(kn);
        if (interest.IsLatched && !HasEdge(interest))
        {
            if (interest.IsLatched && NeedsTime(interest))
                LookLater(interest);
            return false;
        }

        if (IocpPoller.IsClosed(interest.Socket))
        {
            Poller.Drop(kn.Ident);
            return false;
        }

        Unlatch(interest);

        // Before the bytes are counted: what comes later is an edge.
        interest.SeenEdges = interest.Edges?.Look(RecordedEvents) ?? 0;
        Errno error = Poller.Ask(interest, wanted & ~interest.Reported, out AfdEvents found);
        if (error == Errno.EBADF || (found & AfdEvents.LocalClose) != 0)
        {
            Poller.Drop(kn.Ident);
            return false;
        }

        if (error != Errno.None)
        {
            LookLater(interest);
            return false;
        }

        return found != AfdEvents.None ? Holds(interest, found) : HoldsAnyway(interest);
    }

    /// <summary>Whether the condition holds though AFD has found nothing; sets the event.</summary>
    protected virtual bool HoldsAnyway(Interest interest) => false;

    /// <summary>The event, for what AFD has found; a filter that refuses it says when it wants to be asked again.</summary>
    protected abstract bool Holds(Interest interest, AfdEvents found);

    /// <summary>EV_FORCEONESHOT.</summary>
    internal override void Look(Knote kn)
    {
        kn.Data = 0;
        if (!Event(kn) && Find(kn.Ident) == kn)
            kn.Data = Amount(Poller.Interest(kn));
    }

    /// <summary>What data tells.</summary>
    protected abstract long Amount(Interest interest);

    /// <summary>The events of Winsock whose records are edges of the filter.</summary>
    protected abstract RecordedEvents RecordedEvents { get; }

    internal override KEvent Take(Knote kn)
    {
        KEvent taken = base.Take(kn);
        if (TellsEdges(kn) && !kn.Has(EventFlags.OneShot))
        {
            Interest interest = Poller.Interest(kn);
            interest.TellAgain = QueueClock.Add(Queue.Clock.Now, Patience);
            interest.Bytes = taken.Data;
            interest.Reported |= interest.Found;
            Poller.Latch(interest, true);
            interest.Step = 0;
            Queue.Timers.Remove(kn);
            Queue.Timers.Add(kn, 0);
        }

        return taken;
    }

    // EV_DISPATCH too, where EV_ENABLE asks nothing: what was told before is no event then, and what comes is one.
    private bool TellsEdges(Knote kn) => kn.Has(EventFlags.Clear) || (kn.Has(EventFlags.Dispatch) && !Dialect.EnableReevaluates);

    internal override void Disabled(Knote kn) => Queue.Timers.Remove(kn);

    internal override void Enabled(Knote kn)
    {
        if (Dialect.EnableReevaluates)
            return;
        Interest interest = Poller.Interest(kn);
        if (interest.IsLatched)
            LookForEdge(interest);
        if (!kn.Is(KnoteStatus.Active))
            LookLater(interest);
    }

    /// <summary>A change asks for the condition, not for an edge.</summary>
    internal override void Reevaluate(Knote kn)
    {
        Interest interest = Poller.Interest(kn);
        Unlatch(interest);
        interest.Reported = AfdEvents.None;
        base.Reevaluate(kn);
    }

    /// <summary>The scan asks it, unless it is known that there is nothing.</summary>
    internal override long Expired(Knote kn, long deadline, long now)
    {
        Interest interest = Poller.Interest(kn);
        if (IsIdle(interest))
            return QueueClock.Add(now, NextStep(interest));
        Queue.Activate(kn);
        return long.MaxValue;
    }

    /// <summary>Whether a look that changes nothing shows that there is no event, so that a queue does not seem to hold one (KQ-POLL-001).</summary>
    internal virtual bool IsIdle(Interest interest) => false;

    internal override void Posted(nint what) => Poller.BeforeScan();

    /// <summary>Asked of a latched knote before each scan: activates it when there was an edge.</summary>
    internal void LookForEdge(Interest interest)
    {
        if (!HasEdge(interest))
            return;
        Unlatch(interest);
        Queue.Activate(interest.Knote);
    }

    /// <summary>Whether something has happened since the last event of an EV_CLEAR knote.</summary>
    protected virtual bool HasEdge(Interest interest) => interest.Edges is { } edges && edges.Look(RecordedEvents) != interest.SeenEdges;

    /// <summary>Whether an edge may come without a packet and without a record.</summary>
    protected abstract bool NeedsTime(Interest interest);

    /// <summary>The condition does not hold though AFD says ready: it is asked again by time, at least until another event comes.</summary>
    protected void LookLater(Interest interest)
    {
        Queue.Timers.Remove(interest.Knote);
        Queue.Timers.Add(interest.Knote, QueueClock.Add(Queue.Clock.Now, NextStep(interest)));
    }

    /// <summary>Watches for what ends a connection, while the rest is ready or does not matter.</summary>
    /// <returns>True when there is an end already.</returns>
    protected bool WatchEnds(Interest interest, out AfdEvents ends)
    {
        ends = wanted & AfdEvents.Ends & ~interest.Reported;
        Errno error = Poller.Ask(interest, ends, out AfdEvents found);
        ends &= found;
        return error == Errno.None && ends != 0;
    }

    /// <summary>Watches for all that the filter wants.</summary>
    /// <returns>True when it is there already.</returns>
    protected bool WatchAll(Interest interest) =>
        Poller.Ask(interest, wanted & ~interest.Reported, out AfdEvents found) == Errno.None && found != AfdEvents.None;

    protected static bool SetEvent(Interest interest, long data, AfdEvents found, Errno error)
    {
        Knote kn = interest.Knote;
        bool eof = (found & AfdEvents.Ends) != 0;
        kn.Data = data;
        kn.FFlags = (uint)error;
        kn.Flags = eof ? kn.Flags | EventFlags.Eof : kn.Flags & ~EventFlags.Eof;
        interest.Found = kn.Has(EventFlags.Clear) ? found & AfdEvents.Ends : AfdEvents.None;
        interest.Step = 0;
        return true;
    }

    /// <summary>What ended the connection (READ-EOF-003).</summary>
    protected static Errno ErrorOf(Interest interest, AfdEvents found) =>
        (found & AfdEvents.ConnectFail) != 0 ? WinsockErrors.ToErrno(Sys.SocketOption(interest.Socket.Handle, Native.SoError))
        : (found & AfdEvents.Abort) != 0 ? Errno.ECONNRESET
        : Errno.None;

    protected static bool HasLowWater(Knote kn) => (kn.SavedFFlags & (uint)ReadWriteNotes.LowWater) != 0;

    protected void Unlatch(Interest interest)
    {
        Poller.Latch(interest, false);
        Queue.Timers.Remove(interest.Knote);
    }

    private static long NextStep(Interest interest) =>
        interest.Step = interest.Step == 0 ? ShortestStep : Math.Min(LongestStep, interest.Step * 2);
}
