using System.Collections.Concurrent;
using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Linux;

/// <summary>
/// Operations on an io_uring of the queue's own. No thread: the kernel does the work, and who waits in the queue takes the results.
/// </summary>
/// <remarks>
/// A request belongs to the thread that made it, for the kernel: when that thread ends, requests that are not running end with ECANCELED. BSD's
/// belong to the process, so such a request is made again by who finds it.
/// </remarks>
internal sealed class UringDriver : IAioDriver
{
    private const ulong CancelMark = 1;
    private const int IsPolling = 1;
    private const uint DataOnly = 1;
    private const int MostTries = 100;

    /// <summary>A file of which poll(2) says what read(2) denies must not keep a harvest for ever.</summary>
    private const int MostAtOnce = 4096;

    private readonly EmulatedQueue _queue;
    private readonly Uring _ring;

    /// <summary>What the kernel holds, by the idents. Added by who submits, removed by <see cref="Harvest"/>, which is called by one thread at a time.</summary>
    private readonly ConcurrentDictionary<ulong, AioJob> _running = [];
    private readonly ConcurrentDictionary<ulong, CancelAnswer> _cancels = [];

    /// <summary>Guards the end of the ring against a cancellation from outside of the queue. Taken before the ring's own lock.</summary>
    private readonly Lock _life = new();

    /// <summary>The ring is gone, since all operations are finished. Written under _life.</summary>
    private bool _isGone;

    /// <summary>Set by <see cref="Close"/>, after which only one thread harvests.</summary>
    private bool _isOrphan;

    private UringDriver(EmulatedQueue queue, Uring ring)
    {
        _queue = queue;
        _ring = ring;
    }

    /// <summary>Grows when operations end. For any thread inside the queue.</summary>
    internal uint Finished => _ring.Finished;

    /// <summary>Null where io_uring cannot be had.</summary>
    internal static UringDriver? TryCreate(EmulatedQueue queue) =>
        Uring.IsAllowed && Uring.TryCreate() is { } ring ? new UringDriver(queue, ring) : null;

    internal Errno Register(int epfd, ulong token) =>
        Sys.EpollControl(epfd, Native.EPOLL_CTL_ADD, _ring.Descriptor, EpollEvents.In, token);

    public Errno Start(AioJob job)
    {
        _running.TryAdd(job.Ident, job);
        Errno error = Submit(job);
        for (int i = 0; error == Errno.EAGAIN && i < MostTries; i++)
        {
            // The kernel keeps too many results for us.
            _queue.HarvestInside();
            error = Submit(job);
        }

        if (error != Errno.None)
            _running.TryRemove(job.Ident, out _);
        return error;
    }

    /// <summary>
    /// Between two submissions of one job the kernel does not know it. Who submits it again read <see cref="AioJob.IsCancelRequested"/> before it was set, and
    /// nobody does once it is: so a later try finds the job, or its end.
    /// </summary>
    public bool Cancel(AioJob job, bool inside)
    {
        Errno answer;
        do
            answer = TryCancel(job, inside);
        while (answer == Errno.ENOENT && !job.IsFinished);
        return job.IsFinished || answer == Errno.None;
    }

    /// <returns>The kernel's answer: ENOENT when it has no such request, or none any more.</returns>
    private Errno TryCancel(AioJob job, bool inside)
    {
        ulong token = AioJob.NewIdent() | CancelMark;
        CancelAnswer answer = new();
        _cancels.TryAdd(token, answer);
        lock (_life)
        {
            UringEntry entry = new() { Operation = UringOperation.Cancel, Descriptor = -1, Address = job.Ident, Token = token };
            Errno error = _isGone ? Errno.None : _ring.Submit(entry);
            if (_isGone || error != Errno.None)
            {
                _cancels.TryRemove(token, out _);
                return error;
            }
        }

        // The kernel answers within the submission; only the taking may be another thread's.
        for (SpinWait spinner = default; !answer.IsSet && !job.IsFinished; spinner.SpinOnce())
        {
            if (inside)
                _queue.HarvestInside();
        }

        // A job that ended meanwhile may have left the answer to a later harvest: 0 then.
        return (Errno)(-answer.Value);
    }

    /// <summary>Finishes what is done. Called with the queue's lock held.</summary>
    internal void Harvest()
    {
        for (int i = 0; i < MostAtOnce && _ring.TryTake(out ulong token, out int result); i++)
        {
            if ((token & CancelMark) == 0)
                Take(_running[token], result);
            else if (_cancels.TryRemove(token, out CancelAnswer? answer))
                answer.Set(result);
        }
    }

    /// <summary>
    /// The queue is gone, and no thread is inside. What is under way goes on and keeps its buffers; a thread waits for its end, the
    /// only one that this driver ever starts, or one of the runtime's pool where none can be started.
    /// </summary>
    internal void Close()
    {
        _isOrphan = true;
        Harvest();
        if (_running.IsEmpty)
        {
            End();
            return;
        }

        if (!AioPool.TryStart(Outlive, "kq-aio-rest"))
            ThreadPool.UnsafeQueueUserWorkItem(_ => Outlive(), null);
    }

    private void Outlive()
    {
        while (!_running.IsEmpty)
        {
            _ring.Wait();
            Harvest();
        }

        End();
    }

    private void End()
    {
        lock (_life)
        {
            _isGone = true;
            _ring.Dispose();
        }
    }

    private void Take(AioJob job, int result)
    {
        bool polled = job.DriverState == IsPolling;
        job.DriverState = 0;
        Errno error = result < 0 ? (Errno)(-result) : Errno.None;
        if (!polled && result > 0)
            job.Progress += result;
        bool again = !job.IsCancelRequested
            && ((polled && result >= 0)
                || (result > 0 && job.IsWholeWrite && job.Progress < job.Length)
                || error is Errno.ECANCELED or Errno.EINTR
                || (error == Errno.EAGAIN && job.IsStream));
        if (again)
        {
            // EAGAIN: the file is non-blocking, and of a kind that io_uring does not wait for by itself.
            Errno failed = error == Errno.EAGAIN ? Poll(job) : Submit(job);
            if (failed == Errno.None)
                return;
            result = -(int)failed;
        }
        else if (job.IsCancelRequested && (polled || error is Errno.EINTR or Errno.EAGAIN))
        {
            result = -(int)Errno.ECANCELED;
        }

        _running.TryRemove(job.Ident, out _);
        job.Finish(result);
        AioPool.Order.Ended(job);
        if (!_isOrphan)
            _queue.AioFinished(job);
    }

    private Errno Poll(AioJob job)
    {
        job.DriverState = IsPolling;
        return _ring.Submit(new UringEntry
        {
            Operation = UringOperation.Poll,
            Descriptor = job.Descriptor,
            Option = (uint)(job.Control.Operation == AioOperation.Read ? EpollEvents.In : EpollEvents.Out),
            Token = job.Ident,
        });
    }

    /// <summary>The address is that of the pinned buffer, which the job keeps until the kernel has answered.</summary>
    private unsafe Errno Submit(AioJob job)
    {
        AioOperation operation = job.Control.Operation;
        UringEntry entry = new() { Descriptor = job.Descriptor, Token = job.Ident };
        if (operation is AioOperation.Sync or AioOperation.DataSync)
        {
            entry.Operation = UringOperation.Sync;
            entry.Option = operation == AioOperation.DataSync ? DataOnly : 0;
        }
        else
        {
            entry.Operation = operation == AioOperation.Read ? UringOperation.Read : UringOperation.Write;
            entry.Address = (ulong)job.Pin.Pointer + (uint)job.Progress;
            entry.Length = (uint)(job.Length - job.Progress);
            entry.Offset = job.IsStream ? -1 : job.Control.Offset + job.Progress;
        }

        return _ring.Submit(entry);
    }

    /// <summary>The kernel's answer to a cancellation. Written by who harvests, read by who asked.</summary>
    private sealed class CancelAnswer
    {
        private volatile bool _isSet;

        internal bool IsSet => _isSet;

        internal int Value { get; private set; }

        internal void Set(int value)
        {
            Value = value;
            _isSet = true;
        }
    }
}
