using System.Runtime.InteropServices;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Signals that this process ignores for the time of a scenario.</summary>
internal sealed unsafe class IgnoredSignals : IDisposable
{
    // struct sigaction is 152 bytes in glibc, less elsewhere.
    private const int SignalActionSize = 512;

    private readonly Dictionary<int, byte[]> _previous = [];

    public bool Contains(int signal) => _previous.ContainsKey(signal);

    /// <summary>Ignores a signal; 0, or an errno.</summary>
    public int Add(int signal)
    {
        byte[] previous = new byte[SignalActionSize];
        fixed (byte* start = previous)
        {
            if (Posix.SignalAction(signal, null, start) < 0)
                return Marshal.GetLastPInvokeError();
        }

        if (Posix.SetSignalHandler(signal, Posix.IgnoreSignal) == -1)
            return Marshal.GetLastPInvokeError();
        _previous.TryAdd(signal, previous);
        return 0;
    }

    public void Dispose()
    {
        foreach ((int signal, byte[] previous) in _previous)
        {
            fixed (byte* start = previous)
                _ = Posix.SignalAction(signal, start, null);
        }

        _previous.Clear();
    }
}
