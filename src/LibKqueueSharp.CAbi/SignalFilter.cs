using LibKqueueSharp.Emulation;
using LibKqueueSharp.Linux;
using LibKqueueSharp.Linux.Signals;

namespace LibKqueueSharp.CAbi;

/// <summary>
/// EVFILT_SIGNAL (clauses SIG-001 to SIG-020) over the counts of native/signals.c. A knote's state is the count that it has seen.
/// </summary>
internal sealed class SignalFilter(EmulatedQueue queue, EpollPoller poller) : Filter(queue, EventFilter.Signal), IBellUser
{
    private readonly List<Knote> _knotes = [];

    internal override Errno Attach(Knote kn)
    {
        Errno error = SignalNumbers.Check(kn.Ident);
        if (error != Errno.None)
            return error;
        int number = (int)kn.Ident;
        kn.State = Native.SignalCount(number);
        error = (Errno)Native.SignalWatch(number, out int bell, out int inbox);
        if (error != Errno.None)
            return error;
        error = poller.OpenBells(this, bell, inbox);
        if (error != Errno.None)
        {
            Native.SignalUnwatch(number);
            return error;
        }

        kn.Flags |= EventFlags.Clear;
        _knotes.Add(kn);
        return Errno.None;
    }

    internal override Errno Detach(Knote kn)
    {
        Native.SignalUnwatch((int)kn.Ident);
        _knotes.Remove(kn);
        if (_knotes.Count == 0)
            poller.CloseBells();
        return Errno.None;
    }

    internal override Errno Touch(Knote kn, ref KEvent change)
    {
        base.Touch(kn, ref change);
        return (change.Flags & EventFlags.Add) == 0 ? Errno.None : (Errno)Native.SignalRefresh((int)kn.Ident);
    }

    internal override bool Event(Knote kn)
    {
        Count(kn);
        return kn.Data != 0;
    }

    public void Rung()
    {
        Native.SignalTake();
        foreach (Knote kn in _knotes)
        {
            Count(kn);
            if (kn.Data != 0)
                Queue.Activate(kn);
        }
    }

    private static void Count(Knote kn)
    {
        long count = Native.SignalCount((int)kn.Ident);
        kn.Data += count - kn.State;
        kn.State = count;
    }
}
