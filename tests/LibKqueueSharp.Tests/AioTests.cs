using System.Runtime.Versioning;
using LibKqueueSharp.Linux;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Tests;

/// <summary>Asynchronous I/O by the public API, on each mechanism.</summary>
[Platform("Linux"), SupportedOSPlatform("linux")]
[TestFixture(true)]
[TestFixture(false)]
public sealed class AioTests(bool usesIoUring)
{
    private string _path = "";

    [SetUp]
    public void MakeFile() => _path = Path.GetTempFileName();

    [TearDown]
    public void RemoveFile() => File.Delete(_path);

    [Test]
    public void WriteSyncAndRead()
    {
        using Kqueue queue = Open();
        using SafeFileHandle file = File.OpenHandle(_path, access: FileAccess.ReadWrite);
        using (AioRequest write = AioRequest.Write(queue, file, "hello"u8.ToArray(), 3, udata: 1))
        {
            Assert.That(queue.WaitOne(), Is.EqualTo(new KEvent(write.Ident, EventFilter.Aio, EventFlags.Eof, udata: 1)));
            Assert.That(write.Return(), Is.EqualTo(5));
        }

        using (AioRequest sync = AioRequest.Sync(queue, file, dataOnly: true, flags: EventFlags.OneShot))
        {
            Assert.That(queue.WaitOne().Ident, Is.EqualTo(sync.Ident));
            Assert.That((sync.Operation, sync.Error), Is.EqualTo((AioOperation.DataSync, Errno.None)));
        }

        byte[] buffer = new byte[10];
        using AioRequest read = AioRequest.Read(queue, file, buffer, 0);
        Assert.That(queue.WaitOne().Ident, Is.EqualTo(read.Ident));
        Assert.That(read.Return(), Is.EqualTo(8));
        Assert.That(buffer, Is.EqualTo("\0\0\0hello\0\0"u8.ToArray()));
        Assert.That(queue.KnoteCount, Is.Zero);
    }

    [Test]
    public async Task EventOfAnOperationIsAwaited()
    {
        using Kqueue queue = Open();
        using TestPipe pipe = new();
        using AioRequest read = AioRequest.Read(queue, pipe.Reader, new byte[4], 0, udata: 5);
        KEvent[] events = new KEvent[1];
        ValueTask<int> wait = queue.WaitAsync(events);
        pipe.Write(2);
        Assert.That(await wait.AsTask().WaitAsync(Support.Long), Is.EqualTo(1));
        Assert.That((events[0].UData, read.Return()), Is.EqualTo(((nint)5, 2L)));
    }

    [Test]
    public void DisposeOfARunningRequestLeavesNothing()
    {
        using Kqueue queue = Open();
        using TestPipe pipe = new();
        AioRequest read = AioRequest.Read(queue, pipe.Reader, new byte[4], 0);
        read.Dispose();
        pipe.Write(4);
        Assert.That(queue.Poll(), Is.Empty);
        Assert.That(queue.KnoteCount, Is.Zero);
        pipe.Read(4);
        read.Dispose();
        Assert.That(read.Return, Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.EINVAL));
    }

    [Test]
    public void ResultOfACancelledRequestIsItsError()
    {
        using Kqueue queue = Open();
        using TestPipe pipe = new();
        using AioRequest read = AioRequest.Read(queue, pipe.Reader, new byte[4], 0);
        Assert.That(read.Error, Is.EqualTo(Errno.EINPROGRESS));
        Assert.That(read.Return, Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.EINVAL), "too early");
        Assert.That(read.Cancel(), Is.EqualTo(AioCancelResult.Canceled));
        Assert.That(queue.WaitOne().Data, Is.EqualTo((long)Errno.ECANCELED));
        Assert.That(read.Return, Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.ECANCELED));
    }

    [Test]
    public void RefusedSubmissionThrows()
    {
        Kqueue queue = Open();
        using SafeFileHandle file = File.OpenHandle(_path);
        Assert.Multiple(() =>
        {
            Assert.That(() => AioRequest.Write(queue, file, new byte[1], 0), Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.EBADF));
            Assert.That(() => AioRequest.Read(queue, file, new byte[1], -1), Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.EINVAL));
            Assert.That(() => AioRequest.Read(queue, null!, new byte[1], 0), Throws.ArgumentNullException);
            Assert.That(() => AioList.Submit(queue, []), Throws.TypeOf<KqueueException>().With.Property(nameof(KqueueException.Error)).EqualTo(Errno.EINVAL));
        });
        queue.Dispose();
        Assert.That(() => AioRequest.Read(queue, file, new byte[1], 0), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => AioList.Submit(queue, [default]), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void ListGivesOneEvent()
    {
        using Kqueue queue = Open();
        using SafeFileHandle file = File.OpenHandle(_path, access: FileAccess.ReadWrite);
        AioControl[] controls =
        [
            .. Enumerable.Range(0, 10).Select(i => new AioControl
            {
                Operation = AioOperation.Write, File = file, Buffer = new byte[] { (byte)i }, Offset = i, IsSilent = true,
            }),
            new() { Operation = AioOperation.Read, File = file, Buffer = new byte[1], Offset = -1, IsSilent = true },
        ];
        using (AioList list = AioList.Submit(queue, controls, udata: 4))
        {
            Assert.That(queue.WaitOne(), Is.EqualTo(new KEvent(list.Ident, EventFilter.Lio, EventFlags.None, udata: 4)));
            Assert.That(list.Requests.Take(10).Select(r => r!.Error), Is.All.EqualTo(Errno.None));
            Assert.That((list.Requests[10], list.Errors[10]), Is.EqualTo(((AioRequest?)null, Errno.EINVAL)));
        }

        Assert.That(queue.KnoteCount, Is.Zero);
        Assert.That(File.ReadAllBytes(_path), Is.EqualTo(Enumerable.Range(0, 10).Select(i => (byte)i)));
    }

    [Test]
    public void CapabilitiesTellTheMechanism()
    {
        LinuxBackend backend = new() { UsesIoUring = usesIoUring };
        FilterCapability aio = backend.Capabilities.Filters.Single(f => f.Filter == EventFilter.Aio);
        Assert.That(aio.Supported);
        Assert.That(aio.Remark, usesIoUring ? Does.Contain("io_uring") : Does.Contain("threads"));
        Assert.That(backend.Capabilities.Supports(EventFilter.Lio));
    }

    private Kqueue Open() => Kqueue.Create(new LinuxBackend { UsesIoUring = usesIoUring });
}
