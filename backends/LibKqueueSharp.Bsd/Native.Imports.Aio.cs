using System.Runtime.InteropServices;

namespace LibKqueueSharp.Kernels;

/// <summary>struct sigevent of FreeBSD with eight-byte pointers (sys/signal.h); the queue is in the place of the signal.</summary>
[StructLayout(LayoutKind.Explicit, Size = 80)]
internal struct SignalEvent
{
    internal const int SIGEV_NONE = 0;
    internal const int SIGEV_KEVENT = 3;

    [FieldOffset(0)]
    internal int Notify;

    [FieldOffset(4)]
    internal int Queue;

    [FieldOffset(8)]
    internal nint Value;

    [FieldOffset(16)]
    internal ushort KeventFlags;
}

/// <summary>struct aiocb of FreeBSD with eight-byte pointers (sys/aio.h); spare fields and what the C library keeps there are zeros.</summary>
[StructLayout(LayoutKind.Explicit, Size = 160)]
internal unsafe struct AioControlBlock
{
    internal const int LIO_WRITE = 1;
    internal const int LIO_READ = 2;

    [FieldOffset(0)]
    internal int Descriptor;

    [FieldOffset(8)]
    internal long Offset;

    [FieldOffset(16)]
    internal void* Buffer;

    [FieldOffset(24)]
    internal nint Length;

    [FieldOffset(48)]
    internal int Operation;

    /// <summary>_aiocb_private.error: aio_aqueue in vfs_aio.c puts EINPROGRESS there for what it has accepted, and aio_return(2) the outcome.</summary>
    [FieldOffset(64)]
    internal long PrivateError;

    [FieldOffset(80)]
    internal SignalEvent Event;
}

/// <summary>
/// FreeBSD's calls of aio(4), by function pointers. The addresses are of control blocks that their operation keeps until the result was taken.
/// Any thread may call any member.
/// </summary>
internal sealed unsafe class AioCalls
{
    private const int O_SYNC = 0x80;
    private const int O_DSYNC = 0x100_0000;
    private const int LIO_NOWAIT = 0;

    private readonly KqueueAbi _abi;
    private readonly delegate* unmanaged<AioControlBlock*, int> _read;
    private readonly delegate* unmanaged<AioControlBlock*, int> _write;
    private readonly delegate* unmanaged<int, AioControlBlock*, int> _sync;
    private readonly delegate* unmanaged<int, AioControlBlock**, int, SignalEvent*, int> _list;
    private readonly delegate* unmanaged<AioControlBlock*, int> _error;
    private readonly delegate* unmanaged<AioControlBlock*, nint> _return;
    private readonly delegate* unmanaged<int, AioControlBlock*, int> _cancel;

    private AioCalls(Func<string, nint> find, KqueueAbi abi)
    {
        _abi = abi;
        _read = (delegate* unmanaged<AioControlBlock*, int>)find("aio_read");
        _write = (delegate* unmanaged<AioControlBlock*, int>)find("aio_write");
        _sync = (delegate* unmanaged<int, AioControlBlock*, int>)find("aio_fsync");
        _list = (delegate* unmanaged<int, AioControlBlock**, int, SignalEvent*, int>)find("lio_listio");
        _error = (delegate* unmanaged<AioControlBlock*, int>)find("aio_error");
        _return = (delegate* unmanaged<AioControlBlock*, nint>)find("aio_return");
        _cancel = (delegate* unmanaged<int, AioControlBlock*, int>)find("aio_cancel");
    }

    /// <summary>The calls of a library, or null where one is missing.</summary>
    internal static AioCalls? Find(Func<string, nint> find, KqueueAbi abi)
    {
        AioCalls calls = new(find, abi);
        return calls._read != null && calls._write != null && calls._sync != null && calls._list != null
            && calls._error != null && calls._return != null && calls._cancel != null
            ? calls
            : null;
    }

    /// <summary>aio_read(2), aio_write(2), aio_fsync(2).</summary>
    internal Errno Submit(AioOperation operation, AioControlBlock* block) => Result(operation switch
    {
        AioOperation.Read => _read(block),
        AioOperation.Write => _write(block),
        AioOperation.Sync => _sync(O_SYNC, block),
        _ => SyncData(block),
    });

    // aio_fsync(2) of FreeBSD before 13 has O_SYNC only, which does more.
    private int SyncData(AioControlBlock* block)
    {
        int result = _sync(O_DSYNC, block);
        return result < 0 && Result(result) == Errno.EINVAL ? _sync(O_SYNC, block) : result;
    }

    /// <summary>lio_listio(2) with LIO_NOWAIT. EIO and EAGAIN: some were not submitted, and <see cref="Error"/> tells why.</summary>
    internal Errno SubmitList(AioControlBlock** blocks, int count, SignalEvent* notify) => Result(_list(LIO_NOWAIT, blocks, count, notify));

    /// <summary>True for a block of a list that was submitted and not returned, whether it has ended or not.</summary>
    internal bool WasSubmitted(AioControlBlock* block) => _abi.Errors.FromSystem(block->PrivateError) == Errno.EINPROGRESS;

    /// <summary>aio_error(2).</summary>
    internal Errno Error(AioControlBlock* block)
    {
        int error = _error(block);
        return error < 0 ? _abi.Errors.FromSystem(Marshal.GetLastSystemError()) : _abi.Errors.FromSystem(error);
    }

    /// <summary>aio_return(2).</summary>
    internal long Return(AioControlBlock* block, out Errno error)
    {
        nint result = _return(block);
        error = result < 0 ? _abi.Errors.FromSystem(Marshal.GetLastSystemError()) : Errno.None;
        return result;
    }

    /// <summary>aio_cancel(2); NotCanceled when it fails.</summary>
    internal AioCancelResult Cancel(int fd, AioControlBlock* block)
    {
        int result = _cancel(fd, block);
        return result < 0 ? AioCancelResult.NotCanceled : (AioCancelResult)result;
    }

    private Errno Result(int result) => result < 0 ? _abi.Errors.FromSystem(Marshal.GetLastSystemError()) : Errno.None;
}
