using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>
/// Operations on threads, where io_uring cannot be had: a few for files, which the process's queues share, and one that waits for pipes, sockets and
/// terminals (<see cref="AioStreams"/>). They start with the first operation, and end when there was nothing to do for a second.
/// </summary>
internal sealed class AioPool : IAioDriver
{
    /// <summary>What <see cref="AioJob.DriverState"/> says; changed by interlocked operations. Who takes a job out of Waiting finishes it.</summary>
    internal const int Waiting = 0;
    internal const int Taken = 1;

    /// <summary>As many as FreeBSD keeps at hand (vfs.aio.target_aio_procs).</summary>
    internal const int MostThreads = 4;
    internal const int IdleMilliseconds = 1000;
    private const int SmallStack = 256 * 1024;

    /// <summary>The last of them sleep for a millisecond each.</summary>
    private const int MostSpins = 200;

    // Guarded by s_gate, whose monitor the threads wait on. No other lock is taken under it.
    private static readonly object s_gate = new();
    private static readonly Queue<AioJob> s_jobs = new();
    private static int s_threads;
    private static int s_idle;

    /// <summary>The order of writes and syncs in this process, on whatever driver.</summary>
    internal static AioOrder Order { get; } = new(AddHeldBack);

    public Errno Start(AioJob job) => job.IsStream ? AioStreams.Add(job) : Add(job);

    public bool Cancel(AioJob job, bool inside) => Cancel(job);

    /// <summary>
    /// A sync that was held back. It was accepted, so it is done by a thread of the runtime's pool where none of its own can be started. Never by the
    /// caller, who holds the lock of another queue.
    /// </summary>
    internal static void AddHeldBack(AioJob job)
    {
        if (Add(job) != Errno.None)
            ThreadPool.UnsafeQueueUserWorkItem(Do, job, preferLocal: false);
    }

    internal static bool Cancel(AioJob job)
    {
        // A stream is only taken for the length of one call, which does not wait unless another reader of a device was faster.
        for (SpinWait spinner = default; !job.IsFinished && spinner.Count < MostSpins; spinner.SpinOnce())
        {
            if (TryTake(job))
            {
                AioStreams.Remove(job);
                Finish(job, -(long)Errno.ECANCELED);
                return true;
            }

            if (!job.IsStream)
                return false;
        }

        return job.IsFinished;
    }

    internal static bool TryTake(AioJob job) => Interlocked.CompareExchange(ref job.DriverState, Taken, Waiting) == Waiting;

    internal static void Finish(AioJob job, long result)
    {
        job.Finish(result);
        Order.Ended(job);
        job.Post();
    }

    private static Errno Add(AioJob job)
    {
        lock (s_gate)
        {
            s_jobs.Enqueue(job);
            if (s_jobs.Count <= s_idle || s_threads == MostThreads)
            {
                Monitor.Pulse(s_gate);
                return Errno.None;
            }

            if (TryStart(Work, "kq-aio"))
            {
                s_threads++;
                return Errno.None;
            }

            if (s_threads != 0)
                return Errno.None;
            s_jobs.Clear();
            return Errno.EAGAIN;
        }
    }

    internal static bool TryStart(ThreadStart work, string name)
    {
        try
        {
            Native.Start(new Thread(work, SmallStack) { IsBackground = true, Name = name });
            return true;
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            return false;
        }
    }

    private static void Work()
    {
        while (Next() is { } job)
            Do(job);
    }

    private static void Do(AioJob job)
    {
        if (TryTake(job))
            Finish(job, Sys.Perform(job));
    }

    private static AioJob? Next()
    {
        lock (s_gate)
        {
            while (s_jobs.Count == 0)
            {
                s_idle++;
                bool woken = Monitor.Wait(s_gate, IdleMilliseconds);
                s_idle--;
                if (woken || s_jobs.Count != 0)
                    continue;
                s_threads--;
                return null;
            }

            return s_jobs.Dequeue();
        }
    }
}
