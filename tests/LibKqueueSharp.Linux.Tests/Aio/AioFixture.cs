using LibKqueueSharp.Linux.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Linux.Tests.Aio;

/// <summary>The same tests on io_uring and on threads.</summary>
internal abstract class AioFixture(bool usesIoUring) : LinuxFixture
{
    protected LinuxBackend Backend { get; } = new() { UsesIoUring = usesIoUring };

    protected bool UsesIoUring => usesIoUring;

    [OneTimeSetUp]
    public void NeedsIoUring()
    {
        if (usesIoUring && !Uring.IsAllowed)
            Assert.Inconclusive("io_uring is not allowed to this process");
    }

    protected new TestQueue NewQueue(Dialect? dialect = null) => Keep(new TestQueue(dialect, Backend));

    /// <summary>A handle that closes nothing.</summary>
    protected static SafeFileHandle Handle(int fd) => new(fd, ownsHandle: false);

    protected static AioControl Read(int fd, Memory<byte> buffer, long offset = 0, nint udata = 0, EventFlags flags = 0) =>
        new()
        {
            Operation = AioOperation.Read,
            File = Handle(fd),
            Buffer = buffer,
            Offset = offset,
            UData = udata,
            Flags = flags,
        };

    protected static AioControl Write(int fd, Memory<byte> buffer, long offset = 0, nint udata = 0, EventFlags flags = 0) =>
        new()
        {
            Operation = AioOperation.Write,
            File = Handle(fd),
            Buffer = buffer,
            Offset = offset,
            UData = udata,
            Flags = flags,
        };

    protected static AioControl Sync(int fd, bool dataOnly = false) =>
        new() { Operation = dataOnly ? AioOperation.DataSync : AioOperation.Sync, File = Handle(fd) };

    protected static BackendAio Submit(TestQueue q, AioControl control)
    {
        BackendAio? aio = q.Queue.SubmitAio(control, out Errno error);
        Assert.That(error, Is.EqualTo(Errno.None), control.Operation.ToString());
        return aio!;
    }

    protected static Errno TrySubmit(TestQueue q, AioControl control)
    {
        BackendAio? aio = q.Queue.SubmitAio(control, out Errno error);
        Assert.That(aio is null, Is.EqualTo(error != Errno.None));
        aio?.Abandon();
        return error;
    }

    protected static KEvent Done(BackendAio aio, Errno error = Errno.None, nint udata = 0, EventFlags flags = 0) =>
        new(aio.Ident, EventFilter.Aio, EventFlags.Eof | flags, 0, (long)error, udata);

    protected static void ExpectResult(BackendAio aio, long result, Errno error = Errno.None)
    {
        Assert.That(aio.Error, Is.EqualTo(error), "aio_error");
        Assert.That((aio.Return(out Errno returned), returned), Is.EqualTo((result, error)), "aio_return");
        Assert.That(aio.Error, Is.EqualTo(Errno.EINVAL), "aio_error after aio_return");
        Assert.That((aio.Return(out returned), returned), Is.EqualTo((-1L, Errno.EINVAL)), "aio_return, again");
    }

    protected static void AwaitEnd(BackendAio aio) => Eventually.Holds(() => aio.Error != Errno.EINPROGRESS, "the end of an operation");

    protected Fd NumberedFile(int bytes)
    {
        Fd file = Temp.File("numbered", 0);
        Assert.That(file.TryWrite(Numbers(bytes)), Is.EqualTo(bytes));
        return Keep(file);
    }

    protected static byte[] Numbers(int bytes, int from = 0) => [.. Enumerable.Range(from, bytes).Select(i => (byte)(i % 251))];
}
