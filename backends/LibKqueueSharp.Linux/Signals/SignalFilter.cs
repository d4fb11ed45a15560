using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux.Signals;

/// <summary>EVFILT_SIGNAL (clauses SIG-001 to SIG-020).</summary>
internal sealed class SignalFilter : Filter
{
    private readonly WeakReference<SignalFilter> _self;

    internal SignalFilter(EmulatedQueue queue)
        : base(queue, EventFilter.Signal) => _self = new WeakReference<SignalFilter>(this);

    internal override string? Explain(Errno error, in KEvent change)
    {
        if (error != Errno.ENOTSUP)
            return null;
        return SignalNumbers.Check(change.Ident) == Errno.ENOTSUP
            ? "the runtime needs this signal for itself"
            : "the signal was ignored when the runtime began to look at signals, and the runtime leaves it so";
    }

    internal override Errno Attach(Knote kn)
    {
        Errno error = SignalNumbers.Check(kn.Ident);
        if (error != Errno.None)
            return error;
        kn.Flags |= EventFlags.Clear;
        return SignalWatch.Of((int)kn.Ident).Add(_self);
    }

    internal override Errno Detach(Knote kn)
    {
        SignalWatch.Of((int)kn.Ident).Remove(_self);
        return Errno.None;
    }

    internal override Errno Touch(Knote kn, ref KEvent change)
    {
        base.Touch(kn, ref change);
        return (change.Flags & EventFlags.Add) == 0 ? Errno.None : SignalWatch.Of((int)kn.Ident).Refresh();
    }

    internal override bool Event(Knote kn) => kn.Data != 0;

    /// <summary>One delivery. Called without a lock, on any thread.</summary>
    internal void Deliver(int signal) => Queue.Post(this, signal);

    internal override void Posted(nint what)
    {
        if (Find((nuint)what) is not { } kn)
            return;
        kn.Data++;
        Queue.Activate(kn);
    }
}
