using System.Net.Sockets;
using LibKqueueSharp.Emulation;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kernels;

/// <summary>
/// The thread that does asynchronous operations for all queues of a backend. Those on files are done one after the other, in the order in which they were
/// submitted, so that a sync covers the writes before it; those on pipes, sockets and terminals when poll(2) says that they can be. It starts with
/// the first operation and ends after a second without one. Any thread may call any member.
/// </summary>
internal sealed class AioWorker(FileCalls calls)
{
    private const int IdleMilliseconds = 1000;
    private const int SmallStack = 256 * 1024;

    /// <summary>The most that wait for poll(2) at once. macOS takes no more than 10,240 entries (OPEN_MAX; poll_nocancel in sys_generic.c), and one is the wake-up's.</summary>
    internal const int MostStreams = 10_000;

    /// <summary>The last of them sleep for a millisecond each.</summary>
    private const int MostSpins = 200;

    // What AioJob.DriverState says; changed by interlocked operations. Who takes a job out of Waiting finishes it.
    private const int Waiting = 0;
    private const int IsTaken = 1;

    /// <summary>Guards the fields below. No other lock is taken under it, but for the pipe's own.</summary>
    private readonly Lock _gate = new();
    private readonly Queue<AioJob> _files = new();
    private readonly List<AioJob> _streams = [];

    /// <summary>It is there while the thread is.</summary>
    private WakePipe? _wake;

    /// <summary>Whether an operation can be done on a file; sets <see cref="AioJob.IsStream"/>.</summary>
    internal Errno Check(AioJob job)
    {
        AioControl control = job.Control;
        if (!calls.IsOpenFor(job.Descriptor, control.Operation))
            return Errno.EBADF;
        job.IsStream = calls.IsStream(job.Descriptor);
        if (job.IsStream && !calls.CanPoll(job.Descriptor))
            return Errno.ENOTSUP;
        if (control.Operation is AioOperation.Sync or AioOperation.DataSync)
            return job.IsStream ? Errno.EINVAL : Errno.None;
        if (control.Offset < 0)
            return Errno.EINVAL;
        if (control.File is not SafeSocketHandle)
            return Errno.None;

        // Closing a Socket waits until nobody holds its handle.
        Errno error = calls.Duplicate(job.Descriptor, out int duplicate);
        if (error == Errno.None)
            job.HoldInstead(new SafeFileHandle(duplicate, ownsHandle: true));
        return error;
    }

    /// <summary>Starts an operation; it is finished and posted exactly once if this returns None, and never otherwise.</summary>
    internal Errno Start(AioJob job)
    {
        lock (_gate)
        {
            if (job.IsStream && _streams.Count == MostStreams)
                return Errno.EAGAIN;
            if (_wake is null && !TryStartThread())
                return Errno.EAGAIN;
            if (job.IsStream)
                _streams.Add(job);
            else
                _files.Enqueue(job);
            _wake!.Wake();
            return Errno.None;
        }
    }

    /// <summary>Cancels an operation that has not begun, or waits for a pipe, a socket or a terminal.</summary>
    /// <returns>False when it goes on.</returns>
    internal bool Cancel(AioJob job)
    {
        // A stream is only taken for the length of one call, unless another reader was faster than it.
        for (SpinWait spinner = default; !job.IsFinished && spinner.Count < MostSpins; spinner.SpinOnce())
        {
            if (TryTake(job))
            {
                lock (_gate)
                {
                    if (_streams.Remove(job))
                        _wake?.Wake();
                }

                Finish(job, -(long)Errno.ECANCELED);
                return true;
            }

            if (!job.IsStream)
                return false;
        }

        return job.IsFinished;
    }

    private static bool TryTake(AioJob job) => Interlocked.CompareExchange(ref job.DriverState, IsTaken, Waiting) == Waiting;

    private static void Finish(AioJob job, long result)
    {
        job.Finish(result);
        job.Post();
    }

    private bool TryStartThread()
    {
        WakePipe? wake = null;
        try
        {
            wake = new();
            new Thread(() => Work(wake), SmallStack) { IsBackground = true, Name = "kq-aio" }.UnsafeStart();
            _wake = wake;
            return true;
        }
        catch (Exception e) when (e is KqueueException or OutOfMemoryException or ThreadStartException)
        {
            wake?.Dispose();
            return false;
        }
    }

    private void Work(WakePipe wake)
    {
        List<AioJob> streams = [];
        PollSet set = new(calls);
        for (bool wasIdle = false; Next(streams, wasIdle, out AioJob? file);)
        {
            set.Clear();
            set.Add(wake.Reader, reads: true);
            foreach (AioJob job in streams)
                set.Add(job.Descriptor, Reads(job));
            int patience = file is not null ? 0 : streams.Count == 0 ? IdleMilliseconds : Timeout.Infinite;
            long found = set.Wait(patience);
            if (found > 0 && set.IsReady(wake.Reader, reads: true))
                wake.Taken();
            if (found > 0)
                TryReady(streams, set);
            else if (found < 0 && found != -(long)Errno.EINTR)
                EndAll(streams, found);
            if (file is not null && TryTake(file))
                Finish(file, Perform(file));
            wasIdle = found <= 0 && file is null && streams.Count == 0;
        }
    }

    private static bool Reads(AioJob job) => job.Control.Operation == AioOperation.Read;

    // One operation may take what another of the same stream was called ready for, and a try would wait then.
    private void TryReady(List<AioJob> streams, PollSet set)
    {
        bool hasTried = false;
        foreach (AioJob job in streams)
        {
            if (!(hasTried ? set.IsStillReady(job.Descriptor, Reads(job)) : set.IsReady(job.Descriptor, Reads(job))))
                continue;
            Try(job);
            hasTried = true;
        }
    }

    /// <summary>poll(2) has failed, for want of memory or because RLIMIT_NOFILE was lowered: nothing will tell when they can be done.</summary>
    private void EndAll(List<AioJob> streams, long error)
    {
        foreach (AioJob job in streams)
        {
            if (!TryTake(job))
                continue;
            lock (_gate)
                _streams.Remove(job);
            Finish(job, error);
        }
    }

    /// <summary>What to do now.</summary>
    /// <returns>False when the thread is to end: it has waited for nothing.</returns>
    private bool Next(List<AioJob> streams, bool wasIdle, out AioJob? file)
    {
        lock (_gate)
        {
            streams.Clear();
            streams.AddRange(_streams);
            if (_files.TryDequeue(out file) || streams.Count != 0 || !wasIdle)
                return true;
            _wake!.Dispose();
            _wake = null;
            return false;
        }
    }

    // A job that was cancelled meanwhile may have let go of its descriptor, and the number may be another's: it is not touched once somebody has taken it.
    private void Try(AioJob job)
    {
        if (!TryTake(job))
            return;
        long result = calls.MoveNow(job.Descriptor, job.Control.Operation == AioOperation.Read, job.Pin, job.Length);
        if (result == -(long)Errno.EAGAIN)
        {
            Volatile.Write(ref job.DriverState, Waiting);
            return;
        }

        lock (_gate)
            _streams.Remove(job);
        Finish(job, result);
    }

    private long Perform(AioJob job)
    {
        AioControl control = job.Control;
        if (control.Operation is AioOperation.Sync or AioOperation.DataSync)
            return calls.Flush(job.Descriptor, control.Operation == AioOperation.DataSync);
        while (job.Progress < job.Length)
        {
            long moved = calls.MoveAt(
                job.Descriptor, control.Operation == AioOperation.Read, job.Pin, job.Progress, job.Length - job.Progress, control.Offset + job.Progress);
            if (moved <= 0)
                return moved;
            job.Progress += (int)moved;
        }

        return 0;
    }

}
