using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>EVFILT_EXCEPT with NOTE_OOB (clauses EXC-001 to EXC-006; OpenBSD kqueue(2)).</summary>
internal sealed class ExceptFilter(EmulatedQueue queue, EpollPoller poller)
    : DescriptorFilter(queue, EventFilter.Except, poller, queue.Dialect.ExceptEof == ExceptEofPolicy.Sockets ? EpollEvents.Priority | EpollEvents.ReadHangUp : EpollEvents.Priority)
{
    private const EpollEvents Ends = EpollEvents.HangUp | EpollEvents.ReadHangUp | EpollEvents.Error;

    internal override Errno Attach(Knote kn) =>
        EpollQueues.Find((int)kn.Ident) is null ? base.Attach(kn) : Errno.EINVAL;

    protected override bool Holds(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (!TryClassify(kn))
            return false;
        if (Ready(kn, out EpollEvents ready) != Errno.None)
            return Gone(kn);
        bool urgent = (ready & EpollEvents.Priority) != 0 && (kn.SavedFFlags & (uint)ReadWriteNotes.OutOfBand) != 0;
        bool ended = HasEnded(fd, ready);
        if (!urgent && !ended)
            return ready != EpollEvents.None && Refuse(kn);
        Errno error = Sys.Readable(fd, out int bytes);
        if (error == Errno.EBADF)
            return Gone(kn);
        if (ended && !IsStillRegistered(kn))
            return false;
        kn.Data = bytes;
        kn.FFlags = urgent ? (uint)ReadWriteNotes.OutOfBand : 0;
        kn.Flags = ended ? kn.Flags | EventFlags.Eof : kn.Flags & ~EventFlags.Eof;
        if (ended && Dialect.ExceptEof == ExceptEofPolicy.Sockets && (ready & EpollEvents.Error) != 0)
            kn.FFlags = (uint)SocketState.Error(fd, Poller[fd].Kind);
        return true;
    }

    private bool HasEnded(int fd, EpollEvents ready) => Dialect.ExceptEof switch
    {
        ExceptEofPolicy.Pipes => Poller[fd].Kind == DescriptorKind.Pipe && (ready & Ends) != 0,
        ExceptEofPolicy.Sockets => Poller[fd].Kind is DescriptorKind.TcpSocket or DescriptorKind.UnixStream or DescriptorKind.OtherStream
            && (ready & EpollEvents.ReadHangUp) != 0,
        _ => false,
    };

    protected override Errno AttachUnpollable(Knote kn) => Errno.EINVAL;
}
