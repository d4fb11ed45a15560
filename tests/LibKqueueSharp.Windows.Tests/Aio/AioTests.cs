using System.IO.Pipes;
using LibKqueueSharp.Windows.Tests.Files;
using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Windows.Tests.Aio;

/// <summary>EVFILT_AIO and EVFILT_LIO on handles that were opened overlapped, and on others.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[TestFixture(FileOptions.Asynchronous)]
[TestFixture(FileOptions.None)]
internal sealed class AioTests(FileOptions options)
{
    private static int s_pipes;

    private readonly Scratch _files = new();
    private readonly TestQueue _kq = new();

    [TearDown]
    public void CleanUp()
    {
        _kq.Dispose();
        _files.Dispose();
    }

    [Test]
    public void WriteThenRead()
    {
        SafeFileHandle file = Open("a");
        byte[] written = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];
        using AioRequest write = AioRequest.Write(_kq.Queue, file, written, 0, 7);
        KEvent e = _kq.One();
        Assert.That((e.Ident, e.Filter, e.Data, e.UData), Is.EqualTo((write.Ident, EventFilter.Aio, 0L, (nint)7)), TestQueue.Describe([e]));
        Assert.That(write.Return(), Is.EqualTo(written.Length));
        byte[] read = new byte[200_000];
        using AioRequest reading = AioRequest.Read(_kq.Queue, file, read, 10, 8);
        Assert.That(_kq.One().UData, Is.EqualTo((nint)8));
        Assert.That(reading.Return(), Is.EqualTo(written.Length - 10));
        Assert.That(read.AsSpan(0, written.Length - 10).SequenceEqual(written.AsSpan(10)), Is.True);
        _kq.Quiet();
    }

    [Test]
    public void NothingBehindTheEnd()
    {
        _files.Make("a", 5);
        using AioRequest read = AioRequest.Read(_kq.Queue, Open("a"), new byte[4], 5);
        Assert.That(_kq.One().Data, Is.Zero);
        Assert.That(read.Return(), Is.Zero);
    }

    [Test]
    public void SyncAfterWrites()
    {
        SafeFileHandle file = Open("a");
        List<AioRequest> writes = [];
        for (int i = 0; i < 20; i++)
            writes.Add(AioRequest.Write(_kq.Queue, file, new byte[10_000], i * 10_000));
        using AioRequest sync = AioRequest.Sync(_kq.Queue, file, udata: 9);
        KEvent[] events = new KEvent[32];
        while (sync.Error == Errno.EINPROGRESS)
            _kq.Queue.Wait(events, TestQueue.Patience);
        Assert.That(sync.Error, Is.EqualTo(Errno.None));
        foreach (AioRequest write in writes)
        {
            Assert.That(write.Error, Is.EqualTo(Errno.None), "a write that was submitted before");
            Assert.That(write.Return(), Is.EqualTo(10_000));
            write.Dispose();
        }
    }

    /// <summary>The deviation sync-needs-writing.</summary>
    [Test]
    public void SyncOfAHandleForReadingIsRefused()
    {
        _files.Make("a", 5);
        using AioRequest sync = AioRequest.Sync(_kq.Queue, _files.Open("a", FileAccess.Read, options));
        Assert.That(_kq.One().Data, Is.EqualTo((long)Errno.EACCES));
    }

    /// <summary>The deviation worker-moves-offset. A handle that was opened overlapped has none, and READ tells the size of the file.</summary>
    [Test]
    public void ReadingMovesTheOffsetUnlessThereIsNone()
    {
        _files.Make("a", 12);
        SafeFileHandle file = Open("a");
        using (AioRequest read = AioRequest.Read(_kq.Queue, file, new byte[4], 2))
            _kq.One();
        _kq.Add((nuint)file.DangerousGetHandle(), EventFilter.Read);
        Assert.That(_kq.One().Data, Is.EqualTo(options == FileOptions.Asynchronous ? 12 : 12 - 4 - 2));
    }

    [Test]
    public void ListEndsAsOne()
    {
        _files.Make("a", 12);
        SafeFileHandle file = Open("a");
        AioControl[] controls = [.. Enumerable.Range(0, 3).Select(i => new AioControl
        {
            Operation = AioOperation.Read,
            File = file,
            Buffer = new byte[4],
            Offset = 4 * i,
            IsSilent = true,
        })];
        using AioList list = AioList.Submit(_kq.Queue, controls, 5);
        KEvent e = _kq.One();
        Assert.That((e.Ident, e.Filter, e.UData), Is.EqualTo((list.Ident, EventFilter.Lio, (nint)5)), TestQueue.Describe([e]));
        foreach (AioRequest? request in list.Requests)
            Assert.That(request!.Return(), Is.EqualTo(4));
        _kq.Quiet();
    }

    [Test]
    public void PipeIsWaitedFor()
    {
        (PipeStream reader, PipeStream writer) = Pipe();
        using PipeStream first = reader;
        using PipeStream second = writer;
        byte[] buffer = new byte[8];
        using AioRequest read = AioRequest.Read(_kq.Queue, first.SafePipeHandle, buffer, 0);
        _kq.Quiet();
        Assert.That(read.Error, Is.EqualTo(Errno.EINPROGRESS));
        second.Write("abc"u8);
        Assert.That(_kq.One().Data, Is.Zero);
        Assert.That(read.Return(), Is.EqualTo(3));
        Assert.That(buffer[..3], Is.EqualTo("abc"u8.ToArray()));
    }

    [Test]
    public void PipeIsCancelled()
    {
        (PipeStream reader, PipeStream writer) = Pipe();
        using PipeStream first = reader;
        using PipeStream second = writer;
        using AioRequest read = AioRequest.Read(_kq.Queue, first.SafePipeHandle, new byte[8], 0);
        Assert.That(read.Cancel(), Is.EqualTo(AioCancelResult.Canceled));
        Assert.That(_kq.One().Data, Is.EqualTo((long)Errno.ECANCELED));
        Assert.That(read.Cancel(), Is.EqualTo(AioCancelResult.AllDone));
    }

    [Test]
    public void EndOfAPipe()
    {
        (PipeStream reader, PipeStream writer) = Pipe();
        using PipeStream first = reader;
        writer.Dispose();
        using AioRequest read = AioRequest.Read(_kq.Queue, first.SafePipeHandle, new byte[8], 0);
        Assert.That(_kq.One().Data, Is.Zero);
        Assert.That(read.Return(), Is.Zero);
    }

    [Test]
    public void SubmitterThreadEnds()
    {
        (PipeStream reader, PipeStream writer) = Pipe();
        using PipeStream first = reader;
        using PipeStream second = writer;
        AioRequest? read = null;
        Thread thread = new(() => read = AioRequest.Read(_kq.Queue, first.SafePipeHandle, new byte[8], 0));
        thread.Start();
        thread.Join();
        _kq.Quiet();
        second.Write("abc"u8);
        Assert.That(_kq.One().Data, Is.Zero);
        Assert.That(read!.Return(), Is.EqualTo(3));
        read.Dispose();
    }

    [Test]
    public void QueueClosedWhileReading()
    {
        (PipeStream reader, PipeStream writer) = Pipe();
        using PipeStream first = reader;
        using PipeStream second = writer;
        AioRequest read;
        using (TestQueue kq = new())
            read = AioRequest.Read(kq.Queue, first.SafePipeHandle, new byte[8], 0);
        Assert.That(read.Error, Is.EqualTo(Errno.EINPROGRESS));
        second.Write("abc"u8);
        for (int i = 0; i < 2000 && read.Error == Errno.EINPROGRESS; i++)
            Thread.Sleep(10);
        Assert.That(read.Return(), Is.EqualTo(3));
        read.Dispose();
    }

    [Test]
    public void WrongAccessIsRefused()
    {
        _files.Make("a");
        SafeFileHandle reader = _files.Open("a", FileAccess.Read, options);
        KqueueException e = Assert.Throws<KqueueException>(() => AioRequest.Write(_kq.Queue, reader, new byte[1], 0))!;
        Assert.That(e.Error, Is.EqualTo(Errno.EBADF));
        reader.Dispose();
        e = Assert.Throws<KqueueException>(() => AioRequest.Read(_kq.Queue, reader, new byte[1], 0))!;
        Assert.That(e.Error, Is.EqualTo(Errno.EBADF));
        Assert.That(_kq.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void ManyAtOnce()
    {
        SafeFileHandle file = Open("a");
        List<AioRequest> all = [];
        for (int i = 0; i < 200; i++)
            all.Add(AioRequest.Write(_kq.Queue, file, new byte[] { (byte)i }, i, i, EventFlags.OneShot));
        HashSet<nint> seen = [];
        KEvent[] events = new KEvent[64];
        while (seen.Count < all.Count)
        {
            int count = _kq.Queue.Wait(events, TestQueue.Patience);
            Assert.That(count, Is.Not.Zero, $"after {seen.Count} events");
            seen.UnionWith(events[..count].Select(e => e.UData));
        }

        byte[] content = new byte[200];
        Assert.That(RandomAccess.Read(_files.Open("a"), content, 0), Is.EqualTo(200));
        Assert.That(content, Is.EqualTo(Enumerable.Range(0, 200).Select(i => (byte)i)));
        all.ForEach(r => r.Dispose());
    }

    private SafeFileHandle Open(string name) => _files.Open(name, FileAccess.ReadWrite, options);

    private (PipeStream Reader, PipeStream Writer) Pipe()
    {
        PipeOptions kind = options == FileOptions.Asynchronous ? PipeOptions.Asynchronous : PipeOptions.None;
        string name = $"libkqueuesharp-aio-{Environment.ProcessId}-{Interlocked.Increment(ref s_pipes)}";
        NamedPipeServerStream server = new(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, kind, 4096, 4096);
        NamedPipeClientStream client = new(".", name, PipeDirection.InOut);
        Task accepted = Task.Run(server.WaitForConnection);
        client.Connect(20_000);
        accepted.Wait();
        return (server, client);
    }
}
