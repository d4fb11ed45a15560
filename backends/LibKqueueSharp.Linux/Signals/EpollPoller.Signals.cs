using LibKqueueSharp.Linux.Signals;

namespace LibKqueueSharp.Linux;

/// <summary>A signalfd for each watched signal that every thread blocks.</summary>
internal sealed partial class EpollPoller
{
    private const ulong FirstSignal = 1UL << 30;

    /// <summary>Indexed by the signal's number.</summary>
    private SignalFd?[] _signals = [];
    private int _signalCount;
    private SignalFilter _signalFilter = null!;

    internal SignalFd? SignalFdOf(int signal) => signal < _signals.Length ? _signals[signal] : null;

    internal Errno OpenSignal(int signal)
    {
        Errno error = SignalFd.Open(signal, out SignalFd? opened);
        if (error != Errno.None)
            return error;
        error = opened!.Register(_epfd, FirstSignal | (uint)signal);
        if (error != Errno.None)
        {
            opened.Dispose();
            return error == Errno.ENOSPC ? Errno.ENOMEM : error;
        }

        if (_signals.Length == 0)
            _signals = new SignalFd?[SignalNumbers.Count];
        _signals[signal] = opened;
        _signalCount++;
        _interest++;
        return Errno.None;
    }

    internal void CloseSignal(int signal)
    {
        if (SignalFdOf(signal) is not { } opened)
            return;
        opened.Unregister(_epfd);
        opened.Dispose();
        _signals[signal] = null;
        _signalCount--;
        _interest--;
    }

    /// <returns>False when the kernel has no room.</returns>
    private bool RegisterSignalsAgain(int fresh)
    {
        for (int signal = 0; signal < _signals.Length; signal++)
        {
            if (_signals[signal] is { } opened && opened.Register(fresh, FirstSignal | (uint)signal) != Errno.None)
                return false;
        }

        return true;
    }

    private void DisposeSignals()
    {
        foreach (SignalFd? opened in _signals)
            opened?.Dispose();
    }
}
