using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>Asynchronous I/O, which no change of kevent begins.</summary>
internal sealed partial class ClauseTest
{
    /// <summary>An operation on a descriptor, which stays open. The ones that a clause leaves under way are let go of with the queue.</summary>
    public static AioControl Operation(
        AioOperation operation, Descriptor file, Memory<byte> buffer = default, nint udata = 0, EventFlags flags = 0) =>
        new()
        {
            Operation = operation,
            File = new SafeFileHandle((nint)file.Number, ownsHandle: false),
            Buffer = buffer,
            UData = udata,
            Flags = flags,
        };

    /// <summary>Submits an operation, which must be taken. Where the backend has none, the clause is not applicable.</summary>
    public BackendAio Submit(AioOperation operation, Descriptor file, Memory<byte> buffer = default, nint udata = 0, EventFlags flags = 0)
    {
        Needs(EVFILT_AIO);
        BackendAio? aio = TrySubmit(Operation(operation, file, buffer, udata, flags), out Errno error);
        return aio ?? throw new ClauseFailedException($"the {operation} was to be submitted: {error}");
    }

    /// <summary>Submits an operation, or hears why not.</summary>
    public BackendAio? TrySubmit(AioControl control, out Errno error, TestQueue? queue = null)
    {
        BackendAio? aio = (queue ?? Queue).Backend.SubmitAio(control, out error);
        if (aio is not null)
        {
            Uses.Given([new KEvent(aio.Ident, EVFILT_AIO, control.Flags)]);
            lock (_gate)
                _operations.Add(aio);
        }

        Transcript.Write($"{control.Operation} of {control.Buffer.Length} bytes, {control.Flags}: {(aio is null ? error : aio.Ident)}");
        return aio;
    }

    /// <summary>Submits a list, all of whose members must be taken.</summary>
    public BackendAioList SubmitList(nint udata, params AioControl[] controls)
    {
        Needs(EventFilter.Lio);
        BackendAioList? list = Queue.Backend.SubmitAioList(controls, udata, out Errno error);
        if (list is null || error != Errno.None)
            throw new ClauseFailedException($"the list was to be submitted: {error}");
        lock (_gate)
            _operations.AddRange(list.Members.OfType<BackendAio>());
        return list;
    }

    /// <summary>Waits until an operation is finished, without kevent.</summary>
    public void AwaitEnd(BackendAio aio)
    {
        long until = Environment.TickCount64 + (long)_patience.TotalMilliseconds;
        while (aio.Error == Errno.EINPROGRESS && Environment.TickCount64 < until)
            Thread.Sleep(1);
        Check(aio.Error != Errno.EINPROGRESS, "the operation was to end");
    }

    /// <summary>aio_return(2), once.</summary>
    public void ExpectReturn(BackendAio aio, long result, Errno error = Errno.None)
    {
        long returned = aio.Return(out Errno failure);
        Equal((result, error), (returned, failure), "the result of the operation");
    }
}
