using System.Runtime.ExceptionServices;

namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>A thread of a test, whose failure is the test's failure.</summary>
internal sealed class TestThread : IDisposable
{
    private readonly Thread _thread;
    private volatile int _id;
    private Exception? _failure;

    internal TestThread(Action body)
    {
        _thread = new Thread(() => Run(body)) { IsBackground = true };
        _thread.Start();
        Eventually.Holds(() => _id != 0, "the start of a thread");
    }

    /// <summary>The kernel's number of the thread.</summary>
    internal int Id => _id;

    internal static TestThread[] Start(int count, Action<int> body) =>
        [.. Enumerable.Range(0, count).Select(i => new TestThread(() => body(i)))];

    internal static void JoinAll(IEnumerable<TestThread> threads)
    {
        foreach (TestThread thread in threads)
            thread.Join();
    }

    /// <summary>Returns once the thread sleeps in the kernel's epoll.</summary>
    internal void AwaitSleep() => Eventually.Holds(SleepsInEpoll, $"thread {_id} asleep in epoll");

    internal bool SleepsInEpoll()
    {
        try
        {
            // ep_poll or do_epoll_wait, as the compiler of the kernel pleased.
            string function = File.ReadAllText($"/proc/self/task/{_id}/wchan");
            return function.Contains("ep_poll", StringComparison.Ordinal) || function.Contains("epoll", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    internal void Join()
    {
        if (!_thread.Join(Eventually.Limit))
            Assert.Fail($"thread {_id} did not end within {Eventually.Limit}");
        if (_failure is not null)
            ExceptionDispatchInfo.Throw(_failure);
    }

    public void Dispose() => _thread.Join(Eventually.Limit);

    private void Run(Action body)
    {
        _id = Posix.GetThreadId();
        try
        {
            body();
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }
}
