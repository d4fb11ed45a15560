using System.Runtime.InteropServices;
using LibKqueueSharp.Linux.Tests.Support;
using static LibKqueueSharp.Linux.Tests.Signals.SignalChild;

namespace LibKqueueSharp.Linux.Tests.Signals;

/// <summary>Signals that come while registrations come and go.</summary>
internal static partial class SignalScenarios
{
    public static void HandlerRunsOnceForEachSignalWhileRegistrationsComeAndGo()
    {
        const int sent = 3000;
        InstallHandler(RealTime);
        WhileRegistrationsComeAndGo(RealTime, sent);
        Eventually.Holds(() => Volatile.Read(ref s_handled) >= sent, () => $"{s_handled} of {sent}");
        Thread.Sleep(50);
        Assert.That(Volatile.Read(ref s_handled), Is.EqualTo(sent));
    }

    public static void IgnoredSignalStaysWithoutEffectWhileRegistrationsComeAndGo()
    {
        foreach (int signal in new[] { SIGUSR1, SIGPIPE, RealTime })
        {
            SetDisposition(signal, Ignore);
            WhileRegistrationsComeAndGo(signal, 1000);
            Assert.That(Has("SigIgn", signal), Is.True, $"{signal}");
        }
    }

    public static void SignalIgnoredByDefaultStaysWithoutEffectWhileRegistrationsComeAndGo()
    {
        foreach (int signal in new[] { SIGWINCH, SIGCONT, SIGCHLD })
            WhileRegistrationsComeAndGo(signal, 1000);
    }

    public static void PosixRegistrationGetsEachSignalWhileRegistrationsComeAndGo()
    {
        const int sent = 2000;
        int handled = 0;
        using PosixSignalRegistration own = PosixSignalRegistration.Create((PosixSignal)RealTime, c =>
        {
            c.Cancel = true;
            Interlocked.Increment(ref handled);
        });
        WhileRegistrationsComeAndGo(RealTime, sent);
        Eventually.Holds(() => Volatile.Read(ref handled) >= sent, () => $"{handled} of {sent}");
        Thread.Sleep(50);
        Assert.That(Volatile.Read(ref handled), Is.EqualTo(sent));
    }

    private static void WhileRegistrationsComeAndGo(int signal, int sent)
    {
        bool over = false;
        TestThread[] changers = TestThread.Start(2, _ =>
        {
            while (!Volatile.Read(ref over))
            {
                using TestQueue q = new();
                q.AddSignal(signal);
                Thread.Yield();
                q.Delete(signal, EventFilter.Signal);
            }
        });
        for (int i = 0; i < sent; i++)
        {
            Kill(signal);
            if (i % 16 == 0)
                Thread.Yield();
        }

        Volatile.Write(ref over, true);
        TestThread.JoinAll(changers);
    }
}
