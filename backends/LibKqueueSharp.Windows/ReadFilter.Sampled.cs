using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>What no packet tells of is looked at by time: pipes, and queues (by-time).</summary>
internal sealed partial class ReadFilter
{
    internal override Errno Attach(Knote kn)
    {
        IocpPoller? inner = NestedQueues.Find(kn.Ident);
        Interest interest = Poller.Interest(kn);
        Errno error = inner is null ? base.Attach(kn) : NestedQueues.Begin(Poller, inner);
        if (error != Errno.None)
            return error;
        if (inner is not null || interest.Socket.Kind == WatchedKind.Pipe)
            Poller.LookEachScan(interest, true);
        if (inner is null)
            return Errno.None;
        Poller.OpenQueue(kn);
        interest.Inner = inner;
        interest.SeenEdges = -1;
        return Errno.None;
    }

    internal override Errno Detach(Knote kn)
    {
        Interest interest = Poller.Interest(kn);
        if (interest.Inner is { } inner)
            NestedQueues.End(Poller, inner);
        Poller.UnwatchFile(kn);
        return base.Detach(kn);
    }

    internal override bool Event(Knote kn)
    {
        Interest interest = Poller.Interest(kn);
        bool holds;
        switch (interest.Socket.Kind)
        {
            case WatchedKind.Pipe:
                holds = PipeEvent(interest);
                break;
            case WatchedKind.Queue:
                holds = QueueEvent(interest);
                break;
            case WatchedKind.File:
                return FileEvent(interest);
            default:
                return base.Event(kn);
        }

        if (!holds && Find(kn.Ident) == kn)
            LookLater(interest);
        return holds;
    }

    internal override bool IsIdle(Interest interest) => interest.Socket.Kind switch
    {
        WatchedKind.Pipe => IsIdlePipe(interest, out _, out _),
        WatchedKind.Queue => IsIdleQueue(interest, out _, out _),
        _ => false,
    };

    private bool PipeEvent(Interest interest)
    {
        bool idle = IsIdlePipe(interest, out Errno error, out long bytes);
        if (error == Errno.EBADF)
        {
            Poller.Drop(interest.Knote.Ident);
            return false;
        }

        if (idle)
            return false;
        Unlatch(interest);
        return SetEvent(interest, bytes, error == Errno.EPIPE ? AfdEvents.Disconnect : AfdEvents.Receive, Errno.None);
    }

    // READ-PIPE-001, READ-PIPE-002. With EV_CLEAR, more bytes and the end are edges, and so is a reader's progress (trace clear_pipe_read).
    // One that was drained and filled to the same size since the last look cannot be told from one that nobody read, and an edge must not be lost:
    // so what lies there is told again after a second.
    private bool IsIdlePipe(Interest interest, out Errno error, out long bytes)
    {
        error = Sys.PipeReadable((nint)interest.Knote.Ident, out bytes);
        // READ-PIPE-003.
        if (error == Errno.EACCES && Dialect.PipeWrongEndReportsEof && Sys.LookAtPipe((nint)interest.Knote.Ident) == PipeStatus.Ended)
            error = Errno.EPIPE;
        bool ended = error == Errno.EPIPE;
        if (error == Errno.EBADF)
            return false;
        // A server's next client has an end of its own.
        if (!ended)
            interest.Reported = AfdEvents.None;
        bool seen = interest.IsLatched && bytes == interest.Bytes && !(ended && interest.Reported == AfdEvents.None)
            && (bytes == 0 || Queue.Clock.Now < interest.TellAgain);
        if (!seen && (bytes >= PipeMark(interest.Knote) || ended))
            return false;
        interest.Bytes = bytes;
        return true;
    }

    // READ-PIPE-LOWAT-001.
    private long PipeMark(Knote kn) => Dialect.PipesHonourLowWater && HasLowWater(kn) ? kn.SavedData : 1;

    private bool QueueEvent(Interest interest)
    {
        bool idle = IsIdleQueue(interest, out int count, out long activations);
        if (count < 0)
            Poller.Drop(interest.Knote.Ident);
        if (idle || count < 0)
            return false;
        Unlatch(interest);
        interest.SeenEdges = activations;
        return SetEvent(interest, count, AfdEvents.Receive, Errno.None);
    }

    // NEST-001; CORE-CLR-002: each activation in it is an edge. The count is -1 when the queue is closed.
    private static bool IsIdleQueue(Interest interest, out int count, out long activations)
    {
        activations = 0;
        count = -1;
        if (NestedQueues.Find(interest.Knote.Ident) != interest.Inner)
            return false;
        count = interest.Inner!.Queue.CountQueued(out activations);
        return count == 0 || (interest.IsLatched && activations == interest.SeenEdges);
    }
}
