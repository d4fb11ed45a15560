using System.Collections.Concurrent;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Windows;

/// <summary>
/// An operation on a handle that was opened overlapped. It ends with an event of its own and not on the queue's port: a file belongs to one port for
/// good, and .NET binds each handle of FileOptions.Asynchronous to its own. A wait of the runtime's pool takes the end.
/// </summary>
internal sealed class OverlappedAio
{
    private static readonly ConcurrentDictionary<AioJob, OverlappedAio> s_running = new();

    private readonly AioJob _job;
    private readonly ManualResetEvent _ended = new(false);

    /// <summary>Guards the block against a cancellation that comes as it is freed. No other lock is taken under it.</summary>
    private readonly Lock _gate = new();
    private nint _block = Sys.AllocateOverlapped();

    private OverlappedAio(AioJob job) => _job = job;

    internal static void Start(AioJob job)
    {
        OverlappedAio aio = new(job);
        s_running[job] = aio;
        WorkerAio.TryTake(job);
        aio.Begin();
    }

    /// <returns>False when it is none of these operations, or has ended.</returns>
    internal static bool TryCancel(AioJob job)
    {
        if (!s_running.TryGetValue(job, out OverlappedAio? aio))
            return false;
        aio.Cancel();
        return true;
    }

    private void Cancel()
    {
        lock (_gate)
        {
            if (_block != 0)
                Sys.Cancel(_job, _block);
        }
    }

    private void Begin()
    {
        if (!Sys.Begin(_job, _block, _ended.SafeWaitHandle.DangerousGetHandle(), out long result))
        {
            End(result);
            return;
        }

        ThreadPool.UnsafeRegisterWaitForSingleObject(
            _ended, static (aio, _) => ((OverlappedAio)aio!).Ended(), this, Timeout.Infinite, executeOnlyOnce: true);

        // One that came before the operation was begun again has cancelled nothing.
        if (_job.IsCancelRequested)
            Cancel();
    }

    private void Ended()
    {
        long result = Sys.Result(_job, _block);

        // Windows cancels what a thread has begun when that ends, unless the handle is bound to a port.
        if (result == -(long)Errno.ECANCELED && !_job.IsCancelRequested)
            Begin();
        else
            End(result);
    }

    private void End(long result)
    {
        s_running.TryRemove(_job, out _);
        lock (_gate)
        {
            Sys.FreeOverlapped(_block);
            _block = 0;
        }

        _ended.Dispose();
        WorkerAio.Finish(_job, result);
    }
}
