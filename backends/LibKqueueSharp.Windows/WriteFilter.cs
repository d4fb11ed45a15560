using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>EVFILT_WRITE (clauses WRITE-SOCK-001 to WRITE-SOCK-012).</summary>
internal sealed class WriteFilter(EmulatedQueue queue, IocpPoller poller)
    : SocketFilter(queue, EventFilter.Write, poller, AfdEvents.Send | AfdEvents.Abort | AfdEvents.ConnectFail)
{
    /// <summary>What a pipe takes in one piece.</summary>
    private const int PipeBuffer = 4096;

    protected override RecordedEvents RecordedEvents => RecordedEvents.Write;

    // NEST-002 for a queue. Whether a pipe has room, Windows does not tell (windows-pipe-room).
    internal override Errno Attach(Knote kn)
    {
        if (NestedQueues.Find(kn.Ident) is not null)
            return Dialect.QueueWrite;
        Errno error = base.Attach(kn);
        Interest interest = Poller.Interest(kn);
        if (error != Errno.None || interest.Socket.Kind != WatchedKind.Pipe)
            return error;

        // WRITE-PIPE-004: refused when the reader has gone.
        if (Dialect.PipeWithoutReader != Errno.None && Sys.HasPipeEnded(interest.Socket.Handle))
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
        if (!Poller.IsStillOpen(interest.Socket))
        {
            Poller.Drop(kn.Ident);
            return false;
        }

        if (IsIdle(interest))
        {
            LookLater(interest);
            return false;
        }

        if (!Sys.HasPipeEnded(interest.Socket.Handle))
            return SetEvent(interest, PipeBuffer, AfdEvents.Send, Errno.None);

        // WRITE-PIPE-003.
        bool once = Dialect.PipeWriterEof == PipeWriterEofPolicy.OneShot;
        if (once)
            kn.Flags |= EventFlags.OneShot;
        return SetEvent(interest, once ? PipeBuffer : 0, AfdEvents.Disconnect, Errno.None);
    }

    internal override bool IsIdle(Interest interest) => interest.Socket.Kind == WatchedKind.Pipe && interest.IsLatched
        && (interest.Reported != AfdEvents.None || !Sys.HasPipeEnded(interest.Socket.Handle)) && Poller.IsStillOpen(interest.Socket);

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

    /// <summary>The size of the buffer: Windows does not tell what is in it (windows-send-room).</summary>
    protected override long Amount(Interest interest) => Sys.SocketOption(interest.Socket.Handle, Native.SoSendBuffer);

    protected override bool HasEdge(Interest interest) =>
        interest.Socket.Kind == WatchedKind.Socket && (base.HasEdge(interest) || WatchEnds(interest, out _));

    protected override bool NeedsTime(Interest interest) => false;
}
