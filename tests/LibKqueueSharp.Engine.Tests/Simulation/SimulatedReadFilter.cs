using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Engine.Tests.Simulation;

/// <summary>EVFILT_READ on simulated sources. The knote's State holds the id of the source that it was made for.</summary>
internal sealed class SimulatedReadFilter(EmulatedQueue queue, SimulatedPoller poller) : Filter(queue, EventFilter.Read)
{
    internal static bool IsEdge(Knote kn, Dialect dialect) =>
        kn.Has(EventFlags.Clear) || (kn.Has(EventFlags.Dispatch) && !dialect.EnableReevaluates);

    internal override Errno CheckIdent(in KEvent change)
    {
        bool add = (change.Flags & EventFlags.Add) != 0;
        if (poller.FindId(change.Ident) != 0 || Find(change.Ident) is not null || (!add && Dialect.ClosedDescriptorNeedsAdd))
            return Errno.None;
        return Errno.EBADF;
    }

    internal override bool StillThere(Knote kn)
    {
        if (poller.FindId(kn.Ident) != (ulong)kn.State)
        {
            Queue.Discard(kn);
            return false;
        }

        poller.Rearm(kn);
        return true;
    }

    internal override Errno Attach(Knote kn)
    {
        ulong id = poller.FindId(kn.Ident);
        if (id == 0)
            return Errno.EBADF;
        kn.State = (long)id;
        poller.Register(kn, IsEdge(kn, Dialect));
        return Errno.None;
    }

    internal override Errno Detach(Knote kn)
    {
        poller.Unregister(kn);
        ulong id = poller.FindId(kn.Ident);
        return id == (ulong)kn.State ? Errno.None : id == 0 ? Errno.EBADF : Errno.ENOENT;
    }

    internal override void Enabled(Knote kn) => poller.Park(kn, parked: false);

    internal override bool KernelShows(Knote kn) => !IsEdge(kn, Dialect);

    internal override bool Event(Knote kn)
    {
        if (!poller.TryLook(kn, out long bytes, out bool eof))
        {
            Queue.Discard(kn);
            return false;
        }

        kn.Data = bytes;
        kn.Flags = eof ? kn.Flags | EventFlags.Eof : kn.Flags & ~EventFlags.Eof;
        return bytes > 0 || eof;
    }
}
