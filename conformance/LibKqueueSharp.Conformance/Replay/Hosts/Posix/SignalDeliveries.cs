using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Mono.Unix.Native;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// Waits until the signals that this process has sent to itself were delivered: a kernel that counts them has done so when kill(2)
/// returns, an emulation may see them through handlers that run on other threads. SIGWINCH, sent after them, goes the same way.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class SignalDeliveries : IDisposable
{
    private const int Rounds = 3;

    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _delivered = new(0);
    private PosixSignalRegistration? _handler;

    internal void Await()
    {
        _handler ??= PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => _delivered.Release());
        int self = Environment.ProcessId;
        for (int i = 0; i < Rounds; i++)
        {
            _ = Posix.Kill(self, NativeConvert.FromSignum(Signum.SIGWINCH));
            _delivered.Wait(s_longestWait);
        }

        Thread.Sleep(2);
    }

    public void Dispose() => _handler?.Dispose();
}
