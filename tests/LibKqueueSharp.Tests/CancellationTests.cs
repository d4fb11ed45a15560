namespace LibKqueueSharp.Tests;

/// <summary>Waits that are cancelled.</summary>
public sealed class CancellationTests
{
    [Test]
    public void CancelEndsAWait()
    {
        using Kqueue queue = new();
        using CancellationTokenSource source = new();
        Task<int> waiter = Support.Blocked(() => queue.Wait(new KEvent[1], Timeout.InfiniteTimeSpan, source.Token));
        source.Cancel();
        OperationCanceledException failure = Assert.CatchAsync<OperationCanceledException>(() => waiter)!;
        Assert.That(failure.CancellationToken, Is.EqualTo(source.Token));
    }

    [Test]
    public async Task CancelEndsOneWaitOfTwo()
    {
        using Kqueue queue = new();
        using CancellationTokenSource source = new();
        queue.AddUserEvent(1);
        Task<int> other = Support.Blocked(() => queue.Wait(new KEvent[1], Support.Long));
        Task<int> waiter = Support.Blocked(() => queue.Wait(new KEvent[1], Support.Long, source.Token));
        source.Cancel();
        Assert.CatchAsync<OperationCanceledException>(() => waiter);
        Assert.That(other.IsCompleted, Is.False, "the other waiter woke");
        queue.Trigger(1);
        Assert.That(await other, Is.EqualTo(1));
    }

    [Test]
    public void ChangesOfACancelledCallStay()
    {
        using Kqueue queue = new();
        using CancellationTokenSource source = new();
        KEvent add = new(1, EventFilter.User, EventFlags.Add);
        Task<int> waiter = Support.Blocked(
            () => queue.Control([add], new KEvent[1], Timeout.InfiniteTimeSpan, source.Token));
        source.Cancel();
        Assert.CatchAsync<OperationCanceledException>(() => waiter);
        Assert.That(queue.TryDelete(1, EventFilter.User));
    }

    [Test]
    public void CancelledAwaitThrowsWithTheToken()
    {
        using Kqueue queue = new();
        using CancellationTokenSource source = new();
        Task<int> wait = queue.WaitAsync(new KEvent[1], source.Token).AsTask();
        Thread.Sleep(Support.Moment);
        source.Cancel();
        OperationCanceledException failure = Assert.CatchAsync<OperationCanceledException>(() => wait)!;
        Assert.That(failure.CancellationToken, Is.EqualTo(source.Token));
    }

    [Test]
    public async Task PendingAwaitIsCancelledWhileAnotherIsServed()
    {
        using Kqueue queue = new();
        using CancellationTokenSource source = new();
        queue.AddUserEvent(1);
        KEvent[] events = new KEvent[1];
        Task<int> served = queue.WaitAsync(events).AsTask();
        Task<int> pending = queue.WaitAsync(new KEvent[1], source.Token).AsTask();
        source.Cancel();
        Assert.CatchAsync<OperationCanceledException>(() => pending);
        queue.Trigger(1, data: 5);
        Assert.Multiple(async () =>
        {
            Assert.That(await served, Is.EqualTo(1));
            Assert.That(events[0].Data, Is.EqualTo(5), Support.Text(events));
        });
    }

    [Test]
    public void AlreadyCancelledTakesNothing()
    {
        using Kqueue queue = new();
        queue.AddUserEvent(1);
        queue.Trigger(1);
        CancellationToken cancelled = new(canceled: true);
        Assert.Throws<OperationCanceledException>(() => queue.Wait(new KEvent[1], Support.Long, cancelled));
        Assert.CatchAsync<OperationCanceledException>(async () => await queue.WaitAsync(new KEvent[1], cancelled));
        KEvent[] left = queue.Poll();
        Assert.That(left, Has.Length.EqualTo(1), Support.Text(left));
    }

    /// <summary>Trigger and cancel at the same moment: the event is in the result or still in the queue, never lost.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public async Task CancelRacingWithAnEventLosesNothing(bool awaited)
    {
        using Kqueue queue = new();
        queue.AddUserEvent(1);
        KEvent[] events = new KEvent[4];
        for (int round = 0; round < 300; round++)
        {
            using CancellationTokenSource source = new();
            Task<int> wait = awaited
                ? queue.WaitAsync(events, source.Token).AsTask()
                : Task.Run(() => queue.Wait(events, Timeout.InfiniteTimeSpan, source.Token));
            Task cancel = Task.Run(source.Cancel);
            queue.Trigger(1);
            await cancel;
            int taken = 0;
            try
            {
                taken = await wait;
            }
            catch (OperationCanceledException)
            {
            }

            KEvent[] left = queue.Poll();
            Assert.That(taken + left.Length, Is.EqualTo(1), $"round {round}: taken {taken}, left {Support.Text(left)}");
        }
    }
}
