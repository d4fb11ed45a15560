using System.Collections.Concurrent;
using System.Diagnostics;
using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Threads;

/// <summary>
/// Threads that use one queue. Whatever goes wrong, the queue is closed and the threads end, so that a hang is a failure and not a hang.
/// </summary>
internal sealed class Crew(TestQueue kq) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly List<Thread> _threads = [];
    private readonly ConcurrentQueue<Exception> _failures = new();

    internal void Start(Action work)
    {
        Thread thread = new(() => Run(work)) { IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }

    internal void Start(int count, Action<int> work)
    {
        for (int i = 0; i < count; i++)
        {
            int number = i;
            Start(() => work(number));
        }
    }

    /// <summary>Calls that wait without end, until the queue is closed.</summary>
    internal void StartWaiters(int count, int room, Action<KEvent> taken) => Start(count, _ =>
    {
        KEvent[] events = new KEvent[room];
        int got;
        while ((got = kq.Queue.Kevent([], events, KeventTimeout.Infinite, null, out Errno error)) > 0)
        {
            foreach (KEvent e in events.AsSpan(0, got))
                taken(e);
        }
    });

    /// <summary>Waits for something that other threads bring about.</summary>
    internal void Until(Func<bool> condition, string what)
    {
        long started = Stopwatch.GetTimestamp();
        SpinWait spinner = default;
        while (!condition())
        {
            ThrowFailures();
            if (Stopwatch.GetElapsedTime(started) > s_patience)
                Assert.Fail($"waited in vain: {what}");
            spinner.SpinOnce(sleep1Threshold: 50);
        }
    }

    internal void UntilSleeping(int threads) => Until(() => kq.Poller.Sleeping == threads, $"{threads} sleepers");

    /// <summary>Waits for all threads to end; they must be about to.</summary>
    internal void Join()
    {
        foreach (Thread thread in _threads)
        {
            if (!thread.Join(s_patience))
                Assert.Fail("a thread did not end");
        }

        ThrowFailures();
    }

    public void Dispose()
    {
        kq.Dispose();
        foreach (Thread thread in _threads)
            thread.Join(s_patience);
    }

    private void Run(Action work)
    {
        // Assertions of NUnit report to the test's context, which only its own thread has.
        try
        {
            work();
        }
        catch (Exception failure)
        {
            _failures.Enqueue(failure);
            kq.Dispose();
        }
    }

    private void ThrowFailures()
    {
        if (_failures.TryPeek(out Exception? failure))
            Assert.Fail(failure.ToString());
    }
}
