using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux.Signals;

/// <summary>
/// EVFILT_SIGNAL (clauses SIG-001 to SIG-020). A signal that every thread blocks is taken by a signalfd of the queue, any other
/// is seen by a handler; docs/decisions/0012-signals.md tells how the two are kept apart.
/// </summary>
internal sealed class SignalFilter : Filter
{
    private const int SignalBits = 8;

    private readonly EpollPoller _poller;
    private readonly WeakReference<SignalFilter> _self;

    internal SignalFilter(EmulatedQueue queue, EpollPoller poller)
        : base(queue, EventFilter.Signal)
    {
        _poller = poller;
        _self = new WeakReference<SignalFilter>(this);
    }

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
        int signal = (int)kn.Ident;
        SignalWatch watch = SignalWatch.Of(signal);
        kn.Flags |= EventFlags.Clear;
        error = Choose(signal, watch);
        if (error != Errno.None)
            return error;

        // SIG-010: what is pending by now is for those who were there before.
        TakePending(signal, watch);
        error = watch.Add(_self);
        if (error != Errno.None)
            _poller.CloseSignal(signal);
        return error;
    }

    internal override Errno Detach(Knote kn)
    {
        _poller.CloseSignal((int)kn.Ident);
        SignalWatch.Of((int)kn.Ident).Remove(_self);
        return Errno.None;
    }

    internal override Errno Touch(Knote kn, ref KEvent change)
    {
        base.Touch(kn, ref change);
        if ((change.Flags & EventFlags.Add) == 0)
            return Errno.None;
        SignalWatch watch = SignalWatch.Of((int)kn.Ident);
        Errno error = watch.Refresh();
        return error == Errno.None ? Choose((int)kn.Ident, watch) : error;
    }

    internal override bool Event(Knote kn) => kn.Data != 0;

    /// <summary>The signalfd was readable.</summary>
    internal void MayBePending(int signal)
    {
        SignalWatch watch = SignalWatch.Of(signal);
        if (Find((nuint)signal) is { } kn)
            Count(kn, TakePending(signal, watch));
    }

    /// <summary>Deliveries. Called without a lock, on any thread.</summary>
    internal void Deliver(int signal, int count) => Queue.Post(this, (nint)count << SignalBits | signal);

    internal override void Posted(nint what)
    {
        if (Find((nuint)(what & ((1 << SignalBits) - 1))) is { } kn)
            Count(kn, (int)(what >> SignalBits));
    }

    private void Count(Knote kn, int deliveries)
    {
        if (deliveries == 0)
            return;
        kn.Data += deliveries;
        Queue.Activate(kn);
    }

    private Errno Choose(int signal, SignalWatch watch)
    {
        bool take = watch.IsForTheTaking();
        if (take == _poller.SignalFdOf(signal) is not null)
            return Errno.None;
        if (take)
            return _poller.OpenSignal(signal);
        _poller.CloseSignal(signal);
        return Errno.None;
    }

    private int TakePending(int signal, SignalWatch watch) =>
        _poller.SignalFdOf(signal) is { } opened ? watch.Take(opened, _self) : 0;
}
