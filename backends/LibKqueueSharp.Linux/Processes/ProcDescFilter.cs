using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>EVFILT_PROCDESC (clauses PDESC-001 to PDESC-007; FreeBSD sys_procdesc.c). The ident is a pidfd of the caller's.</summary>
internal sealed class ProcDescFilter(EmulatedQueue queue, EpollPoller poller)
    : DescriptorFilter(queue, EventFilter.ProcessDescriptor, poller, EpollEvents.In)
{
    internal override Errno Attach(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (!PidFd.Is(fd))
            return Sys.IsOpen(fd) ? Errno.EINVAL : Errno.EBADF;
        kn.Flags |= EventFlags.Clear;
        return base.Attach(kn);
    }

    /// <summary>PDESC-005: an exit that nobody asked for removes the registration silently.</summary>
    protected override bool Holds(Knote kn)
    {
        int fd = (int)kn.Ident;
        if (kn.Has(EventFlags.Eof))
            return true;
        if (!PidFd.Is(fd))
            return Gone(kn);
        if (!PidFd.TryGetExit(fd, 0, out int status))
            return false;
        if ((kn.SavedFFlags & (uint)ProcessNotes.Exit) == 0)
        {
            if (IsStillRegistered(kn))
                Queue.Discard(kn);
            return false;
        }

        kn.Flags |= EventFlags.Eof | EventFlags.OneShot;
        kn.FFlags = (uint)ProcessNotes.Exit;
        kn.Data = status;
        return true;
    }

    protected override bool NeedsEdge(Knote kn) => true;

    protected override Errno AttachUnpollable(Knote kn) => Errno.EINVAL;
}
