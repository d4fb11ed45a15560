using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>EVFILT_WRITE (clauses WRITE-SOCK-001 to WRITE-SOCK-012).</summary>
internal sealed class WriteFilter(EmulatedQueue queue, IocpPoller poller)
    : SocketFilter(queue, EventFilter.Write, poller, AfdEvents.Send | AfdEvents.Abort | AfdEvents.ConnectFail)
{
    /// <summary>What a pipe takes in one piece.</summary>
    private const int PipeBuffer = 4096;

    protected override RecordedEvents RecordedEvents => RecordedEvents.Write;

    // NEST-002 for a queue. Whether a pipe has room, Windows does not tell (pipe-room-unknown).
    internal override Errno Attach(Knote kn)
    {
        if (NestedQueues.Find(kn.Ident) is not null)
            return Dialect.QueueWrite;
        Errno error = base.Attach(kn);
        Interest interest = Poller.Interest(kn);
        if (error != Errno.None || interest.Socket.Kind != WatchedKind.Pipe)
            return error;

        // WRITE-PIPE-004: refused when the reader has gone.
        if (Dialect.PipeWithoutReader != Errno.None && IocpPoller.LookAtPipe(interest.Socket) == PipeStatus.Ended)
            return Dialect.PipeWithoutReader;
        Poller.LookEachScan(interest, true);
        return Errno.None;
    }

    internal override bool Event(Knote kn)
    {
        Interest interest = Poller.Interest(kn);
        if (interest.Socket.Kind == WatchedKind.Socket)
            return base.Event(kn);
        if (interest.Socket.Kind == WatchedKind.File)
            return SetEvent(interest, Dialect.RegularFileWrite == FileWritePolicy.ReadyWithOne ? 1 : 0, AfdEvents.Send, Errno.None);
        PipeStatus status = IocpPoller.LookAtPipe(interest.Socket);
        if (status == PipeStatus.None)
        {
            Poller.Drop(kn.Ident);
            return false;
        }

        if (IsIdlePipe(interest, status))
        {
            LookLater(interest);
            return false;
        }

        if (status != PipeStatus.Ended)
        {
            interest.Reported = AfdEvents.None;
            return SetEvent(interest, PipeBuffer, AfdEvents.Send, Errno.None);
        }

        // WRITE-PIPE-003.
        bool once = Dialect.PipeWriterEof == PipeWriterEofPolicy.OneShot;
        if (once)
            kn.Flags |= EventFlags.OneShot;
        return SetEvent(interest, once ? PipeBuffer : 0, AfdEvents.Disconnect, Errno.None);
    }

    internal override bool IsIdle(Interest interest) =>
        interest.Socket.Kind == WatchedKind.Pipe && IsIdlePipe(interest, IocpPoller.LookAtPipe(interest.Socket));

    // WRITE-SOCK-004: a server is silent until it is connected. With EV_CLEAR the end is an edge, and so is the next client after it.
    private static bool IsIdlePipe(Interest interest, PipeStatus status) => status switch
    {
        PipeStatus.None => false,
        PipeStatus.Listening => true,
        PipeStatus.Ended => interest.IsLatched && interest.Reported != AfdEvents.None,
        _ => interest.IsLatched && interest.Reported == AfdEvents.None,
    };

    protected override bool Holds(Interest interest, AfdEvents found)
    {
        Knote kn = interest.Knote;
        nint socket = interest.Socket.Handle;
        if ((found & AfdEvents.Ends) != 0)
            return SetEvent(interest, Amount(interest), found, ErrorOf(interest, found));

        // WRITE-SOCK-009. Once both sides were shut down, there is no peer any more (under Wine), so that is asked afterwards.
        if (interest.Socket.IsStream && Sys.IsSendShutDown(socket))
            return SetEvent(interest, Amount(interest), AfdEvents.Disconnect, Errno.None);

        // WRITE-SOCK-004: silent until it is connected.
        if (interest.Socket.IsStream && !Sys.HasPeer(socket))
        {
            LookLater(interest);
            return false;
        }

        if (!HasLowWater(kn) || Amount(interest) >= kn.SavedData)
            return SetEvent(interest, Amount(interest), found, Errno.None);
        return WatchEnds(interest, out AfdEvents ends) && SetEvent(interest, Amount(interest), ends, ErrorOf(interest, ends));
    }

    /// <summary>The size of the buffer: Windows does not tell what is in it (send-room).</summary>
    protected override long Amount(Interest interest) => Sys.SocketOption(interest.Socket.Handle, Native.SoSendBuffer);

    protected override bool HasEdge(Interest interest) =>
        interest.Socket.Kind == WatchedKind.Socket && (base.HasEdge(interest) || WatchEnds(interest, out _));

    protected override bool NeedsTime(Interest interest) => false;
}
