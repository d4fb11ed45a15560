using System.Globalization;
using System.Runtime.InteropServices;
using LibKqueueSharp.Linux.Tests.Support;
using static LibKqueueSharp.Linux.Tests.Signals.SignalChild;

namespace LibKqueueSharp.Linux.Tests.Signals;

/// <summary>
/// What holds in a process whose every thread blocks <see cref="Blocked"/> from the start: each public method is run in one by
/// <see cref="BlockedSignalTests"/>.
/// </summary>
internal static unsafe class BlockedSignalScenarios
{
    internal static readonly int[] Blocked = [SIGUSR1, SIGUSR2, SIGTERM, SIGCHLD, RealTime];

    private const int Unblock = 1;

    private static int s_handled;

    public static void SpacedSignalsAreCounted()
    {
        foreach (int signal in new[] { SIGUSR1, SIGTERM, RealTime })
        {
            using TestQueue q = NewQueue(signal);
            for (int i = 0; i < 5; i++)
            {
                Kill(signal);
                q.ExpectCount(signal, 1);
            }
        }
    }

    public static void IgnoredSignalIsCounted()
    {
        SetDisposition(SIGUSR1, Ignore);
        using TestQueue q = NewQueue(SIGUSR1);
        for (int i = 0; i < 5; i++)
        {
            Kill(SIGUSR1);
            q.ExpectCount(SIGUSR1, 1);
        }
    }

    public static void BurstOfRealTimeSignalsIsExact()
    {
        using TestQueue q = NewQueue(RealTime);
        for (int i = 0; i < 1000; i++)
            Kill(RealTime);
        KEvent e = q.WaitOne();
        Assert.That((e.Ident, e.Data), Is.EqualTo(((nuint)RealTime, 1000L)), e.ToString());
    }

    public static void BurstOfStandardSignalsIsOne()
    {
        using TestQueue q = NewQueue(SIGUSR1);
        for (int i = 0; i < 1000; i++)
            Kill(SIGUSR1);
        q.ExpectCount(SIGUSR1, 1);
    }

    public static void EachQueueCounts()
    {
        using TestQueue first = NewQueue(RealTime);
        using TestQueue second = NewQueue(RealTime);
        for (int i = 0; i < 100; i++)
            Kill(RealTime);
        first.ExpectCount(RealTime, 100);
        second.ExpectCount(RealTime, 100);
        second.Delete(RealTime, EventFilter.Signal);
        Kill(RealTime);
        first.ExpectCount(RealTime, 1);
        second.ExpectSilence();
    }

    public static void PendingBeforeTheRegistrationIsNotCounted()
    {
        Kill(SIGUSR1);
        using TestQueue q = NewQueue(SIGUSR1);
        q.ExpectSilence("SIG-010");
        Kill(SIGUSR1);
        q.ExpectCount(SIGUSR1, 1);
    }

    public static void TakenSignalIsPendingAgainAfterTheLastKnote()
    {
        using TestQueue first = NewQueue(SIGUSR1);
        using TestQueue second = NewQueue(SIGUSR1);
        using Child sender = Child.Start($"kill -{SIGUSR1} {Environment.ProcessId}");
        sender.Reap();
        first.ExpectCount(SIGUSR1, 1);
        second.ExpectCount(SIGUSR1, 1);
        first.Dispose();
        Assert.That(Has("ShdPnd", SIGUSR1), Is.False, "the second has it");
        second.Delete(SIGUSR1, EventFilter.Signal);
        Assert.That(Has("ShdPnd", SIGUSR1), Is.True, "SIG-006");
        byte* info = stackalloc byte[128];
        Assert.That(WaitForSignal(SIGUSR1, info), Is.EqualTo(SIGUSR1));
        Assert.That(((int*)info)[4], Is.EqualTo(sender.Id), "its sender is still known");
    }

    public static void TakenSignalsReturnWhicheverThreadDisposes()
    {
        TestQueue q = NewQueue(SIGUSR1);
        Kill(SIGUSR1);
        q.ExpectCount(SIGUSR1, 1);
        using (TestThread other = new(q.Dispose))
            other.Join();
        byte* info = stackalloc byte[128];
        Assert.That(WaitForSignal(SIGUSR1, info), Is.EqualTo(SIGUSR1));
        Assert.That(((int*)info)[4], Is.EqualTo(Environment.ProcessId), "its sender");
    }

    public static void TakenRealTimeSignalsKeepTheirOrderAndValues()
    {
        using (TestQueue q = NewQueue(RealTime))
        {
            for (int i = 0; i < 100; i++)
                Assert.That(Queue(Environment.ProcessId, RealTime, i), Is.Zero);
            q.ExpectCount(RealTime, 100);
        }

        byte* info = stackalloc byte[128];
        for (int i = 0; i < 100; i++)
        {
            Assert.That(WaitForSignal(RealTime, info), Is.EqualTo(RealTime));
            Assert.That(*(nint*)(info + 24), Is.EqualTo((nint)i));
        }

        Assert.That(Has("ShdPnd", RealTime), Is.False);
    }

    public static void SignalWithAHandlerIsLeftToIt()
    {
        InstallHandler(SIGUSR1);
        using TestQueue q = NewQueue(SIGUSR1);
        Kill(SIGUSR1);
        q.ExpectSilence("it is counted when a thread lets it in");
        Assert.That(Has("ShdPnd", SIGUSR1), Is.True);
        LetIn(SIGUSR1);
        q.ExpectCount(SIGUSR1, 1);
        Assert.That(Volatile.Read(ref s_handled), Is.EqualTo(1));
    }

    public static void HandlerSetLaterGetsItAfterTheNextAdd()
    {
        using TestQueue q = NewQueue(SIGUSR1);
        Kill(SIGUSR1);
        q.ExpectCount(SIGUSR1, 1);
        InstallHandler(SIGUSR1);
        q.AddSignal(SIGUSR1);
        Kill(SIGUSR1);
        q.ExpectSilence();
        LetIn(SIGUSR1);
        q.ExpectCount(SIGUSR1, 1);
        Assert.That(Volatile.Read(ref s_handled), Is.EqualTo(1));
    }

    public static void SignalFdOfTheProgramIsNotRobbed()
    {
        ulong mask = Bit(SIGUSR1) | Bit(SIGUSR2);
        using Fd own = new(Posix.SignalFd(-1, &mask, Posix.NonBlockCloseOnExec));
        using TestQueue q = NewQueue(SIGUSR1);
        Kill(SIGUSR1);
        q.ExpectSilence("it belongs to the program's signalfd");
        Assert.That(own.TryRead(new byte[128]), Is.EqualTo(128));
        own.Dispose();
        q.AddSignal(SIGUSR1);
        Kill(SIGUSR1);
        q.ExpectCount(SIGUSR1, 1);
    }

    public static void ThreadInSigwaitIsNotRobbed()
    {
        // Both are woken by the signal; the look at the masks sees the waiter until it has the signal.
        using TestQueue q = NewQueue(SIGUSR1);
        q.Add(1, EventFilter.User);
        using TestThread taker = new(() =>
        {
            while (!q.Poll().Any(e => e.Filter == EventFilter.User))
                Thread.Yield();
        });
        for (int i = 0; i < 200; i++)
        {
            int got = 0;
            using TestThread waiter = new(() =>
            {
                byte* info = stackalloc byte[128];
                got = WaitForSignal(SIGUSR1, info);
            });
            Eventually.Holds(() => Waits(waiter.Id, SIGUSR1), "a thread in sigwait");
            Kill(SIGUSR1);
            waiter.Join();
            Assert.That(got, Is.EqualTo(SIGUSR1), $"round {i}");
        }

        q.Trigger(1);
        taker.Join();
    }

    public static void ThreadThatLetsItInLaterIsCounted()
    {
        SetDisposition(SIGUSR1, Ignore);
        using TestQueue q = NewQueue(SIGUSR1);
        Kill(SIGUSR1);
        q.ExpectCount(SIGUSR1, 1);
        using ManualResetEventSlim over = new();
        using ManualResetEventSlim open = new();
        using TestThread letting = new(() =>
        {
            ulong mask = Bit(SIGUSR1);
            Assert.That(Posix.SignalMask(Unblock, &mask, null), Is.Zero);
            open.Set();
            over.Wait();
        });
        open.Wait();
        for (int i = 0; i < 5; i++)
        {
            Kill(SIGUSR1);
            q.ExpectCount(SIGUSR1, 1);
        }

        over.Set();
        letting.Join();
        Kill(SIGUSR1);
        q.ExpectCount(SIGUSR1, 1);
    }

    public static void SleeperIsWoken()
    {
        using TestQueue q = NewQueue(SIGUSR1);
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

    public static void DescriptorIsReadableExactlyWhileASignalIsPending()
    {
        using TestQueue q = NewQueue(SIGUSR1);
        int number = q.Number;
        Assert.That(Readiness.IsReadable(Readiness.Way.Poll, number), Is.False);
        Kill(SIGUSR1);
        Assert.That(Readiness.IsReadable(Readiness.Way.Poll, number), Is.True);
        q.ExpectCount(SIGUSR1, 1);
        Assert.That(Readiness.IsReadable(Readiness.Way.Poll, number), Is.False);
    }

    public static void DescriptorsAreClosed()
    {
        string[] before = Descriptors();
        for (int i = 0; i < 50; i++)
        {
            using TestQueue q = NewQueue(SIGUSR1);
            q.AddSignal(RealTime);
            Assert.That(q.Queue.DescriptorCount, Is.EqualTo(4));
            Kill(SIGUSR1);
            q.ExpectCount(SIGUSR1, 1);
            q.Delete(SIGUSR1, EventFilter.Signal);
            Assert.That(q.Queue.DescriptorCount, Is.EqualTo(3));
        }

        Assert.That(Descriptors(), Is.EqualTo(before));

        static string[] Descriptors() =>
            [.. new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Select(f => f.LinkTarget ?? "").Where(l => l.StartsWith("anon_inode", StringComparison.Ordinal)).Order()];
    }

    public static void AddWithoutADescriptorFailsAndLeavesNothing()
    {
        using TestQueue q = NewQueue(SIGUSR2);
        Assert.That(NoDescriptors.While(() => q.TryAdd(SIGUSR1, EventFilter.Signal)), Is.EqualTo(Errno.EMFILE).Or.EqualTo(Errno.None));
        q.AddSignal(SIGUSR1);
        Kill(SIGUSR1);
        q.ExpectCount(SIGUSR1, 1);
    }

    public static void SignalIsTakenWithoutADescriptor()
    {
        using TestQueue q = NewQueue(SIGUSR1);
        Kill(SIGUSR1);
        KEvent[] events = NoDescriptors.While(() => q.Poll());
        Assert.That(events.Select(e => (e.Ident, e.Data)), Is.EqualTo(new[] { ((nuint)SIGUSR1, 1L) }));
    }

    public static void ManyThreadsAddAndDeleteWhileSignalsCome()
    {
        using TestQueue counting = NewQueue(RealTime);
        const int sent = 2000;
        bool over = false;
        TestThread[] changers = TestThread.Start(2, _ =>
        {
            while (!Volatile.Read(ref over))
            {
                using TestQueue q = NewQueue(RealTime);
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

    public static void ChildSignalIsCounted()
    {
        using TestQueue q = NewQueue(SIGCHLD);
        for (int i = 0; i < 5; i++)
        {
            using Child child = Child.Start($"exit {i}");
            q.ExpectCount(SIGCHLD, 1);
            Assert.That(child.Reap(), Is.EqualTo(i << 8));
        }
    }

    private static TestQueue NewQueue(int signal)
    {
        TestQueue q = new();
        q.AddSignal(signal);
        return q;
    }

    private static void LetIn(int signal)
    {
        using TestThread letting = new(() =>
        {
            ulong mask = Bit(signal);
            Assert.That(Posix.SignalMask(Unblock, &mask, null), Is.Zero);
        });
        letting.Join();
    }

    private static ulong Bit(int signal) => 1UL << (signal - 1);

    private static bool Waits(int thread, int signal)
    {
        string line = File.ReadLines($"/proc/self/task/{thread}/status").First(l => l.StartsWith("SigBlk", StringComparison.Ordinal));
        return (ulong.Parse(line[7..], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & Bit(signal)) == 0;
    }

    private static int WaitForSignal(int signal, byte* info)
    {
        ulong mask = Bit(signal);
        long* limit = stackalloc long[] { (long)Eventually.Limit.TotalSeconds, 0 };
        int got;
        do
            got = TimedWait(&mask, info, limit);
        while (got < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR);
        return got;
    }

    private static void InstallHandler(int signal)
    {
        delegate* unmanaged<int, void> handler = &Count;
        handler(signal);
        Volatile.Write(ref s_handled, 0);
        SetDisposition(signal, (nint)handler);
    }

    // Safe as a handler here: it is compiled already, takes no lock and allocates nothing.
    [UnmanagedCallersOnly]
    private static void Count(int signal) => Interlocked.Increment(ref s_handled);
}
