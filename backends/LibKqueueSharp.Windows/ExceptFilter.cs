using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>EVFILT_EXCEPT with NOTE_OOB (clauses EXC-001 to EXC-006; OpenBSD kqueue(2)).</summary>
internal sealed class ExceptFilter(EmulatedQueue queue, IocpPoller poller)
    : SocketFilter(
        queue, EventFilter.Except, poller,
        queue.Dialect.ExceptEof == ExceptEofPolicy.Sockets ? AfdEvents.ReceiveUrgent | AfdEvents.Ends : AfdEvents.ReceiveUrgent)
{
    protected override RecordedEvents RecordedEvents => RecordedEvents.Urgent;

    internal override Errno Attach(Knote kn) => NestedQueues.Find(kn.Ident) is null ? base.Attach(kn) : Errno.EINVAL;

    protected override bool Holds(Interest interest, AfdEvents found)
    {
        bool urgent = (found & AfdEvents.ReceiveUrgent) != 0 && (interest.Knote.SavedFFlags & (uint)ReadWriteNotes.OutOfBand) != 0;
        if (!urgent && (found & AfdEvents.Ends) == 0 && !WatchEnds(interest, out found))
            return false;
        SetEvent(interest, Amount(interest), found, ErrorOf(interest, found));
        if (urgent)
            interest.Knote.FFlags |= (uint)ReadWriteNotes.OutOfBand;
        return true;
    }

    protected override long Amount(Interest interest) =>
        Sys.TryGetReadable(interest.Socket.Handle, out long bytes) ? bytes : 0;

    protected override bool HasEdge(Interest interest) => base.HasEdge(interest) || WatchEnds(interest, out _);

    protected override bool NeedsTime(Interest interest) => false;
}
