using System.Buffers;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Emulation;

/// <summary>
/// One asynchronous operation: struct kaiocb of FreeBSD's vfs_aio.c. It holds its file open and its buffer pinned from
/// <see cref="TryHold"/> until <see cref="Finish"/>, whatever becomes of its queue, its registration and its owner.
/// </summary>
internal sealed class AioJob(IAioQueue queue, AioControl control, AioJobList? list) : BackendAio
{
    private static long s_lastIdent;

    /// <summary>What keeps the file open, and whether it is the job's own. As _pin.</summary>
    private SafeHandle _file = control.File;
    private bool _ownsFile;

    /// <summary>Written by <see cref="TryHold"/>, before another thread knows the job, and by Finish.</summary>
    private MemoryHandle _pin;

    /// <summary>Keeps the job, and with it the buffer's owner, while the kernel may use the buffer and nobody else knows the job. As _pin.</summary>
    private GCHandle _root;

    // Written before _finished; read after it.
    private long _result;
    private Errno _error = Errno.EINPROGRESS;

    /// <summary>Written once, by Finish, with release order: who reads true sees the result.</summary>
    private volatile bool _finished;

    /// <summary>Interlocked: one caller takes the result.</summary>
    private bool _returned;

    private int _driverState;

    public override nuint Ident { get; } = NewIdent();

    public override Errno Error
    {
        get
        {
            if (!_finished)
                queue.HarvestAio();
            return _finished ? Volatile.Read(ref _returned) ? Errno.EINVAL : _error : Errno.EINPROGRESS;
        }
    }

    internal AioControl Control => control;

    internal AioJobList? List => list;

    internal bool IsFinished => _finished;

    /// <summary>The error of a finished operation.</summary>
    internal Errno Outcome => _error;

    /// <summary>What it is done to has no offset and may have to be waited for: a pipe, a socket, a terminal. Set by <see cref="Poller.CheckAio"/>.</summary>
    internal bool IsStream { get; set; }

    /// <summary>A write that is not over before all is written, or an error has come: one to a disk.</summary>
    internal bool IsWholeWrite => control.Operation == AioOperation.Write && !IsStream;

    /// <summary>Bytes that were moved so far. Written by whom the driver lets deal with the job.</summary>
    internal int Progress { get; set; }

    /// <summary>The file's number, which is the file's as long as the job holds it.</summary>
    internal int Descriptor { get; private set; }

    /// <summary>Where the buffer lies, until <see cref="Finish"/>.</summary>
    internal MemoryHandle Pin => _pin;

    /// <summary>Device and number of the file, which tell it from others. Set by <see cref="Poller.CheckAio"/>.</summary>
    internal (ulong Device, ulong Number) File { get; set; }

    internal int Length => control.Buffer.Length;

    /// <summary>Somebody wants it to end. Written before the driver is asked; a volatile write, read by the driver.</summary>
    internal bool IsCancelRequested
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    }

    /// <summary>The driver's own: how far it is. What each driver says about its order.</summary>
    internal ref int DriverState => ref _driverState;

    /// <summary>Keeps the file open and the buffer where it is.</summary>
    /// <returns>EBADF when the handle is closed; nothing is held then.</returns>
    internal Errno TryHold()
    {
        bool referenced = false;
        try
        {
            _file.DangerousAddRef(ref referenced);
        }
        catch (ObjectDisposedException)
        {
            return Errno.EBADF;
        }

        Descriptor = (int)_file.DangerousGetHandle();
        try
        {
            _pin = control.Buffer.Pin();
        }
        catch
        {
            // The buffer's owner may refuse.
            _file.DangerousRelease();
            queue.AioEnded();
            throw;
        }

        _root = GCHandle.Alloc(this);
        return Errno.None;
    }

    /// <summary>Holds a duplicate in place of the caller's handle. Before another thread knows the job.</summary>
    internal void HoldInstead(SafeHandle duplicate)
    {
        _file.DangerousRelease();
        _file = duplicate;
        _ownsFile = true;
        Descriptor = (int)duplicate.DangerousGetHandle();
    }

    /// <summary>Undoes <see cref="TryHold"/> for a job that was not started.</summary>
    internal void LetGo()
    {
        _root.Free();
        if (_ownsFile)
            _file.Dispose();
        else
            _file.DangerousRelease();
        Unpin(ref _pin);
    }

    /// <summary>
    /// Gives a buffer back to its owner. Whoever ends an operation is not who has submitted it, so the exception of an owner who does not want it back has nobody to
    /// go to: it would end the process, or somebody else's call.
    /// </summary>
    internal static void Unpin(ref MemoryHandle pin)
    {
        try
        {
            pin.Dispose();
        }
        catch (Exception)
        {
        }
    }

    /// <summary>
    /// The kernel and the driver have no more use for the buffer: the result is there, and the buffer is the owner's again. Called exactly once, by
    /// any thread; <see cref="EmulatedQueue.AioFinished"/> or <see cref="Post"/> follows.
    /// </summary>
    /// <param name="result">Bytes, or a negative errno, which counts only if nothing was moved (aio(4): a partial transfer has no error).</param>
    internal void Finish(long result)
    {
        LetGo();
        if (Progress > 0)
            result = Progress;
        _result = result < 0 ? -1 : result;
        _error = result < 0 ? (Errno)(-result) : Errno.None;
        _finished = true;
        queue.AioEnded();
    }

    /// <summary>Follows <see cref="Finish"/> on a thread that is in no call of the queue.</summary>
    internal void Post() => queue.PostAio(this);

    /// <summary>It waits for earlier operations, outside of its queue's driver. Set by the poller before another thread can see the job.</summary>
    internal bool IsHeldBack { get; set; }

    public override long Return(out Errno error)
    {
        if (!_finished)
            queue.HarvestAio();
        if (!_finished || Interlocked.Exchange(ref _returned, true))
        {
            error = Errno.EINVAL;
            return -1;
        }

        queue.AioReturned(this);
        error = _error;
        return _result;
    }

    public override AioCancelResult Cancel()
    {
        if (!_finished)
            queue.HarvestAio();
        if (_finished)
            return AioCancelResult.AllDone;
        IsCancelRequested = true;
        if (!queue.CancelAio(this) && !_finished)
            return AioCancelResult.NotCanceled;
        return !_finished ? AioCancelResult.NotCanceled
            : _error == Errno.ECANCELED ? AioCancelResult.Canceled
            : AioCancelResult.AllDone;
    }

    public override void Abandon()
    {
        // First: the end of what is cancelled must not become an event.
        if (!Interlocked.Exchange(ref _returned, true))
            queue.AioReturned(this);
        if (!_finished)
            Cancel();
    }

    /// <summary>Idents look like addresses of control blocks: apart, even, not 0.</summary>
    internal static nuint NewIdent() => (nuint)Interlocked.Add(ref s_lastIdent, 64);
}

/// <summary>A list of operations: struct aioliojob. Both counts are guarded by the queue's lock.</summary>
internal sealed class AioJobList
{
    internal nuint Ident { get; } = AioJob.NewIdent();

    /// <summary>Members that are under way; one more while the list is being submitted.</summary>
    internal int Running = 1;

    /// <summary>Members whose result was not taken.</summary>
    internal int Held;

    /// <summary>Submits the members. Nobody gets those that were submitted before the owner of a buffer has refused to pin it.</summary>
    internal void Submit(IAioQueue queue, ReadOnlySpan<AioControl> controls, AioJob?[] members, Errno[] errors)
    {
        try
        {
            for (int i = 0; i < controls.Length; i++)
            {
                AioJob job = new(queue, controls[i], this);
                errors[i] = queue.Submit(job);
                members[i] = errors[i] == Errno.None ? job : null;
            }
        }
        catch
        {
            foreach (AioJob? member in members)
                member?.Abandon();
            throw;
        }
    }
}
