using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>
/// Operations on what may have to be waited for: one thread polls all of them, and does each without blocking when its turn has come. So a read
/// of an empty pipe keeps nothing else waiting.
/// </summary>
internal static class AioStreams
{
    // Guarded by s_gate. No other lock is taken under it.
    private static readonly Lock s_gate = new();
    private static readonly List<AioJob> s_jobs = [];
    private static bool s_running;

    /// <summary>An eventfd that wakes the thread; it is there while the thread is.</summary>
    private static int s_wake = -1;

    internal static Errno Add(AioJob job)
    {
        lock (s_gate)
        {
            if (!s_running)
            {
                Errno error = Sys.EventFd(out s_wake);
                if (error != Errno.None)
                    return Errno.EAGAIN;
                if (!AioPool.TryStart(Work, "kq-aio-poll"))
                {
                    Sys.Close(s_wake);
                    return Errno.EAGAIN;
                }

                s_running = true;
            }

            s_jobs.Add(job);
            Sys.WriteCount(s_wake);
            return Errno.None;
        }
    }

    /// <summary>Somebody else finishes the job.</summary>
    internal static void Remove(AioJob job)
    {
        lock (s_gate)
        {
            if (s_jobs.Remove(job))
                Sys.WriteCount(s_wake);
        }
    }

    private static void Work()
    {
        List<AioJob> jobs = [];
        PollSet set = new();
        while (Next(jobs))
        {
            set.Clear();
            set.Add(s_wake, EpollEvents.In);
            foreach (AioJob job in jobs)
                set.Add(job.Descriptor, Wanted(job));
            if (!set.Wait(jobs.Count == 0 ? AioPool.IdleMilliseconds : -1))
                continue;
            if (set.TakeReady(s_wake, EpollEvents.In))
                Sys.ReadCount(s_wake);
            foreach (AioJob job in jobs)
            {
                if (set.TakeReady(job.Descriptor, Wanted(job)))
                    Try(job);
            }
        }
    }

    private static EpollEvents Wanted(AioJob job) => job.Control.Operation == AioOperation.Read ? EpollEvents.In : EpollEvents.Out;

    /// <summary>What to wait for now.</summary>
    /// <returns>False when the thread is to end: it has waited for nothing once already.</returns>
    private static bool Next(List<AioJob> jobs)
    {
        lock (s_gate)
        {
            bool wasIdle = jobs.Count == 0;
            jobs.Clear();
            jobs.AddRange(s_jobs);
            return jobs.Count != 0 || !wasIdle || Retire();
        }
    }

    private static bool Retire()
    {
        Sys.Close(s_wake);
        s_wake = -1;
        s_running = false;
        return false;
    }

    private static void Try(AioJob job)
    {
        if (!AioPool.TryTake(job))
            return;
        long result = Sys.Perform(job);
        if (result == -(long)Errno.EAGAIN)
        {
            Volatile.Write(ref job.DriverState, AioPool.Waiting);
            return;
        }

        lock (s_gate)
            s_jobs.Remove(job);
        AioPool.Finish(job, result);
    }
}
