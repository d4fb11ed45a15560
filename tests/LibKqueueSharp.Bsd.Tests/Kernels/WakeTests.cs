using System.Collections.Concurrent;

namespace LibKqueueSharp.Kernels.Tests;

/// <summary>Waits that end early: of one call, and of all when the queue is disposed of.</summary>
[NonParallelizable]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class WakeTests
{
    private const int Waiters = 4;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static IEnumerable<TestCaseData> Kernels() =>
        from name in new[] { "freebsd", "netbsd", "openbsd", "macos", "libkqueue" }
        from lacksUserEvents in new[] { false, true }
        select new TestCaseData(KqueueAbi.Find(name)!, lacksUserEvents).SetArgDisplayNames(name, lacksUserEvents ? "by a pipe" : "by a user event");

    [TearDown]
    public void HasUserEventsAgain()
    {
        EmulatedKernel.LacksUserEvents = false;
        Assert.That(EmulatedKernel.Queues, Is.Zero, "queues are still open");
    }

    /// <summary>KQ-CLOSE-003, also where close(2) leaves waiters asleep: the descriptor is closed after the last of them has left.</summary>
    [TestCaseSource(nameof(Kernels))]
    public void DisposeWakesAllWaiters(KqueueAbi abi, bool lacksUserEvents)
    {
        BackendQueue queue = Open(abi, lacksUserEvents);
        ConcurrentBag<(int Count, Errno Error)> answers = [];
        Thread[] threads = [.. Enumerable.Range(0, Waiters).Select(_ => Start(() =>
        {
            int count = queue.Kevent([], new KEvent[1], KeventTimeout.Infinite, null, out Errno error);
            answers.Add((count, error));
        }))];
        WaitUntilInside(Waiters);
        queue.Dispose();
        JoinAll(threads);
        Assert.That(answers, Is.EquivalentTo(Enumerable.Repeat((-1, Errno.EBADF), Waiters)));
        Assert.That(queue.Kevent([], new KEvent[1], KeventTimeout.Zero, null, out Errno late), Is.EqualTo(-1));
        Assert.That(late, Is.EqualTo(Errno.EBADF));
        queue.Dispose();
    }

    [TestCaseSource(nameof(Kernels))]
    public void InterruptEndsTheCallThatIsMeant(KqueueAbi abi, bool lacksUserEvents)
    {
        using BackendQueue queue = Open(abi, lacksUserEvents);
        WaitCancellation[] tokens = [.. Enumerable.Range(0, Waiters).Select(_ => new WaitCancellation())];
        int[] answers = [.. Enumerable.Repeat(int.MinValue, Waiters)];
        Thread[] threads = [.. Enumerable.Range(0, Waiters).Select(i => Start(() =>
            Volatile.Write(ref answers[i], queue.Kevent([], new KEvent[1], KeventTimeout.Infinite, tokens[i], out _))))];
        WaitUntilInside(Waiters);
        for (int i = 0; i < Waiters; i++)
        {
            queue.Interrupt(tokens[i]);
            Assert.That(threads[i].Join(s_patience), $"waiter {i} sleeps on");
            Assert.That(answers[i], Is.Zero);
            for (int other = i + 1; other < Waiters; other++)
                Assert.That(Volatile.Read(ref answers[other]), Is.EqualTo(int.MinValue), $"waiter {other} returned when {i} was meant");
        }
    }

    [TestCaseSource(nameof(Kernels))]
    public void InterruptBeforeTheCallEndsIt(KqueueAbi abi, bool lacksUserEvents)
    {
        using BackendQueue queue = Open(abi, lacksUserEvents);
        WaitCancellation token = new();
        queue.Interrupt(token);
        Assert.That(queue.Kevent([], new KEvent[1], KeventTimeout.Infinite, token, out Errno error), Is.Zero);
        Assert.That(error, Is.EqualTo(Errno.None));
    }

    /// <summary>A wake-up that nobody took any more is not an event, and does not end the next wait early.</summary>
    [TestCaseSource(nameof(Kernels))]
    public void StrayWakeUpIsNoEvent(KqueueAbi abi, bool lacksUserEvents)
    {
        using BackendQueue queue = Open(abi, lacksUserEvents);
        for (int round = 0; round < 20; round++)
        {
            WaitCancellation token = new();
            Thread interrupter = Start(() => queue.Interrupt(token));
            queue.Kevent([], new KEvent[1], KeventTimeout.Infinite, token, out _);
            Assert.That(interrupter.Join(s_patience));
        }

        KEvent[] events = new KEvent[4];
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        int count = queue.Kevent([], events, KeventTimeout.FromTimespec(0, 50_000_000), null, out Errno error);
        Assert.That((count, error), Is.EqualTo((0, Errno.None)), $"{events[0]}");
        Assert.That(System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalMilliseconds, Is.GreaterThanOrEqualTo(50));
    }

    /// <summary>CALL-TMO-001: a wake-up that nobody took must not hide an event from a poll with room for one.</summary>
    [TestCaseSource(nameof(Kernels))]
    public void StrayWakeUpDoesNotHideAnEvent(KqueueAbi abi, bool lacksUserEvents)
    {
        using BackendQueue queue = Open(abi, lacksUserEvents);
        LeaveAWakeUp(queue);
        KEvent timer = new(3, EventFilter.Timer, EventFlags.Add | EventFlags.OneShot, 0, data: 1);
        Assert.That(queue.Kevent([timer], [], KeventTimeout.Zero, null, out _), Is.Zero);
        Thread.Sleep(20);
        KEvent[] events = new KEvent[1];
        Assert.That(queue.Kevent([], events, KeventTimeout.Zero, null, out _), Is.EqualTo(1), "an event was there");
        Assert.That(events[0].Filter, Is.EqualTo(EventFilter.Timer), $"{events[0]}");
    }

    /// <summary>CALL-TMO-012: what the wait has lasted before somebody else's wake-up counts.</summary>
    [Test]
    public void WakeUpsDoNotLengthenTheWait([Values] bool lacksUserEvents)
    {
        using BackendQueue queue = Open(KqueueAbi.FreeBsd, lacksUserEvents);
        using Timer late = new(_ => LeaveAWakeUp(queue), null, 3_000, Timeout.Infinite);
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.That(queue.Kevent([], new KEvent[1], KeventTimeout.FromTimespec(4, 0), null, out _), Is.Zero);
        Assert.That(System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds, Is.InRange(4, 6.5), "the wait began anew");
    }

    // An interrupted call that found its event before the wake-up leaves one behind.
    private static void LeaveAWakeUp(BackendQueue queue) => ((BsdQueue)queue).WakeOne();

    /// <summary>Interrupts, events and a disposal at once: each waiter returns, each event is delivered once, and nothing hangs.</summary>
    [TestCaseSource(nameof(Kernels))]
    public void InterruptsLoseNoEvents(KqueueAbi abi, bool lacksUserEvents)
    {
        const int Rounds = 200;
        BackendQueue queue = Open(abi, lacksUserEvents);
        int delivered = 0;
        WaitCancellation?[] current = new WaitCancellation?[Waiters];
        Thread[] threads = [.. Enumerable.Range(0, Waiters).Select(i => Start(() =>
        {
            KEvent[] events = new KEvent[2];
            while (true)
            {
                WaitCancellation token = new();
                Volatile.Write(ref current[i], token);
                int count = queue.Kevent([], events, KeventTimeout.Infinite, token, out Errno error);
                if (error == Errno.EBADF)
                    return;
                foreach (KEvent e in events.AsSpan(0, count))
                    Interlocked.Add(ref delivered, e.Filter == EventFilter.Timer && e.IsRecord is false ? 1 : 1_000_000);
            }
        }))];
        Random random = new(7);
        for (int round = 1; round <= Rounds; round++)
        {
            KEvent timer = new((nuint)round, EventFilter.Timer, EventFlags.Add | EventFlags.OneShot, 0, data: 1);
            Assert.That(queue.Kevent([timer], [], KeventTimeout.Zero, null, out _), Is.Zero);
            if (Volatile.Read(ref current[random.Next(Waiters)]) is { } token)
                queue.Interrupt(token);
        }

        Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref delivered) >= Rounds, s_patience), $"{delivered} of {Rounds} events came");
        queue.Dispose();
        JoinAll(threads);
        Assert.That(delivered, Is.EqualTo(Rounds));
    }

    /// <summary>The descriptor must not be closed while somebody is inside: its number might be another queue's when the call begins.</summary>
    [Test]
    public void DisposeRacesWithCallers([Values] bool lacksUserEvents)
    {
        for (int round = 0; round < 100; round++)
        {
            BackendQueue queue = Open(KqueueAbi.FreeBsd, lacksUserEvents);
            Thread[] threads = [.. Enumerable.Range(0, 3).Select(_ => Start(() =>
            {
                KEvent[] events = new KEvent[1];
                Errno error;
                do
                    queue.Kevent([], events, KeventTimeout.FromTimespec(0, 100_000), null, out error);
                while (error == Errno.None);
                Assert.That(error, Is.EqualTo(Errno.EBADF));
            }))];
            if (round % 2 == 0)
                Thread.Yield();
            queue.Dispose();
            JoinAll(threads);
            Assert.That(EmulatedKernel.Queues, Is.Zero, $"round {round}");
        }
    }

    [Test]
    public void TheQueuesOwnIdentIsRefused([Values("freebsd", "netbsd", "macos")] string abi)
    {
        using BackendQueue queue = Open(KqueueAbi.Find(abi)!, false);
        KEvent change = new(unchecked((nuint)Translator.WakeIdent), EventFilter.User, EventFlags.Delete);
        Assert.That(queue.Kevent([change], [], KeventTimeout.Zero, null, out Errno error), Is.EqualTo(-1));
        Assert.That(error, Is.EqualTo(Errno.EINVAL));
        Assert.That(queue.Explain(error, change), Is.EqualTo("the ident is the queue's own"));
    }

    [Test]
    public async Task WaitAsyncIsCancelled()
    {
        using Kqueue queue = Kqueue.Create(EmulatedKernel.Backend(KqueueAbi.NetBsd));
        using CancellationTokenSource cancel = new();
        ValueTask<int> wait = queue.WaitAsync(new KEvent[1], cancel.Token);
        cancel.CancelAfter(10);
        Assert.ThrowsAsync<TaskCanceledException>(async () => await wait);
        queue.AddUserEvent(3);
        queue.Trigger(3);
        Assert.That(await queue.WaitAsync(new KEvent[1]), Is.EqualTo(1));
    }

    private static BackendQueue Open(KqueueAbi abi, bool lacksUserEvents)
    {
        EmulatedKernel.LacksUserEvents = lacksUserEvents;
        BackendQueue queue = EmulatedKernel.Backend(abi).CreateQueue(Dialect.FreeBsd);
        Assert.That(queue.DescriptorCount, Is.EqualTo(lacksUserEvents ? 3 : 1));
        return queue;
    }

    private static Thread Start(Action action)
    {
        Thread thread = new(() => action()) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private static void WaitUntilInside(int count) =>
        Assert.That(SpinWait.SpinUntil(() => EmulatedKernel.Inside >= count, s_patience), "the waiters did not come");

    private static void JoinAll(Thread[] threads)
    {
        foreach (Thread thread in threads)
            Assert.That(thread.Join(s_patience), "a waiter sleeps on");
    }
}
