namespace LibKqueueSharp.Tests;

/// <summary>WaitAsync and ReadAllAsync.</summary>
public sealed class AsyncTests
{
    [Test]
    public void ReadyEventCompletesAtOnce()
    {
        using Kqueue queue = new();
        queue.AddUserEvent(1);
        queue.Trigger(1, data: 3);
        KEvent[] events = new KEvent[4];
        ValueTask<int> wait = queue.WaitAsync(events);
        Assert.Multiple(() =>
        {
            Assert.That(wait.IsCompletedSuccessfully);
            Assert.That(wait.Result, Is.EqualTo(1));
            Assert.That(events[0].Data, Is.EqualTo(3), Support.Text(events));
        });
    }

    [Test]
    public void NoRoomCompletesAtOnce()
    {
        using Kqueue queue = new();
        ValueTask<int> wait = queue.WaitAsync(Memory<KEvent>.Empty);
        Assert.That(wait.IsCompletedSuccessfully && wait.Result == 0);
    }

    [Test]
    public async Task LaterEventCompletesOnThePool()
    {
        using Kqueue queue = new();
        queue.AddUserEvent(1);
        KEvent[] events = new KEvent[4];
        ValueTask<int> wait = queue.WaitAsync(events);
        bool early = wait.IsCompleted;
        queue.Trigger(1, data: 3);
        int count = await wait;
        Assert.Multiple(() =>
        {
            Assert.That(early, Is.False);
            Assert.That(count, Is.EqualTo(1));
            Assert.That(events[0].Data, Is.EqualTo(3), Support.Text(events));
            Assert.That(Thread.CurrentThread.Name, Is.Not.EqualTo("LibKqueueSharp wait"));
        });
    }

    [Test]
    public async Task TimerEndsAnAwaitedWait()
    {
        using Kqueue queue = new();
        queue.AddTimer(1, TimeSpan.FromMilliseconds(5), EventFlags.OneShot);
        KEvent[] events = new KEvent[4];
        int count = await queue.WaitAsync(events);
        Assert.That(events[..count], Has.Length.EqualTo(1).And.All.Matches<KEvent>(e => e.Filter == EventFilter.Timer));
    }

    [Test]
    public async Task SeveralAwaitedWaitsGetOneEventEach()
    {
        using Kqueue queue = new();
        KEvent[][] events = new KEvent[5][];
        Task<int>[] waits = new Task<int>[events.Length];
        for (int i = 0; i < waits.Length; i++)
        {
            queue.AddUserEvent((nuint)i);
            events[i] = new KEvent[1];
            waits[i] = queue.WaitAsync(events[i]).AsTask();
        }

        for (int i = 0; i < waits.Length; i++)
            queue.Trigger((nuint)i);
        await Task.WhenAll(waits).WaitAsync(Support.Long);
        Assert.That(events.Select(e => e[0].Ident), Is.EquivalentTo(Enumerable.Range(0, waits.Length).Select(i => (nuint)i)));
    }

    [Test]
    public async Task ReadAllHandsOutOneByOne()
    {
        using Kqueue queue = new();
        using CancellationTokenSource source = new();
        List<nuint> seen = [];
        for (nuint id = 1; id <= 3; id++)
        {
            queue.AddUserEvent(id);
            queue.Trigger(id);
        }

        try
        {
            await foreach (KEvent e in queue.ReadAllAsync(source.Token))
            {
                seen.Add(e.Ident);
                if (seen.Count == 3)
                    ThreadPool.QueueUserWorkItem(_ => queue.Trigger(1));
                if (seen.Count == 4)
                    source.Cancel();
            }

            Assert.Fail("ended without a reason");
        }
        catch (OperationCanceledException failure)
        {
            Assert.That(failure.CancellationToken, Is.EqualTo(source.Token));
        }

        Assert.That(seen, Is.EqualTo(new nuint[] { 1, 2, 3, 1 }));
    }

    [Test]
    public async Task LeavingReadAllLosesNothing()
    {
        using Kqueue queue = new();
        for (nuint id = 1; id <= 3; id++)
        {
            queue.AddUserEvent(id);
            queue.Trigger(id);
        }

        await foreach (KEvent e in queue.ReadAllAsync())
        {
            Assert.That(e.Ident, Is.EqualTo((nuint)1), e.ToString());
            break;
        }

        KEvent[] left = queue.Poll();
        Assert.That(left.Select(e => e.Ident), Is.EqualTo(new nuint[] { 2, 3 }), Support.Text(left));
    }

    [Test]
    public async Task ReadAllHandsOutNothingOfADeletedRegistration()
    {
        using Kqueue queue = new();
        for (nuint id = 1; id <= 3; id++)
        {
            queue.AddUserEvent(id);
            queue.Trigger(id);
        }

        List<nuint> seen = [];
        await foreach (KEvent e in queue.ReadAllAsync())
        {
            seen.Add(e.Ident);
            if (e.Ident == 3)
                break;
            queue.Delete(2, EventFilter.User);
        }

        Assert.That(seen, Is.EqualTo(new nuint[] { 1, 3 }));
    }
}
