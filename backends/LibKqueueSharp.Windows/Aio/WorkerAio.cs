using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>
/// An operation on a handle that was not opened overlapped, and each sync: a thread of the runtime's pool does it. Reading from a pipe, which may last for ever, is
/// begun when there is something: it is looked at by time.
/// </summary>
internal static class WorkerAio
{
    /// <summary>What <see cref="AioJob.DriverState"/> says; changed by interlocked operations. Who takes a job out of Waiting finishes it.</summary>
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int LongestStep = 32;

    /// <summary>The order of writes and syncs in this process.</summary>
    internal static AioOrder Order { get; } = new(Start);

    internal static void Start(AioJob job)
    {
        if (job.IsStream && job.Control.Operation == AioOperation.Read)
            _ = ReadPipe(job);
        else
            ThreadPool.UnsafeQueueUserWorkItem(static job => Work(job), job, preferLocal: false);
    }

    internal static bool Cancel(AioJob job)
    {
        if (!TryTake(job))
            return job.IsFinished;
        Finish(job, -(long)Errno.ECANCELED);
        return true;
    }

    internal static void Finish(AioJob job, long result)
    {
        job.Finish(result);
        Order.Ended(job);
        job.Post();
    }

    private static void Work(AioJob job)
    {
        if (TryTake(job))
            Finish(job, Sys.Perform(job, int.MaxValue));
    }

    private static async Task ReadPipe(AioJob job)
    {
        for (int step = 1; ; step = Math.Min(LongestStep, step * 2))
        {
            Errno error = Sys.PipeReadable(job.Descriptor, out long bytes);
            if (bytes > 0 || error != Errno.None || job.Length == 0)
            {
                if (TryTake(job))
                    Finish(job, bytes > 0 ? Sys.Perform(job, (int)Math.Min(bytes, int.MaxValue)) : error == Errno.EBADF ? -(long)Errno.EIO : 0);
                return;
            }

            await Task.Delay(step).ConfigureAwait(false);
            if (job.IsFinished)
                return;
        }
    }

    internal static bool TryTake(AioJob job) => Interlocked.CompareExchange(ref job.DriverState, Taken, Waiting) == Waiting;
}
