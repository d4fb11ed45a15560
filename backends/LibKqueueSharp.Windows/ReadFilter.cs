using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>EVFILT_READ (clauses READ-SOCK-001 to READ-LSTN-006).</summary>
internal sealed partial class ReadFilter(EmulatedQueue queue, IocpPoller poller)
    : SocketFilter(queue, EventFilter.Read, poller, AfdEvents.Receive | AfdEvents.Accept | AfdEvents.Ends)
{
    /// <summary>No call of Windows tells how many connections wait (backlog-of-one).</summary>
    private const int Backlog = 1;

    protected override RecordedEvents RecordedEvents => RecordedEvents.Read | RecordedEvents.Accept;

    protected override bool Holds(Interest interest, AfdEvents found)
    {
        Knote kn = interest.Knote;
        interest.Socket.IsListening = (found & AfdEvents.Accept) != 0;
        if (interest.Socket.IsListening)
            return SetEvent(interest, Backlog, found, Errno.None);
        long bytes = Amount(interest);
        if ((found & AfdEvents.Ends) != 0)
            return SetEvent(interest, bytes, found, ErrorOf(interest, found));

        // ORD-008: another thread may have read it since AFD spoke.
        if (bytes == 0 && interest.Socket.IsStream)
        {
            LookLater(interest);
            return false;
        }

        if (HasLowWater(kn) && bytes < kn.SavedData)
        {
            if (WatchEnds(interest, out AfdEvents ends))
                return SetEvent(interest, bytes, ends, ErrorOf(interest, ends));
            LookLater(interest);
            return false;
        }

        return SetEvent(interest, bytes, found, Errno.None);
    }

    // READ-LOWAT-001: nothing reaches a mark of 0; a listener has no mark.
    protected override bool HoldsAnyway(Interest interest) =>
        HasLowWater(interest.Knote) && interest.Knote.SavedData <= 0 && Sys.SocketOption(interest.Socket.Handle, Native.SoAcceptConnections) == 0
        && SetEvent(interest, Amount(interest), AfdEvents.None, Errno.None);

    protected override long Amount(Interest interest) =>
        Sys.TryGetReadable(interest.Socket.Handle, out long bytes) ? bytes : 0;

    // Winsock records that something can be read once, and again after a read. So more bytes are an edge (CORE-CLR-002), and a record is one:
    // somebody has read, and there is something.
    protected override bool HasEdge(Interest interest)
    {
        if (interest.Socket.Kind != WatchedKind.Socket)
            return Event(interest.Knote);
        if (base.HasEdge(interest))
            return true;
        if (interest.Socket.IsListening)
            return false;
        long bytes = Amount(interest);
        if (bytes > interest.Bytes)
            return true;
        interest.Bytes = bytes;
        if (bytes > 0)
            return WatchEnds(interest, out _);
        Unlatch(interest);
        return WatchAll(interest);
    }

    protected override bool NeedsTime(Interest interest) => !interest.Socket.IsListening;
}
