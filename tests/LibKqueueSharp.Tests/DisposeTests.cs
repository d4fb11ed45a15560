namespace LibKqueueSharp.Tests;

/// <summary>The end of a queue.</summary>
public sealed class DisposeTests
{
    [Test]
    public async Task DisposeWakesAllWaiters()
    {
        Kqueue queue = new();
        Task<int>[] waiters = new Task<int>[4];
        for (int i = 0; i < waiters.Length; i++)
            waiters[i] = Support.Blocked(() => queue.Wait(new KEvent[1], Timeout.InfiniteTimeSpan));
        queue.Dispose();
        foreach (Task<int> waiter in waiters)
            await AssertDisposed(waiter);
    }

    [Test]
    public async Task DisposeWakesACancellableWaiter()
    {
        using CancellationTokenSource source = new();
        Kqueue queue = new();
        Task<int> waiter = Support.Blocked(() => queue.Wait(new KEvent[1], Timeout.InfiniteTimeSpan, source.Token));
        queue.Dispose();
        await AssertDisposed(waiter);
        source.Cancel();
    }

    [Test]
    public async Task DisposeWakesAwaitedWaitsServedAndPending()
    {
        Kqueue queue = new();
        Task<int> served = queue.WaitAsync(new KEvent[1]).AsTask();
        Task<int> pending = queue.WaitAsync(new KEvent[1]).AsTask();
        Thread.Sleep(Support.Moment);
        queue.Dispose();
        await AssertDisposed(served);
        await AssertDisposed(pending);
    }

    [Test]
    public void LaterCallsThrow()
    {
        Kqueue queue = new();
        queue.Dispose();
        queue.Dispose();
        Assert.Multiple(() =>
        {
            Assert.Throws<ObjectDisposedException>(() => queue.Wait(new KEvent[1], TimeSpan.Zero));
            Assert.Throws<ObjectDisposedException>(() => queue.Control([], [], TimeSpan.Zero));
            Assert.Throws<ObjectDisposedException>(() => queue.AddUserEvent(1));
            Assert.Throws<ObjectDisposedException>(() => queue.Trigger(1));
            Assert.Throws<ObjectDisposedException>(() => queue.TryDelete(1, EventFilter.User));
            Assert.Throws<ObjectDisposedException>(() => queue.TryApply(new KEvent(1, EventFilter.User, EventFlags.Delete), out _));
            Assert.Throws<ObjectDisposedException>(() => queue.Descriptor.ToString());
            Assert.ThrowsAsync<ObjectDisposedException>(async () => await queue.WaitAsync(new KEvent[1]));
            Assert.ThrowsAsync<ObjectDisposedException>(async () =>
            {
                await foreach (KEvent e in queue.ReadAllAsync())
                    Assert.Fail($"event from a disposed queue: {e}");
            });
        });
    }

    [Test]
    public void DisposeEndsTheWaitThread()
    {
        Kqueue queue = new();
        ValueTask<int> wait = queue.WaitAsync(new KEvent[1]);
        queue.Dispose();
        Assert.ThrowsAsync<ObjectDisposedException>(async () => await wait);
        Assert.That(() => WaitThreads(), Is.Zero.After(30_000, 5), "the thread is still there");
    }

    [Test]
    public void OneThreadServesAllAwaitedWaits()
    {
        Assert.That(() => WaitThreads(), Is.Zero.After(30_000, 5), "a thread of another test is still there");
        Kqueue queue = new();
        Task<int>[] waits = [.. Enumerable.Range(0, 3).Select(_ => queue.WaitAsync(new KEvent[1]).AsTask())];
        Assert.That(() => WaitThreads(), Is.EqualTo(1).After(30_000, 5));
        Thread.Sleep(Support.Moment);
        int threads = WaitThreads();
        queue.Dispose();
        Assert.That(threads, Is.EqualTo(1));
        Assert.CatchAsync<ObjectDisposedException>(() => Task.WhenAll(waits));
    }

    [Test]
    public void NoThreadWithoutAnAwaitedWait()
    {
        using Kqueue queue = new();
        queue.AddUserEvent(1);
        queue.Trigger(1);
        ValueTask<int> wait = queue.WaitAsync(new KEvent[1]);
        Assert.That(wait.IsCompletedSuccessfully);
        Assert.That(() => WaitThreads(), Is.Zero.After(30_000, 5), "a thread was started");
    }

    private static async Task AssertDisposed(Task<int> waiter)
    {
        Task first = await Task.WhenAny(waiter, Task.Delay(Support.Long));
        Assert.That(first, Is.SameAs(waiter), "the waiter sleeps on");
        Assert.ThrowsAsync<ObjectDisposedException>(() => waiter);
    }

    // The kernel cuts a thread's name to 15 characters.
    private static int WaitThreads() => Directory
        .EnumerateDirectories("/proc/self/task")
        .Count(task => ReadName(task).StartsWith("LibKqueueSharp ", StringComparison.Ordinal));

    private static string ReadName(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
