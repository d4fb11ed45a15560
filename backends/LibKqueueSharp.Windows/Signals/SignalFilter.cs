using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>EVFILT_SIGNAL for the signals that Windows has: SIGHUP, SIGINT, SIGQUIT and SIGTERM (clauses SIG-001 to SIG-020).</summary>
internal sealed class SignalFilter(EmulatedQueue queue, SignalSource source) : Filter(queue, EventFilter.Signal)
{
    private const int SigKill = 9;
    private const int SigStop = 19;
    private const int Count = 65;

    private readonly Dictionary<nuint, IDisposable> _registered = [];

    internal override string? Explain(Errno error, in KEvent change) =>
        error == Errno.ENOTSUP ? "Windows has SIGHUP, SIGINT, SIGQUIT and SIGTERM" : null;

    internal override Errno Attach(Knote kn)
    {
        kn.Flags |= EventFlags.Clear;
        if (kn.Ident is 0 or >= Count or SigKill or SigStop)
            return Errno.EINVAL;
        if (kn.Ident is not (SignalSource.SigHup or SignalSource.SigInt or SignalSource.SigQuit or SignalSource.SigTerm))
            return Errno.ENOTSUP;
        nint signal = (nint)kn.Ident;
        _registered.Add(kn.Ident, source.Register((int)signal, () => Queue.Post(this, signal)));
        return Errno.None;
    }

    // The runtime takes its own lock to end a registration, and holds it while it begins one, never while it calls.
    internal override Errno Detach(Knote kn)
    {
        if (_registered.Remove(kn.Ident, out IDisposable? registration))
            registration.Dispose();
        return Errno.None;
    }

    internal override bool Event(Knote kn) => kn.Data != 0;

    internal override void Posted(nint what)
    {
        if (Find((nuint)what) is not { } kn)
            return;
        kn.Data++;
        Queue.Activate(kn);
    }
}
