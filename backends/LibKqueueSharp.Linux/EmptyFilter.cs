using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>
/// EVFILT_EMPTY (clauses EMPTY-001 to EMPTY-005; FreeBSD and NetBSD). Linux raises no event when TCP's last byte is acknowledged:
/// a knote that has not fired is looked at again, first after 1 ms, and every 32 ms once it has fired.
/// </summary>
internal sealed class EmptyFilter(EmulatedQueue queue, EpollPoller poller)
    : DescriptorFilter(queue, EventFilter.Empty, poller, EpollEvents.Out)
{
    private const long ShortestStep = 1_000_000;
    private const long LongestStep = 32_000_000;

    internal override Errno Attach(Knote kn)
    {
        Descriptor probe = default;
        Errno error = DescriptorClassifier.Classify((int)kn.Ident, ref probe);
        if (error != Errno.None)
            return error;
        if (probe.Kind is not (DescriptorKind.TcpSocket or DescriptorKind.UnixStream or DescriptorKind.OtherStream or DescriptorKind.Datagram))
            return Errno.EINVAL;
        error = base.Attach(kn);
        if (error != Errno.None)
            return error;
        kn.State = -1;
        Queue.Timers.Add(kn, QueueClock.Add(Queue.Clock.Now, ShortestStep));
        return Errno.None;
    }

    internal override Errno Detach(Knote kn)
    {
        Queue.Timers.Remove(kn);
        return base.Detach(kn);
    }

    internal override Errno Touch(Knote kn, ref KEvent change)
    {
        kn.State = -1;
        return base.Touch(kn, ref change);
    }

    protected override bool Holds(Knote kn)
    {
        int fd = (int)kn.Ident;
        Errno error = Sys.Unsent(fd, out int unsent);
        if (error == Errno.EBADF)
            return Gone(kn);

        // EMPTY-003: a listening socket, which has no send queue to ask for, is always empty.
        if (error == Errno.None && unsent != 0)
        {
            kn.State = -1;
            return false;
        }

        long sent = SocketState.Acknowledged(fd);
        if (kn.Has(EventFlags.Clear) && kn.State == sent)
            return false;
        kn.State = sent;
        kn.Data = 0;
        return true;
    }

    internal override long Expired(Knote kn, long deadline, long now)
    {
        if (!kn.Is(KnoteStatus.Disabled | KnoteStatus.Queued))
            Queue.Activate(kn);
        return now + (kn.State < 0 ? ShortestStep : LongestStep);
    }

    /// <summary>Edges only: room in the buffer is not an empty buffer.</summary>
    protected override bool NeedsEdge(Knote kn) => true;

    protected override Errno AttachUnpollable(Knote kn) => Errno.EINVAL;
}
