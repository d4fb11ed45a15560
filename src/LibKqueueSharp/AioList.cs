namespace LibKqueueSharp;

/// <summary>
/// Operations that were submitted together, as by lio_listio(2) with LIO_NOWAIT. When all of them are finished, the queue hands out one
/// <see cref="EventFilter.Lio"/> event whose ident is <see cref="Ident"/> (LIO-001).
/// </summary>
/// <remarks>
/// The event is level-triggered: it comes on each call until the results of all members were taken, or the list is disposed of. Members that are not
/// silent (<see cref="AioControl.IsSilent"/>) have their own events as well (LIO-002). All members may be called by any thread at any time.
/// </remarks>
public sealed class AioList : IDisposable
{
    private AioList(nuint ident, IReadOnlyList<AioRequest?> requests, IReadOnlyList<Errno> errors)
    {
        Ident = ident;
        Requests = requests;
        Errors = errors;
    }

    /// <summary>The ident of the list's event; no other list or operation has it, ever.</summary>
    public nuint Ident { get; }

    /// <summary>The operations, in the order in which they were given; null for one that could not be submitted.</summary>
    public IReadOnlyList<AioRequest?> Requests { get; }

    /// <summary>Why an operation could not be submitted (see <see cref="AioRequest.Read"/>), None where it was.</summary>
    public IReadOnlyList<Errno> Errors { get; }

    /// <summary>Submits operations.</summary>
    /// <param name="queue">Who tells of the end.</param>
    /// <param name="controls">The operations; they may run in any order and at the same time.</param>
    /// <param name="udata">What the list's event carries.</param>
    /// <returns>The list, also when some of its operations could not be submitted (EIO of lio_listio(2)): <see cref="Errors"/> tells.</returns>
    /// <exception cref="KqueueException">Nothing was submitted: EINVAL for an empty list, ENOTSUP where the backend has no such operations; or none could be: EIO.</exception>
    /// <exception cref="ObjectDisposedException">The queue is disposed of.</exception>
    public static AioList Submit(Kqueue queue, ReadOnlySpan<AioControl> controls, nint udata = 0)
    {
        ArgumentNullException.ThrowIfNull(queue);
        BackendAioList? list = queue.Inner.SubmitAioList(controls, udata, out Errno error);
        ObjectDisposedException.ThrowIf(list is null && queue.IsDisposed, queue);
        if (list is null || list.Members.All(m => m is null))
            throw new KqueueException(error, "submitting a list of asynchronous operations");
        AioRequest?[] requests = new AioRequest?[controls.Length];
        for (int i = 0; i < requests.Length; i++)
            requests[i] = list.Members[i] is { } aio ? new AioRequest(aio, controls[i].Operation) : null;
        return new AioList(list.Ident, requests, list.Errors);
    }

    /// <summary>Lets go of all operations, and so of the list's event (<see cref="AioRequest.Dispose"/>).</summary>
    public void Dispose()
    {
        foreach (AioRequest? request in Requests)
            request?.Dispose();
    }
}
