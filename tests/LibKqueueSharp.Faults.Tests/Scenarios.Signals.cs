using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>EVFILT_SIGNAL.</summary>
internal static partial class Scenarios
{
    private static (string Name, Action<Trial> Run)[] OfSignals => [("signal", SignalSent)];

    /// <summary>SIGURG, which has no effect by default.</summary>
    private static void SignalSent(Trial t)
    {
        TestQueue q = t.NewQueue();
        t.Add(q, (int)Signum.SIGURG, EventFilter.Signal);
        Trial.ExpectSilence(q);
        Assert.That(Syscall.kill(Environment.ProcessId, Signum.SIGURG), Is.Zero);
        Trial.Expect(q, new KEvent((nuint)(int)Signum.SIGURG, EventFilter.Signal, EventFlags.Clear, data: 1));
        t.Delete(q, (int)Signum.SIGURG, EventFilter.Signal);
        Trial.ExpectSleep(q);
    }
}
