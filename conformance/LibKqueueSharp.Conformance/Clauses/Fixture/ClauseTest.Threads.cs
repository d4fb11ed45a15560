using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>Threads of a clause.</summary>
internal sealed partial class ClauseTest
{
    private Exception? _thrownByThread;

    /// <summary>Starts a thread that waits in kevent; returns when it does, or is about to.</summary>
    public Waiter Wait(int room = 1) => Queue.Wait(room);

    /// <summary>Starts several threads that wait in kevent, each for one event.</summary>
    public Waiter[] WaitTogether(int count) => Queue.WaitTogether(count);

    /// <summary>Exactly one of the waiting threads must return from kevent.</summary>
    public Waiter ExpectOneReturns(IReadOnlyList<Waiter> waiters)
    {
        long began = Stopwatch.GetTimestamp();
        while (!waiters.Any(w => w.HasReturned))
        {
            Check(Stopwatch.GetElapsedTime(began) < _patience, $"of {waiters.Count} waiting threads one was to return, and none did");
            Thread.Sleep(1);
        }

        Waiter.Moment();
        Waiter[] returned = [.. waiters.Where(w => w.HasReturned)];
        Check(returned.Length == 1, $"of {waiters.Count} waiting threads one was to return; there returned {string.Join(" and ", returned.Select(w => w.Result()))}");
        return returned[0];
    }

    /// <summary>Does something on a thread that has ended when this returns.</summary>
    public void OnAnotherThread(Action action) => Together(action);

    /// <summary>
    /// Does several things at the same time, each on a thread of its own, and waits for their end. When one of them fails,
    /// the next call of kevent ends the others.
    /// </summary>
    public void Together(params Action[] actions)
    {
        using Barrier start = new(actions.Length);
        Thread[] threads = [.. actions.Select((action, index) => new Thread(() => Run(action, start)) { IsBackground = true, Name = $"clause thread {index}" })];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        if (_thrownByThread is { } first)
            ExceptionDispatchInfo.Throw(first);
    }

    /// <summary>Does one thing on several threads at the same time; each gets its number.</summary>
    public void Together(int threads, Action<int> action) =>
        Together([.. Enumerable.Range(0, threads).Select(i => (Action)(() => action(i)))]);

    /// <summary>Makes a call on another thread, which gets a handled signal every now and then until the call returns.</summary>
    public CallResult CallUnderSignals(Func<CallResult> call)
    {
        CallResult? result = null;
        long thread = 0;
        bool done = false;
        using ManualResetEventSlim signalled = new();
        void Make()
        {
            try
            {
                Volatile.Write(ref thread, Must("pthread_self()", Host.Processes.CurrentThread));
                result = call();
            }
            finally
            {
                // A signal to a thread that has ended is undefined: it stays until the last one was sent.
                Volatile.Write(ref done, true);
                signalled.Wait();
            }
        }

        void Signal()
        {
            try
            {
                for (; !Volatile.Read(ref done); Thread.Sleep(1))
                {
                    if (Volatile.Read(ref thread) != 0)
                        Must("pthread_kill()", Host.Processes.Interrupt(thread));
                }
            }
            finally
            {
                signalled.Set();
            }
        }

        Together(Make, Signal);
        return result!;
    }

    internal void ThrowIfAnotherThreadFailed()
    {
        if (Volatile.Read(ref _thrownByThread) is not null)
            throw new ClauseFailedException("another thread of the clause failed");
    }

    private void Run(Action action, Barrier start)
    {
        try
        {
            start.SignalAndWait();
            action();
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _thrownByThread, e, null);
        }
    }
}
