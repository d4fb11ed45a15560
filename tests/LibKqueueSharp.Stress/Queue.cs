using LibKqueueSharp.Linux;

namespace LibKqueueSharp.Stress;

/// <summary>kevent(2), in the forms that the hazards need. Any thread may call any member.</summary>
internal sealed class Queue(LinuxBackend? backend = null) : IDisposable
{
    private static readonly LinuxBackend s_backend = new();
    private readonly BackendQueue _queue = (backend ?? s_backend).CreateQueue(Dialect.FreeBsd);

    // Written before the queue is disposed of, so that who waits for something of it can tell.
    private volatile bool _isClosed;

    internal bool IsClosed => _isClosed;

    internal int Descriptor => (int)_queue.Descriptor.DangerousGetHandle();

    /// <returns>EBADF once the queue is closed; other errors throw.</returns>
    internal Errno Apply(nuint ident, EventFilter filter, EventFlags flags, uint fflags = 0, nint udata = 0)
    {
        Errno error = Try(ident, filter, flags, fflags, udata);
        return error is Errno.None or Errno.EBADF ? error : throw new KqueueException(error, $"{flags} of {filter} {ident}");
    }

    internal Errno Try(nuint ident, EventFilter filter, EventFlags flags, uint fflags = 0, nint udata = 0)
    {
        KEvent change = new(ident, filter, flags, fflags, 0, udata);
        return _queue.Kevent([change], [], KeventTimeout.Zero, null, out Errno error) < 0 ? error : Errno.None;
    }

    internal Errno Trigger(nuint ident) => Try(ident, EventFilter.User, EventFlags.None, (uint)UserNotes.Trigger);

    /// <returns>How many events; -1 once the queue is closed.</returns>
    internal int Wait(Span<KEvent> events, KeventTimeout timeout)
    {
        while (true)
        {
            int count = _queue.Kevent([], events, timeout, null, out Errno error);
            if (count >= 0 || error == Errno.EBADF)
                return count;
            if (error != Errno.EINTR)
                throw new KqueueException(error, "waiting");
        }
    }

    internal int Poll(Span<KEvent> events) => Wait(events, KeventTimeout.Zero);

    internal int Wait(Span<KEvent> events) => Wait(events, KeventTimeout.Infinite);

    /// <returns>Null once the queue is closed.</returns>
    internal BackendAio? Submit(AioControl control)
    {
        BackendAio? aio = _queue.SubmitAio(control, out Errno error);
        return error is Errno.None or Errno.EBADF ? aio : throw new KqueueException(error, $"{control.Operation}");
    }

    public void Dispose()
    {
        _isClosed = true;
        _queue.Dispose();
    }
}
