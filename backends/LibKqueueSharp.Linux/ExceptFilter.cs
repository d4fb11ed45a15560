using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>EVFILT_EXCEPT with NOTE_OOB (clauses EXC-001, EXC-002; OpenBSD kqueue(2)).</summary>
internal sealed class ExceptFilter(EmulatedQueue queue, EpollPoller poller)
    : DescriptorFilter(queue, EventFilter.Except, poller, EpollEvents.Priority)
{
    internal override Errno Attach(Knote kn) =>
        EpollQueues.Find((int)kn.Ident) is null ? base.Attach(kn) : Errno.EINVAL;

    protected override bool Holds(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (Ready(kn, out EpollEvents ready) != Errno.None)
            return Gone(kn);
        if ((ready & EpollEvents.Priority) == 0 || (kn.SavedFFlags & (uint)ReadWriteNotes.OutOfBand) == 0)
            return ready != EpollEvents.None && Refuse(kn);
        if (Sys.Readable(fd, out int bytes) == Errno.EBADF)
            return Gone(kn);
        kn.FFlags = (uint)ReadWriteNotes.OutOfBand;
        kn.Data = bytes;
        return true;
    }

    protected override Errno AttachUnpollable(Knote kn) => Errno.EINVAL;
}
