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
    internal override Errno Attach(Knote kn) => NestedQueues.Find(kn.Ident) is null ? base.Attach(kn) : Dialect.QueueWrite;

    internal override bool Event(Knote kn)
    {
        Interest interest = Poller.Interest(kn);
        if (interest.Socket.Kind == WatchedKind.Socket)
            return base.Event(kn);
        if (interest.Socket.Kind == WatchedKind.File)
            return SetEvent(interest, Dialect.RegularFileWrite == FileWritePolicy.ReadyWithOne ? 1 : 0, AfdEvents.Send, Errno.None);
        if (!interest.IsLatched)
            return SetEvent(interest, PipeBuffer, AfdEvents.Send, Errno.None);
        return false;
    }

    protected override bool Holds(Interest interest, AfdEvents found)
    {
        Knote kn = interest.Knote;
        nint socket = interest.Socket.Handle;
        if ((found & AfdEvents.Ends) != 0)
            return SetEvent(interest, Amount(interest), found, ErrorOf(interest, found));

        // WRITE-SOCK-004: silent until it is connected.
        if (interest.Socket.IsStream && !Sys.HasPeer(socket))
        {
            LookLater(interest);
            return false;
        }

        // WRITE-SOCK-009.
        if (interest.Socket.IsStream && Sys.IsSendShutDown(socket))
            return SetEvent(interest, Amount(interest), AfdEvents.Disconnect, Errno.None);
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
