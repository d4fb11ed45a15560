using System.Runtime.InteropServices;

namespace LibKqueueSharp;

/// <summary>What an asynchronous operation does, as the call of aio(4) that submits it.</summary>
public enum AioOperation
{
    /// <summary>aio_read(2): reads at an offset; a pipe, a socket or a terminal is waited for and has no offset.</summary>
    Read,

    /// <summary>aio_write(2): writes at an offset.</summary>
    Write,

    /// <summary>aio_fsync(2) with O_SYNC: what was written before reaches the disk.</summary>
    Sync,

    /// <summary>aio_fsync(2) with O_DSYNC: as <see cref="Sync"/>, without attributes that reading back does not need.</summary>
    DataSync,
}

/// <summary>The three answers of aio_cancel(2), with FreeBSD's numbers.</summary>
public enum AioCancelResult
{
    /// <summary>AIO_CANCELED: it has not been done and will not be; its error is ECANCELED.</summary>
    Canceled = 1,

    /// <summary>AIO_NOTCANCELED: it is under way and goes on.</summary>
    NotCanceled = 2,

    /// <summary>AIO_ALLDONE: it was finished before.</summary>
    AllDone = 3,
}

/// <summary>One operation to submit: <c>struct aiocb</c> of aio(4). Immutable.</summary>
public readonly struct AioControl
{
    /// <summary>What to do.</summary>
    public required AioOperation Operation { get; init; }

    /// <summary>
    /// The file, pipe, socket or terminal. It is kept open until the operation is finished, also when its owner closes it meanwhile.
    /// </summary>
    public required SafeHandle File { get; init; }

    /// <summary>
    /// Where to read to or write from; its length is the number of bytes. Pinned until the operation is finished, and not to be used by others
    /// till then. A sync has none. An exception that <see cref="System.Buffers.MemoryManager{T}.Unpin"/> of its owner throws is lost.
    /// </summary>
    public Memory<byte> Buffer { get; init; }

    /// <summary>Where in the file, in bytes from its beginning. What has no offset ignores it.</summary>
    public long Offset { get; init; }

    /// <summary>What the event carries (sigval).</summary>
    public nint UData { get; init; }

    /// <summary>EV_ONESHOT, EV_CLEAR, EV_DISPATCH or none of them, for the registration (AIO-005).</summary>
    public EventFlags Flags { get; init; }

    /// <summary>True for SIGEV_NONE instead of SIGEV_KEVENT: no registration and no event of its own.</summary>
    public bool IsSilent { get; init; }
}

/// <summary>An operation that was submitted. All members may be called by any thread at any time, also after the queue is gone.</summary>
public abstract class BackendAio
{
    /// <summary>The ident of its event (AIO-001): not 0, and no other operation's in this process. It has no meaning as an address.</summary>
    public abstract nuint Ident { get; }

    /// <summary>
    /// aio_error(2): EINPROGRESS, None, the error of the operation, or ECANCELED; EINVAL once <see cref="Return"/> has taken the result.
    /// </summary>
    public abstract Errno Error { get; }

    /// <summary>
    /// aio_return(2): takes the result, once. The registration is gone with it, and no event is handed out any more (AIO-004).
    /// </summary>
    /// <param name="error">
    /// The error of the operation; EINVAL when it is not finished or its result was taken; None otherwise.
    /// </param>
    /// <returns>The bytes read or written, 0 after a sync; -1 with an error.</returns>
    public abstract long Return(out Errno error);

    /// <summary>aio_cancel(2). Waits at most for an operation that is about to end, and not for a file's.</summary>
    public abstract AioCancelResult Cancel();

    /// <summary>
    /// Lets go of it, whatever has become of it: the registration is gone and the result counts as taken. What can be cancelled is.
    /// </summary>
    public abstract void Abandon();
}

/// <summary>A list of operations that was submitted by lio_listio(2) with LIO_NOWAIT.</summary>
/// <param name="ident">The ident of the list's event.</param>
/// <param name="members">Its operations, in the order in which they were given; null for one that could not be submitted.</param>
/// <param name="errors">Why a member could not be submitted.</param>
public sealed class BackendAioList(nuint ident, IReadOnlyList<BackendAio?> members, IReadOnlyList<Errno> errors)
{
    /// <summary>The ident of the EVFILT_LIO event (LIO-001).</summary>
    public nuint Ident { get; } = ident;

    /// <summary>The operations, in the order in which they were given; null for one that could not be submitted.</summary>
    public IReadOnlyList<BackendAio?> Members { get; } = members;

    /// <summary>Why a member could not be submitted, None where it was.</summary>
    public IReadOnlyList<Errno> Errors { get; } = errors;
}
