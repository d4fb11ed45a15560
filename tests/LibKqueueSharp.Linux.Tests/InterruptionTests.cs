using System.Runtime.InteropServices;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>Signals that are handled by a thread in kevent (CALL-INTR-001 to CALL-INTR-004).</summary>
internal sealed class InterruptionTests : LinuxFixture
{
    private const int SIGUSR2 = 12;
    private const int SIGWINCH = 28;
    private const int SIGURG = 23;

    /// <summary>
    /// For the life of the process: the runtime handles a signal on a thread of its own, and gives one that comes there after its
    /// registration was disposed of its default effect, which is to end the process.
    /// </summary>
    private static readonly PosixSignalRegistration s_registration =
        PosixSignalRegistration.Create((PosixSignal)SIGUSR2, static c => c.Cancel = true);

    [Test]
    public void HandledSignalEndsTheWait([Values] bool infinite, [Values] bool withDescriptors)
    {
        // The runtime's handler has SA_RESTART (CALL-INTR-002).
        Assert.That(s_registration, Is.Not.Null);
        TestQueue q = NewQueue();
        if (withDescriptors)
            q.AddRead(NewPipe().A);
        (int, Errno) result = default;
        KeventTimeout timeout = infinite ? KeventTimeout.Infinite : KeventTimeout.FromTimeSpan(TimeSpan.FromSeconds(30));
        using TestThread waiter = new(() =>
        {
            KEvent add = new(1, EventFilter.User, EventFlags.Add);
            result.Item1 = q.Queue.Kevent([add], new KEvent[4], timeout, null, out result.Item2);
        });
        waiter.AwaitSleep();
        Send(waiter, SIGUSR2);
        waiter.Join();
        Assert.That(result, Is.EqualTo((-1, Errno.EINTR)));
        Assert.That(q.TryDelete(1, EventFilter.User), Is.EqualTo(Errno.None), "CALL-INTR-003: the change was applied");
    }

    [Test]
    public void OtherWaitersNoticeNothing()
    {
        Assert.That(s_registration, Is.Not.Null);
        TestQueue q = NewQueue();
        q.Add(1, EventFilter.User, EventFlags.Clear);
        (int, Errno)[] results = new (int, Errno)[3];
        TestThread[] waiters = TestThread.Start(3, i => results[i].Item1 =
            q.Queue.Kevent([], new KEvent[1], KeventTimeout.FromTimeSpan(TimeSpan.FromSeconds(30)), null, out results[i].Item2));
        foreach (TestThread waiter in waiters)
            waiter.AwaitSleep();
        Send(waiters[1], SIGUSR2);
        waiters[1].Join();
        Assert.That(results[1], Is.EqualTo((-1, Errno.EINTR)));
        foreach (int i in new[] { 0, 2 })
        {
            q.Trigger(1);
            Eventually.Holds(() => results.Count(r => r.Item1 == 1) == (i == 0 ? 1 : 2), "a delivery");
        }

        TestThread.JoinAll(waiters);
    }

    [Test]
    public void SignalWithAnEventAtHandDoesNotLoseTheEvent()
    {
        // Either the event comes, or EINTR comes and the event with the next call.
        Assert.That(s_registration, Is.Not.Null);
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        q.Add(1, EventFilter.User, EventFlags.Clear);
        q.AddRead(pipe.A, EventFlags.Clear);
        const int rounds = 300;
        int delivered = 0;
        bool over = false;
        using TestThread waiter = new(() =>
        {
            KEvent[] events = new KEvent[4];
            while (!Volatile.Read(ref over))
            {
                int count = q.Queue.Kevent([], events, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(100)), null, out Errno error);
                Assert.That(error, Is.EqualTo(Errno.None).Or.EqualTo(Errno.EINTR));
                Interlocked.Add(ref delivered, Math.Max(0, count));
            }
        });
        for (int i = 0; i < rounds; i++)
        {
            Send(waiter, SIGUSR2);
            if (i % 2 == 0)
                q.Trigger(1);
            else
                pipe.B.Write(1);
            Send(waiter, SIGUSR2);
            Eventually.Holds(() => Volatile.Read(ref delivered) == i + 1, () => $"event {i}, had {delivered}");
        }

        Volatile.Write(ref over, true);
        waiter.Join();
    }

    [Test]
    public void IgnoredSignalDoesNotEndTheWait([Values(SIGWINCH, SIGURG)] int signal)
    {
        // CALL-INTR-004. SIGWINCH and SIGURG are ignored unless somebody asks for them.
        Assume.That(IsCaught(signal), Is.False, $"nobody in this process handles signal {signal}");
        TestQueue q = NewQueue();
        q.Add(1, EventFilter.User);
        (int, Errno) result = default;
        using TestThread waiter = new(() =>
            result.Item1 = q.Queue.Kevent([], new KEvent[1], KeventTimeout.FromTimeSpan(TimeSpan.FromSeconds(30)), null, out result.Item2));
        waiter.AwaitSleep();
        Send(waiter, signal);
        Thread.Sleep(20);
        Assert.That(waiter.SleepsInEpoll(), Is.True);
        q.Trigger(1);
        waiter.Join();
        Assert.That(result, Is.EqualTo((1, Errno.None)));
    }

    private static bool IsCaught(int signal)
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigCgt:", StringComparison.Ordinal));
        return (Convert.ToUInt64(line[7..].Trim(), 16) & (1UL << (signal - 1))) != 0;
    }

    private static void Send(TestThread thread, int signal) =>
        Assert.That(Posix.ThreadKill(Environment.ProcessId, thread.Id, signal), Is.Zero);
}
