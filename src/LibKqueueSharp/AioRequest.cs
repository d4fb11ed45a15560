using System.Runtime.InteropServices;

namespace LibKqueueSharp;

/// <summary>
/// An asynchronous read, write or sync, as aio(4) has it. When it is finished, its queue hands out an <see cref="EventFilter.Aio"/> event whose ident is
/// <see cref="Ident"/>, whose data is the error, and which carries EV_EOF (AIO-001, AIO-002).
/// </summary>
/// <remarks>
/// <para>
/// The event is level-triggered: it comes on each call until <see cref="Return"/> has taken the result, unless flags say otherwise (AIO-005). EV_DELETE of the
/// ident through kevent(2) takes the event back, and not the operation (AIO-008); EV_ADD of this filter is refused (AIO-006).
/// </para>
/// <para>
/// The file is kept open and the buffer pinned until the operation is finished, also when this object or the queue is disposed of meanwhile. The buffer must
/// not be used by others till then. Operations may run in any order; a sync covers the writes to its file that were submitted before it.
/// A pipe, a socket or a terminal is waited for, whether it is non-blocking or not, and is then read or written as far as it goes at once: the
/// result can be less than what was asked for.
/// </para>
/// <para>All members may be called by any thread at any time, also after the queue is gone.</para>
/// </remarks>
/// <example>
/// <code language="csharp">
/// using LibKqueueSharp;
/// using Microsoft.Win32.SafeHandles;
///
/// string path = Path.GetTempFileName();
/// File.WriteAllText(path, "hello");
/// using SafeFileHandle file = File.OpenHandle(path, options: FileOptions.DeleteOnClose);
/// using Kqueue queue = new();
/// byte[] buffer = new byte[256];
/// using AioRequest request = AioRequest.Read(queue, file, buffer, offset: 0);
///
/// KEvent[] events = new KEvent[1];
/// queue.Wait(events, Timeout.InfiniteTimeSpan);
/// Console.WriteLine($"{events[0].Filter}: {request.Return()} bytes");
/// </code>
/// </example>
public sealed class AioRequest : IDisposable
{
    private readonly BackendAio _aio;

    internal AioRequest(BackendAio aio, AioOperation operation)
    {
        _aio = aio;
        Operation = operation;
    }

    /// <summary>What it does.</summary>
    public AioOperation Operation { get; }

    /// <summary>The ident of its event; no other operation has it, ever. It is no address.</summary>
    public nuint Ident => _aio.Ident;

    /// <summary>
    /// aio_error(2): EINPROGRESS while it is under way, then None, the error, or ECANCELED; EINVAL once <see cref="Return"/> has taken the result.
    /// </summary>
    public Errno Error => _aio.Error;

    /// <summary>Submits a read, as aio_read(2).</summary>
    /// <param name="queue">Who tells of the end.</param>
    /// <param name="file">A file, pipe, socket or terminal that is open for reading; it stays the caller's, who may close it at once.</param>
    /// <param name="buffer">Where to; its length is the number of bytes.</param>
    /// <param name="offset">Where from, in bytes from the beginning of the file. What has no offset ignores it.</param>
    /// <param name="udata">What the event carries.</param>
    /// <param name="flags">EV_ONESHOT, EV_CLEAR, EV_DISPATCH, or none of them.</param>
    /// <exception cref="KqueueException">
    /// Nothing was submitted: EBADF for a file that is closed or not open for reading, EINVAL for a negative offset or another flag, EAGAIN when too many
    /// operations are under way, ENOMEM, ENOTSUP where the backend has none.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The queue is disposed of.</exception>
    public static AioRequest Read(
        Kqueue queue, SafeHandle file, Memory<byte> buffer, long offset, nint udata = 0, EventFlags flags = EventFlags.None) =>
        Submit(queue, new AioControl
        {
            Operation = AioOperation.Read,
            File = file,
            Buffer = buffer,
            Offset = offset,
            UData = udata,
            Flags = flags,
        });

    /// <summary>Submits a write, as aio_write(2).</summary>
    /// <param name="queue">Who tells of the end.</param>
    /// <param name="file">A file, pipe, socket or terminal that is open for writing; it stays the caller's, who may close it at once.</param>
    /// <param name="buffer">What; it must not be changed before the end.</param>
    /// <param name="offset">Where to, in bytes from the beginning of the file. What has no offset, or was opened to append, ignores it.</param>
    /// <param name="udata">What the event carries.</param>
    /// <param name="flags">EV_ONESHOT, EV_CLEAR, EV_DISPATCH, or none of them.</param>
    /// <exception cref="KqueueException">As for <see cref="Read"/>.</exception>
    /// <exception cref="ObjectDisposedException">The queue is disposed of.</exception>
    public static AioRequest Write(
        Kqueue queue, SafeHandle file, ReadOnlyMemory<byte> buffer, long offset, nint udata = 0, EventFlags flags = EventFlags.None) =>
        Submit(queue, new AioControl
        {
            Operation = AioOperation.Write,
            File = file,
            Buffer = MemoryMarshal.AsMemory(buffer),
            Offset = offset,
            UData = udata,
            Flags = flags,
        });

    /// <summary>Submits a sync, as aio_fsync(2): what was written to the file, also by writes that were submitted before, reaches the disk.</summary>
    /// <param name="queue">Who tells of the end.</param>
    /// <param name="file">A regular file, a folder or a block device; it stays the caller's, who may close it at once.</param>
    /// <param name="dataOnly">O_DSYNC: leaves out attributes that reading back does not need, such as the time of the change.</param>
    /// <param name="udata">What the event carries.</param>
    /// <param name="flags">EV_ONESHOT, EV_CLEAR, EV_DISPATCH, or none of them.</param>
    /// <exception cref="KqueueException">As for <see cref="Read"/>; EINVAL for what has no disk behind it.</exception>
    /// <exception cref="ObjectDisposedException">The queue is disposed of.</exception>
    public static AioRequest Sync(
        Kqueue queue, SafeHandle file, bool dataOnly = false, nint udata = 0, EventFlags flags = EventFlags.None) =>
        Submit(queue, new AioControl
        {
            Operation = dataOnly ? AioOperation.DataSync : AioOperation.Sync,
            File = file,
            UData = udata,
            Flags = flags,
        });

    /// <summary>
    /// aio_return(2): takes the result, once. The event's registration is gone with it: no event is handed out afterwards (AIO-004).
    /// </summary>
    /// <returns>The bytes read or written, fewer than asked for at the end of a file; 0 after a sync.</returns>
    /// <exception cref="KqueueException">
    /// The operation's own error, which counts as taken; or EINVAL: it is not finished (<see cref="Error"/> tells), or its result was taken before.
    /// </exception>
    public long Return()
    {
        long result = _aio.Return(out Errno error);
        return error == Errno.None ? result : throw new KqueueException(error, $"the asynchronous {Name}");
    }

    /// <summary>
    /// aio_cancel(2). What waits for a pipe, a socket or a terminal, or has not begun, can be cancelled: its event comes with ECANCELED (AIO-009). A file's
    /// transfer that has begun cannot.
    /// </summary>
    public AioCancelResult Cancel() => _aio.Cancel();

    /// <summary>
    /// Lets go of the request: no event of it is handed out any more. One that is under way is cancelled if it can be; if it cannot, it goes on, and its
    /// buffer is pinned until it has ended.
    /// </summary>
    public void Dispose() => _aio.Abandon();

    private string Name => Operation switch
    {
        AioOperation.Read => "read",
        AioOperation.Write => "write",
        _ => "sync",
    };

    private static AioRequest Submit(Kqueue queue, in AioControl control)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(control.File);
        BackendAio? aio = queue.Inner.SubmitAio(control, out Errno error);
        ObjectDisposedException.ThrowIf(aio is null && queue.IsDisposed, queue);
        return aio is null
            ? throw new KqueueException(error, $"submitting the asynchronous {control.Operation.ToString().ToLowerInvariant()}")
            : new AioRequest(aio, control.Operation);
    }
}
