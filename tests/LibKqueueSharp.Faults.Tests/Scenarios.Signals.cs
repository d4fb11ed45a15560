using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>EVFILT_SIGNAL.</summary>
internal static partial class Scenarios
{
    private static (string Name, Action<Trial> Run)[] OfSignals => [("signal", SignalSent)];

    /// <summary>In a process whose threads all block SIGUSR1 (<see cref="BlockedSignalFaultTests"/>).</summary>
    internal static readonly (string Name, Action<Trial> Run)[] OfBlockedSignals = [("blocked-signal", BlockedSignalSent), ("blocked-signal-twice", BlockedSignalOfTwoQueues)];

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

    private static void BlockedSignalSent(Trial t)
    {
        TestQueue q = t.NewQueue();
        t.Add(q, (int)Signum.SIGUSR1, EventFilter.Signal);
        Trial.ExpectSilence(q);
        for (int i = 0; i < 2; i++)
        {
            Assert.That(Syscall.kill(Environment.ProcessId, Signum.SIGUSR1), Is.Zero);
            Trial.Expect(q, new KEvent((nuint)(int)Signum.SIGUSR1, EventFilter.Signal, EventFlags.Clear, data: 1));
            t.Add(q, (int)Signum.SIGUSR1, EventFilter.Signal);
        }

        t.Delete(q, (int)Signum.SIGUSR1, EventFilter.Signal);
        Trial.ExpectSleep(q);
    }

    private static void BlockedSignalOfTwoQueues(Trial t)
    {
        TestQueue first = t.NewQueue();
        TestQueue second = t.NewQueue();
        t.Add(first, (int)Signum.SIGUSR1, EventFilter.Signal);
        t.Add(second, (int)Signum.SIGUSR1, EventFilter.Signal);
        Assert.That(Syscall.kill(Environment.ProcessId, Signum.SIGUSR1), Is.Zero);
        foreach (TestQueue q in new[] { first, second })
            Trial.Expect(q, new KEvent((nuint)(int)Signum.SIGUSR1, EventFilter.Signal, EventFlags.Clear, data: 1));
        t.Delete(first, (int)Signum.SIGUSR1, EventFilter.Signal);
        Assert.That(Syscall.kill(Environment.ProcessId, Signum.SIGUSR1), Is.Zero);
        Trial.Expect(second, new KEvent((nuint)(int)Signum.SIGUSR1, EventFilter.Signal, EventFlags.Clear, data: 1));
        Trial.ExpectSilence(first);
    }
}
