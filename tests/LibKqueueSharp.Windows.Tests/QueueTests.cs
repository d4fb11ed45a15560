using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Windows.Tests;

internal sealed class QueueTests
{
    [Test]
    public void BackendIsChosen()
    {
        Assert.That(Kqueue.DefaultBackend.Name, Is.EqualTo("windows"));
        using Kqueue queue = new();
        Assert.That(queue.DescriptorCount, Is.EqualTo(1));
    }

    [Test]
    public void TimerNeverEarly()
    {
        using TestQueue kq = new();
        for (int milliseconds = 1; milliseconds < 60; milliseconds += 7)
        {
            long began = Stopwatch.GetTimestamp();
            kq.Add(1, EventFilter.Timer, EventFlags.OneShot, data: milliseconds);
            kq.One();
            Assert.That(Stopwatch.GetElapsedTime(began).TotalMilliseconds, Is.GreaterThanOrEqualTo(milliseconds));
        }
    }

    [Test]
    public void TimeoutNeverEarly()
    {
        using TestQueue kq = new();
        KEvent[] events = new KEvent[1];
        for (int milliseconds = 1; milliseconds < 60; milliseconds += 7)
        {
            long began = Stopwatch.GetTimestamp();
            Assert.That(kq.Queue.Wait(events, TimeSpan.FromMilliseconds(milliseconds)), Is.Zero);
            Assert.That(Stopwatch.GetElapsedTime(began).TotalMilliseconds, Is.GreaterThanOrEqualTo(milliseconds));
        }
    }

    [Test]
    public void TriggerWakesASleeper()
    {
        using TestQueue kq = new();
        kq.Add(1, EventFilter.User, EventFlags.Clear);
        for (int i = 0; i < 50; i++)
        {
            Task<KEvent> waiter = Task.Run(kq.One);
            kq.Queue.Trigger(1, data: i);
            Assert.That(waiter.Result.Data, Is.EqualTo(i));
        }
    }

    [Test]
    public void EachOfManyWaitersTakesOneTrigger()
    {
        const int Waiters = 6;
        using TestQueue kq = new();
        for (nuint i = 0; i < Waiters; i++)
            kq.Add(i, EventFilter.User, EventFlags.Clear);
        Task<KEvent>[] waiters = [.. Enumerable.Range(0, Waiters).Select(_ => Task.Factory.StartNew(TakeOne, TaskCreationOptions.LongRunning))];
        for (nuint i = 0; i < Waiters; i++)
            kq.Queue.Trigger(i);
        Assert.That(Task.WaitAll(waiters, TestQueue.Patience), Is.True);
        Assert.That(waiters.Select(w => w.Result.Ident), Is.Unique);

        KEvent TakeOne()
        {
            KEvent[] events = new KEvent[1];
            Assert.That(kq.Queue.Wait(events, TestQueue.Patience), Is.EqualTo(1));
            return events[0];
        }
    }

    [Test]
    public void UnattendedTriggersLeaveOneEvent()
    {
        using TestQueue kq = new();
        kq.Add(1, EventFilter.User, EventFlags.Clear);
        for (int i = 0; i < 10_000; i++)
            kq.Queue.Trigger(1);
        kq.One();
        kq.Quiet();
    }

    [Test]
    public void DisposeWakesAllWaiters()
    {
        const int Waiters = 6;
        TestQueue kq = new();
        using Pair pair = new();
        kq.Add(pair.Ident, EventFilter.Read);
        Task[] waiters = [.. Enumerable.Range(0, Waiters).Select(_ => Task.Factory.StartNew(
            () => Assert.Throws<ObjectDisposedException>(() => kq.Queue.Wait(new KEvent[1], Timeout.InfiniteTimeSpan)), TaskCreationOptions.LongRunning))];
        Thread.Sleep(100);
        kq.Dispose();
        Assert.That(Task.WaitAll(waiters, TestQueue.Patience), Is.True);
    }

    [Test]
    public void WaiterTakesPacketsOfAQueueThatIsBeingClosed()
    {
        const int Rounds = 10;
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < Rounds; i++)
        {
            Pair[] pairs = [.. Enumerable.Range(0, 8).Select(_ => new Pair())];
            TestQueue kq = new();
            foreach (Pair pair in pairs)
                kq.Add(pair.Ident, EventFilter.Read);
            Task waiter = Task.Factory.StartNew(
                () => Assert.Throws<ObjectDisposedException>(() => kq.Queue.Wait(new KEvent[1], Timeout.InfiniteTimeSpan)), TaskCreationOptions.LongRunning);
            Thread.Sleep(50);
            kq.Dispose();
            Assert.That(waiter.Wait(TestQueue.Patience), Is.True);
            foreach (Pair pair in pairs)
                pair.Dispose();
        }

        // Five seconds a round when packets are waited for that the waiter had.
        Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(TimeSpan.FromSeconds(3 * Rounds)));
    }

    [Test]
    public void DisposeWithPollsUnderWay()
    {
        using Pair pair = new();
        for (int i = 0; i < 50; i++)
        {
            using TestQueue kq = new();
            kq.Add(pair.Ident, EventFilter.Read);
            kq.Add(pair.Ident, EventFilter.Read, EventFlags.Clear);
            kq.Add(pair.Ident, EventFilter.Write, EventFlags.Clear);
        }
    }

    /// <summary>The deviation shown-by-hand.</summary>
    [Test]
    public void DescriptorShowsASocketOnceAThreadHasLooked()
    {
        using Pair pair = new();
        using TestQueue kq = new();
        using ManualResetEvent shown = new(false);
        shown.SafeWaitHandle = new SafeWaitHandle(kq.Queue.Descriptor.DangerousGetHandle(), ownsHandle: false);
        kq.Add(pair.Ident, EventFilter.Read);
        kq.Quiet();
        pair.Send(1);
        Assert.That(shown.WaitOne(TestQueue.Silence), Is.False);
        kq.One();
        Assert.That(shown.WaitOne(TestQueue.Silence), Is.True);
    }

    [Test]
    public void CancellationEndsTheWait()
    {
        using TestQueue kq = new();
        using CancellationTokenSource source = new(50);
        Assert.Throws<OperationCanceledException>(() => kq.Queue.Wait(new KEvent[1], Timeout.InfiniteTimeSpan, source.Token));
    }

    [Test]
    public void FiltersThatAreNotServedSaySo()
    {
        using TestQueue kq = new();
        foreach (FilterCapability filter in Kqueue.Capabilities.Filters.Where(f => !f.Supported))
        {
            KqueueException? e = Assert.Throws<KqueueException>(() => kq.Add(1, filter.Filter));
            Assert.That(e!.Error, Is.AnyOf(Errno.ENOTSUP, Errno.EPERM, Errno.ENXIO), filter.Filter.ToString());
        }
    }
}
