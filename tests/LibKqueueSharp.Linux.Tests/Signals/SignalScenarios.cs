using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibKqueueSharp.Linux.Tests.Processes;
using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;
using static LibKqueueSharp.Linux.Tests.Signals.SignalChild;

namespace LibKqueueSharp.Linux.Tests.Signals;

/// <summary>What holds in a process of its own: each public method is run in one by <see cref="SignalTests"/>.</summary>
internal static unsafe partial class SignalScenarios
{
    private const int SignalNumbers = 65;
    private const int Block = 0;
    private const int Unblock = 1;

    private static int s_handled;

    public static void SpacedSignalsAreCounted()
    {
        foreach (int signal in new[] { SIGUSR1, SIGPIPE, RealTime, SIGWINCH })
        {
            using TestQueue q = NewQueue(signal, ignored: true);
            for (int i = 0; i < 5; i++)
            {
                Kill(signal);
                q.ExpectCount(signal, 1);
            }
        }
    }

    public static void BurstIsCounted()
    {
        using TestQueue q = NewQueue(RealTime, ignored: true);
        for (int i = 0; i < 1000; i++)
            Kill(RealTime);
        q.ExpectCount(RealTime, 1000);
    }

    public static void StandardSignalsMergeWhileTheyArePending()
    {
        using TestQueue q = NewQueue(SIGUSR1, ignored: true);
        SetDisposition(RealTime, Ignore);
        q.AddSignal(RealTime);
        int self = Environment.ProcessId;
        string five = string.Concat(Enumerable.Repeat($"kill -{SIGUSR1} {self}; kill -{RealTime} {self}; ", 5));
        string stopped = $"while grep -L '^State:.T' /proc/{self}/task/*/status | grep -q .; do sleep 0.01; done";
        using Process sender = Process.Start("sh", ["-c", $"kill -STOP {self}; {stopped}; {five} kill -CONT {self}"]);
        sender.WaitForExit();
        long[] counted = new long[SignalNumbers];
        Eventually.Holds(
            () =>
            {
                foreach (KEvent e in q.Poll())
                    counted[e.Ident] += e.Data;
                return counted[SIGUSR1] != 0 && counted[RealTime] == 5;
            },
            () => $"{counted[SIGUSR1]} and {counted[RealTime]} deliveries");
        q.ExpectSilence();
        Assert.That(counted[SIGUSR1], Is.EqualTo(1));
    }

    public static void BlockedSignalIsCountedWhenItIsLetIn()
    {
        using TestQueue q = NewQueue(RealTime, ignored: true);
        using TestThread blocking = new(() =>
        {
            ChangeMask(Block, RealTime);
            for (int i = 0; i < 5; i++)
                Posix.ThreadKill(Environment.ProcessId, Posix.GetThreadId(), RealTime);
            q.ExpectSilence("blocked");
            ChangeMask(Unblock, RealTime);
        });
        blocking.Join();
        q.ExpectCount(RealTime, 5);
    }

    public static void SignalToAThreadIsCountedInEveryDialect()
    {
        SetDisposition(SIGUSR1, Ignore);
        foreach (Dialect dialect in Dialect.All)
        {
            using TestQueue q = new(dialect);
            q.AddSignal(SIGUSR1);
            Posix.ThreadKill(Environment.ProcessId, Posix.GetThreadId(), SIGUSR1);
            q.ExpectCount(SIGUSR1, 1);
        }
    }

    public static void StopSignalStillStops()
    {
        using TestQueue q = new();
        q.AddSignal(SIGTSTP);
        int self = Environment.ProcessId;
        string stopped = $"for i in $(seq 500); do grep -q '^State:.T' /proc/{self}/status && kill -CONT {self} && exit 3; sleep 0.01; done";
        using Process other = Process.Start("sh", ["-c", $"kill -TSTP {self}; {stopped}"]);
        other.WaitForExit();
        Assert.That(other.ExitCode, Is.EqualTo(3), "the process never stopped");
        q.ExpectCount(SIGTSTP, 1);
    }

    public static void SleeperIsWoken()
    {
        using TestQueue q = NewQueue(SIGUSR1, ignored: true);
        for (int i = 0; i < 200; i++)
        {
            KEvent got = default;
            using TestThread waiter = new(() => got = q.WaitOne());
            if (i % 2 == 0)
                waiter.AwaitSleep();
            Kill(SIGUSR1);
            waiter.Join();
            Assert.That((got.Ident, got.Data), Is.EqualTo(((nuint)SIGUSR1, 1L)), got.ToString());
        }
    }

    public static void EachQueueCounts()
    {
        using TestQueue first = NewQueue(SIGUSR1, ignored: true);
        using TestQueue second = NewQueue(SIGUSR1, ignored: false);
        Kill(SIGUSR1);
        first.ExpectCount(SIGUSR1, 1);
        second.ExpectCount(SIGUSR1, 1);
        first.Delete(SIGUSR1, EventFilter.Signal);
        Kill(SIGUSR1);
        second.ExpectCount(SIGUSR1, 1);
        first.ExpectSilence();
    }

    public static void DisabledKnoteGoesOnCounting()
    {
        using TestQueue q = NewQueue(RealTime, ignored: true);
        using TestQueue other = NewQueue(RealTime, ignored: false);
        q.Disable(RealTime, EventFilter.Signal);
        for (int i = 0; i < 3; i++)
            Kill(RealTime);
        other.ExpectCount(RealTime, 3);
        q.ExpectSilence();
        q.Enable(RealTime, EventFilter.Signal);
        q.ExpectCount(RealTime, 3);
    }

    public static void IgnoredSignalIsIgnoredAgainAfterTheLastKnote()
    {
        foreach (int signal in new[] { SIGUSR2, SIGPIPE })
        {
            SetDisposition(signal, Ignore);
            using TestQueue q = new();
            for (int round = 0; round < 3; round++)
            {
                q.AddSignal(signal);
                Kill(signal);
                q.ExpectCount(signal, 1);
                q.Delete(signal, EventFilter.Signal);
                Assert.That(Has("SigIgn", signal), Is.True, $"signal {signal}, round {round}");
                Kill(signal);
                q.ExpectSilence();
            }
        }
    }

    public static void DefaultActionIsLeftAlone()
    {
        using TestQueue q = new();
        q.AddSignal(SIGUSR1);
        Kill(SIGUSR1);
        Thread.Sleep(Eventually.Limit);
        Assert.Fail("SIGUSR1 did not end the process");
    }

    public static void TerminationIsLeftToTheRuntime()
    {
        using TestQueue q = new();
        q.AddSignal(SIGTERM);
        Kill(SIGTERM);
        Thread.Sleep(Eventually.Limit);
        Assert.Fail("SIGTERM did not end the process");
    }

    public static void EarlierHandlerStillRuns()
    {
        InstallHandler(SIGUSR1);
        using TestQueue q = new();
        q.AddSignal(SIGUSR1);
        for (int i = 1; i <= 5; i++)
        {
            Kill(SIGUSR1);
            q.ExpectCount(SIGUSR1, 1);
            Assert.That(Volatile.Read(ref s_handled), Is.EqualTo(i));
        }

        q.Delete(SIGUSR1, EventFilter.Signal);
        Kill(SIGUSR1);
        Eventually.Holds(() => Volatile.Read(ref s_handled) == 6, () => $"the handler ran {s_handled} times");
    }

    public static void LaterHandlerHidesTheSignalUntilItIsAddedAgain()
    {
        using TestQueue q = NewQueue(SIGUSR1, ignored: true);
        InstallHandler(SIGUSR1);
        Kill(SIGUSR1);
        Eventually.Holds(() => Volatile.Read(ref s_handled) == 1, "the handler");
        q.ExpectSilence();
        q.AddSignal(SIGUSR1);
        Kill(SIGUSR1);
        q.ExpectCount(SIGUSR1, 1);
        Eventually.Holds(() => Volatile.Read(ref s_handled) == 2, () => $"the handler ran {s_handled} times");
    }

    public static void SignalIgnoredLaterIsHiddenUntilItIsAddedAgain()
    {
        using TestQueue q = NewQueue(SIGUSR1, ignored: true);
        SetDisposition(SIGUSR1, Ignore);
        Kill(SIGUSR1);
        q.ExpectSilence();
        q.AddSignal(SIGUSR1);
        Kill(SIGUSR1);
        q.ExpectCount(SIGUSR1, 1);
    }

    public static void RegistrationOfThePosixKindStillRuns()
    {
        int handled = 0;
        using (PosixSignalRegistration.Create((PosixSignal)SIGUSR1, c =>
        {
            c.Cancel = true;
            Interlocked.Increment(ref handled);
        }))
        {
            using TestQueue q = new();
            q.AddSignal(SIGUSR1);
            for (int i = 0; i < 5; i++)
            {
                Kill(SIGUSR1);
                q.ExpectCount(SIGUSR1, 1);
            }

            Eventually.Holds(() => Volatile.Read(ref handled) == 5, () => $"handled {handled} of 5");
            q.Delete(SIGUSR1, EventFilter.Signal);
            Kill(SIGUSR1);
            Eventually.Holds(() => Volatile.Read(ref handled) == 6, () => $"handled {handled} of 6");
        }
    }

    public static void HandlerSetOverARegistrationIsRefusedAndNotLost()
    {
        using PosixSignalRegistration own = PosixSignalRegistration.Create((PosixSignal)SIGUSR1, c => c.Cancel = true);
        InstallHandler(SIGUSR1);
        using TestQueue q = new();
        Assert.That(q.TryAdd(SIGUSR1, EventFilter.Signal), Is.EqualTo(Errno.ENOTSUP), "the runtime would not call the handler");
        Kill(SIGUSR1);
        Eventually.Holds(() => Volatile.Read(ref s_handled) == 1, "the handler");
    }

    public static void DefaultActionSetOverARegistrationIsCounted()
    {
        using PosixSignalRegistration own = PosixSignalRegistration.Create((PosixSignal)SIGUSR1, c => c.Cancel = true);
        SetDisposition(SIGUSR1, 0);
        using TestQueue q = NewQueue(SIGUSR1, ignored: false);
        Kill(SIGUSR1);
        q.ExpectCount(SIGUSR1, 1);
    }

    public static void ChildSignalAndProcessWorkTogether()
    {
        using TestQueue q = new();
        q.AddSignal(SIGCHLD);
        for (int i = 0; i < 5; i++)
        {
            using Process child = Process.Start("sh", ["-c", $"exit {i}"]);
            child.WaitForExit();
            Assert.That(child.ExitCode, Is.EqualTo(i));
            q.ExpectCount(SIGCHLD, 1);
        }

        q.Delete(SIGCHLD, EventFilter.Signal);
        using Process last = Process.Start("sh", ["-c", "exit 7"]);
        last.WaitForExit();
        Assert.That(last.ExitCode, Is.EqualTo(7));
    }

    public static void IgnoredChildSignalIsNotRecorded()
    {
        SetDisposition(SIGCHLD, Ignore);
        using TestQueue q = new();
        q.AddSignal(SIGCHLD);
        Assert.That(Has("SigIgn", SIGCHLD), Is.True);
        Kill(SIGCHLD);
        q.ExpectSilence("SIG-004");
    }

    public static void ExitsAreToldWhileChildrenLeaveNoZombies()
    {
        // SIGCHLD is ignored: the kernel reaps, and waitid(2) knows no child any more.
        SetDisposition(SIGCHLD, Ignore);
        using TestQueue q = new();
        for (int i = 0; i < 20; i++)
        {
            (Fd input, Fd go) = Child.Pipe();
            int id = Child.Spawn("/bin/sh", input, 2, "-c", $"read go; exit {i}");
            input.Dispose();
            q.Add(id, EventFilter.Process, 0, (uint)ProcessNotes.Exit);
            go.Dispose();
            Assert.That(q.WaitOne(), Is.EqualTo(ExitTests.Exited(id, ExitTests.Remembered(i << 8))));
        }

        Assert.That(q.Queue.DescriptorCount, Is.EqualTo(2));
    }

    public static void AlarmIsCounted()
    {
        using TestQueue q = NewQueue(SIGALRM, ignored: true);
        Alarm(1);
        q.ExpectCount(SIGALRM, 1);
    }

    public static void ForgottenQueueLetsGo()
    {
        SetDisposition(SIGUSR1, Ignore);
        WeakReference forgotten = Forget();
        Eventually.Holds(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !forgotten.IsAlive;
            },
            "the collection of a queue that watches a signal");
        Kill(SIGUSR1);
        Eventually.Holds(() => Has("SigIgn", SIGUSR1), "the next delivery finds nobody, and SIG_IGN returns");
    }

    public static void ForgottenQueueDoesNotKeepTheSignalOfOthers()
    {
        SetDisposition(SIGUSR1, Ignore);
        WeakReference forgotten = Forget();
        Eventually.Holds(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !forgotten.IsAlive;
            },
            "the collection of a queue that watches a signal");
        using TestQueue q = NewQueue(SIGUSR1, ignored: false);
        q.Delete(SIGUSR1, EventFilter.Signal);
        Assert.That(Has("SigIgn", SIGUSR1), Is.True, "the last registration has gone");
    }

    public static void CallThatAHandlerInterruptsIsStillInterrupted()
    {
        InstallHandler(SIGUSR1);
        Assert.That(Interrupt(SIGUSR1, 1), Is.Zero);
        using TestQueue q = new();
        Assert.That(ReadUnderSignal(), Is.EqualTo(Errno.EINTR), "before");
        q.AddSignal(SIGUSR1);
        Assert.That(ReadUnderSignal(), Is.EqualTo(Errno.EINTR), "watched");
        q.Delete(SIGUSR1, EventFilter.Signal);
        Assert.That(ReadUnderSignal(), Is.EqualTo(Errno.EINTR), "after");
        Assert.That(Interrupt(SIGUSR1, 0), Is.Zero);
        q.AddSignal(SIGUSR1);
        Assert.That(ReadUnderSignal(), Is.EqualTo(Errno.None), "a handler with SA_RESTART");
    }

    public static void ChildrenThatLeaveNoZombiesLeaveNone()
    {
        const int flagsAt = 136;
        const int noZombies = 2;
        byte* action = stackalloc byte[152];
        Assert.That(ChangeAction(SIGCHLD, null, action), Is.Zero);
        *(int*)(action + flagsAt) |= noZombies;
        Assert.That(ChangeAction(SIGCHLD, action, null), Is.Zero);
        using TestQueue q = new();
        q.AddSignal(SIGCHLD);
        int child = Child.Spawn("/bin/sh", 0, 2, "-c", "exit 3");
        q.ExpectCount(SIGCHLD, 1);
        Assert.That(Syscall.waitpid(child, out _, WaitOptions.WNOHANG), Is.EqualTo(-1), "there is nothing to wait for");
    }

    public static void QueueIsDisposedWhileSignalsCome()
    {
        SetDisposition(RealTime, Ignore);
        bool over = false;
        TestThread[] disposers = TestThread.Start(3, _ =>
        {
            while (!Volatile.Read(ref over))
            {
                using TestQueue q = new();
                q.AddSignal(RealTime);
                q.Poll();
            }
        });
        for (int i = 0; i < 3000; i++)
            Kill(RealTime);
        Volatile.Write(ref over, true);
        TestThread.JoinAll(disposers);
        Assert.That(Has("SigIgn", RealTime), Is.True);
    }

    public static void ManyThreadsAddAndDeleteWhileSignalsCome()
    {
        using TestQueue counting = NewQueue(RealTime, ignored: true);
        const int sent = 2000;
        bool over = false;
        TestThread[] changers = TestThread.Start(2, _ =>
        {
            while (!Volatile.Read(ref over))
            {
                using TestQueue q = new();
                q.AddSignal(RealTime);
                q.Poll();
                q.Delete(RealTime, EventFilter.Signal);
            }
        });
        for (int i = 0; i < sent; i++)
            Kill(RealTime);
        counting.ExpectCount(RealTime, sent);
        Volatile.Write(ref over, true);
        TestThread.JoinAll(changers);
    }

    public static void IgnoredSignalIsNotInheritedAsIgnored()
    {
        using TestQueue q = NewQueue(SIGUSR1, ignored: true);
        Assert.That(IsIgnoredByAChild(), Is.False);
        q.Delete(SIGUSR1, EventFilter.Signal);
        Assert.That(IsIgnoredByAChild(), Is.True);
    }

    public static void EachQueueCountsABurst()
    {
        SetDisposition(RealTime, Ignore);
        TestQueue[] queues = [.. Enumerable.Range(0, 5).Select(_ => NewQueue(RealTime, ignored: false))];
        for (int i = 0; i < 500; i++)
            Kill(RealTime);
        foreach (TestQueue q in queues)
        {
            q.ExpectCount(RealTime, 500);
            q.Dispose();
        }
    }

    public static void ChildSignalAndExitsAndProcessWorkTogether()
    {
        const int children = 20;
        using TestQueue q = new();
        q.AddSignal(SIGCHLD);
        HashSet<int> exited = [];
        long signals = 0;
        Process[] all = [.. Enumerable.Range(0, children).Select(i =>
            Process.Start(new ProcessStartInfo("sh", ["-c", $"read go; exit {i}"]) { RedirectStandardInput = true })!)];
        foreach (Process child in all)
            q.Add(child.Id, EventFilter.Process, 0, (uint)ProcessNotes.Exit);
        foreach (Process child in all)
            child.StandardInput.WriteLine();
        Eventually.Holds(
            () =>
            {
                foreach (KEvent e in q.Poll())
                {
                    if (e.Filter == EventFilter.Signal)
                        signals += e.Data;
                    else
                        Assert.That(exited.Add((int)e.Ident), e.ToString());
                }

                return exited.Count == children && signals != 0;
            },
            () => $"{exited.Count} of {children} exits, {signals} signals");
        for (int i = 0; i < children; i++)
        {
            all[i].WaitForExit();
            Assert.That(all[i].ExitCode, Is.EqualTo(i));
            all[i].Dispose();
        }

        Assert.That(signals, Is.LessThanOrEqualTo(children), "standard signals merge, and never multiply");
    }

    public static void SignalOfTheRuntimeThatIsIgnoredSinceIsCounted()
    {
        // The runtime has a handler for these from its first registration on, and installs each once only.
        using TestQueue first = NewQueue(SIGUSR1, ignored: true);
        foreach (int signal in new[] { SIGCONT, SIGWINCH, SIGUSR1 })
        {
            using TestQueue q = new();
            q.AddSignal(signal);
            q.Delete(signal, EventFilter.Signal);
            SetDisposition(signal, Ignore);
            q.AddSignal(signal);
            Kill(signal);
            q.ExpectCount(signal, 1);
        }
    }

    public static void RuntimeHandlesContinueFromTheFirstRegistrationOn()
    {
        Assert.That(Has("SigCgt", SIGCONT), Is.False, "before");
        using TestQueue q = NewQueue(SIGUSR1, ignored: true);
        Assert.That(Has("SigCgt", SIGCONT), Is.True);
        q.Delete(SIGUSR1, EventFilter.Signal);
        Assert.That(Has("SigCgt", SIGCONT), Is.True, "for good");
        using Process child = Process.Start(new ProcessStartInfo("grep", ["SigCgt", "/proc/self/status"]) { RedirectStandardOutput = true })!;
        string line = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.That(Convert.ToUInt64(line[7..].Trim(), 16) >> (SIGCONT - 1) & 1, Is.Zero, "a child has it by default");
        q.AddSignal(SIGCONT);
        Kill(SIGCONT);
        q.ExpectCount(SIGCONT, 1);
    }

    /// <summary>How a read from an empty pipe ends whose thread gets SIGUSR1; None when only bytes ended it.</summary>
    private static Errno ReadUnderSignal()
    {
        (Fd reader, Fd writer) = Child.Pipe();
        using (reader)
        using (writer)
        {
            Errno error = Errno.None;
            using TestThread reading = new(() => error = reader.TryRead(new byte[1]) < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None);
            Eventually.Holds(() => File.ReadAllText($"/proc/self/task/{reading.Id}/wchan").Contains("pipe", StringComparison.Ordinal), "a thread that reads");
            int before = Volatile.Read(ref s_handled);
            Posix.ThreadKill(Environment.ProcessId, reading.Id, SIGUSR1);
            Eventually.Holds(() => Volatile.Read(ref s_handled) > before, "the handler");
            Thread.Sleep(20);
            writer.Write(1);
            reading.Join();
            return error;
        }
    }

    private static bool IsIgnoredByAChild()
    {
        using Process child = Process.Start(new ProcessStartInfo("grep", ["SigIgn", "/proc/self/status"]) { RedirectStandardOutput = true })!;
        string line = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return (Convert.ToUInt64(line[7..].Trim(), 16) >> (SIGUSR1 - 1) & 1) != 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forget()
    {
        TestQueue q = new();
        q.AddSignal(SIGUSR1);
        return new WeakReference(q.Queue);
    }

    private static TestQueue NewQueue(int signal, bool ignored)
    {
        if (ignored)
            SetDisposition(signal, Ignore);
        TestQueue q = new();
        q.AddSignal(signal);
        return q;
    }

    private static void ChangeMask(int how, int signal)
    {
        ulong mask = 1UL << (signal - 1);
        Assert.That(Posix.SignalMask(how, &mask, null), Is.Zero);
    }

    // Safe as a handler here: it is compiled already, takes no lock and allocates nothing.
    private static void InstallHandler(int signal)
    {
        delegate* unmanaged<int, void> handler = &Count;
        handler(signal);
        Volatile.Write(ref s_handled, 0);
        SetDisposition(signal, (nint)handler);
    }

    [UnmanagedCallersOnly]
    private static void Count(int signal) => Interlocked.Increment(ref s_handled);
}
