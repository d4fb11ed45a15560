using LibKqueueSharp.Linux.Tests.Support;
using Microsoft.Win32.SafeHandles;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Aio;

/// <summary>What operations do, on each kind of file, and how they fail.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class AioOperationTests(bool usesIoUring) : AioFixture(usesIoUring)
{
    private const Errno IsADirectory = (Errno)21;

    [Test]
    public void WriteAndSyncThenRead([Values] bool dataOnly)
    {
        TestQueue q = NewQueue();
        Fd file = NumberedFile(10);
        BackendAio write = Submit(q, Write(file, Numbers(20, from: 100), 5));
        BackendAio sync = Submit(q, Sync(file, dataOnly));
        Eventually.Holds(() => q.Poll().Length == 2, "both events");
        ExpectResult(write, 20);
        ExpectResult(sync, 0);
        Assert.That(File.ReadAllBytes(Temp.Path("numbered")), Is.EqualTo(Numbers(5).Concat(Numbers(20, from: 100))));
    }

    [Test]
    public void SyncCoversEarlierWrites()
    {
        TestQueue q = NewQueue();
        Fd file = NumberedFile(0);
        using Fd other = file.Duplicate();
        for (int round = 0; round < 20; round++)
        {
            byte[] content = new byte[1 << 16];
            BackendAio[] writes = [.. Enumerable.Range(0, 30).Select(i => Submit(q, Write(file, content, i * content.Length) with { IsSilent = true }))];
            BackendAio sync = Submit(q, Sync(other));
            Assert.That(q.WaitOne(), Is.EqualTo(Done(sync)));
            Assert.That(writes.Select(w => w.Error), Is.All.EqualTo(Errno.None));
            sync.Abandon();
        }
    }

    [Test]
    public void EndOfFileIsAShortRead()
    {
        TestQueue q = NewQueue();
        Fd file = NumberedFile(10);
        (int Offset, int Expected)[] cases = [(0, 10), (7, 3), (10, 0), (1000, 0)];
        foreach ((int offset, int expected) in cases)
        {
            BackendAio aio = Submit(q, Read(file, new byte[64], offset));
            Assert.That(q.WaitOne(), Is.EqualTo(Done(aio)));
            ExpectResult(aio, expected);
        }
    }

    [Test]
    public void StreamIsReadAsFarAsItGoes([Values] PairKind kind, [Values] bool blocks)
    {
        TestQueue q = NewQueue();
        Pair pair = NewPair(kind);
        SetBlocking(pair.A, blocks);
        byte[] buffer = new byte[100];
        BackendAio aio = Submit(q, Read(pair.A, buffer, offset: 12));
        q.ExpectSilence();
        byte[] content = Numbers(30, from: 65);
        Assert.That(pair.B.TryWrite(content), Is.EqualTo(30));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio)));
        ExpectResult(aio, 30);
        Assert.That(buffer[..30], Is.EqualTo(content));
    }

    /// <summary>A terminal has no read that does not wait: the second one would, and with it all that the same thread waits for.</summary>
    [Test]
    public void SecondReadOfATerminalKeepsNothingElseWaiting()
    {
        TestQueue q = NewQueue();
        Pair terminal = NewPair(PairKind.Terminal);
        Pair pipe = NewPipe();
        SetBlocking(terminal.A, true);
        BackendAio[] reads = [Submit(q, Read(terminal.A, new byte[8])), Submit(q, Read(terminal.A, new byte[8]))];
        q.ExpectSilence();
        terminal.B.Write(3);
        KEvent e = q.WaitOne();
        BackendAio first = reads.Single(r => r.Ident == e.Ident);
        ExpectResult(first, 3);
        BackendAio other = Submit(q, Read(pipe.A, new byte[8]));
        pipe.B.Write(2);
        Assert.That(q.WaitOne(), Is.EqualTo(Done(other)));
        ExpectResult(other, 2);
        Assert.That(reads.Single(r => r != first).Cancel(), Is.EqualTo(AioCancelResult.Canceled));
    }

    [Test]
    public void FullStreamIsWaitedFor([Values(PairKind.Pipe, PairKind.Fifo, PairKind.UnixStream, PairKind.Tcp)] PairKind kind, [Values] bool blocks)
    {
        TestQueue q = NewQueue();
        Pair pair = NewPair(kind);
        long filled = 0;
        Eventually.Holds(() => Math.Abs(filled - (filled += pair.B.Fill())) == 0, "full");
        SetBlocking(pair.B, blocks);
        byte[] content = Numbers(1000);
        BackendAio aio = Submit(q, Write(pair.B, content));
        q.ExpectSilence();
        Assert.That(aio.Error, Is.EqualTo(Errno.EINPROGRESS));
        long drained = 0;
        Eventually.Holds(() => (drained += pair.A.Drain()) > filled, "the bytes of the operation");
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio)));
        long written = aio.Return(out _);
        Assert.That(written, Is.InRange(1, 1000));
        Eventually.Holds(() => (drained += pair.A.Drain()) == filled + written, () => $"{filled + written} bytes, had {drained}");
    }

    [Test]
    public void FileThatIoUringDoesNotWaitForIsWaitedFor()
    {
        // inotify has no I/O that says that it would block, unless its descriptor is non-blocking.
        using Fd inotify = Fd.Opened(Native.InotifyInit1(Native.IN_CLOEXEC | Native.IN_NONBLOCK));
        TestQueue q = NewQueue();
        Fd folder = Keep(Fd.Open(Path.GetDirectoryName(Temp.Path("x"))!, OpenFlags.O_RDONLY));
        Assert.That(Sys.InotifyAdd(inotify, folder, Native.IN_CREATE, out _), Is.EqualTo(Errno.None));
        BackendAio aio = Submit(q, Read(inotify, new byte[512]));
        q.ExpectSilence();
        Assert.That(aio.Error, Is.EqualTo(Errno.EINPROGRESS));
        Keep(Temp.File("new", 0));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio)));
        Assert.That(aio.Return(out _), Is.GreaterThan(16));
    }

    [Test]
    public void DevicesCanBeReadAndWritten()
    {
        TestQueue q = NewQueue();
        Fd zero = Keep(Fd.Open("/dev/zero", OpenFlags.O_RDWR));
        byte[] buffer = Numbers(40);
        BackendAio read = Submit(q, Read(zero, buffer, offset: -5));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(read)));
        ExpectResult(read, 40);
        Assert.That(buffer, Is.All.Zero);
        BackendAio write = Submit(q, Write(zero, buffer));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(write)));
        ExpectResult(write, 40);
    }

    [Test]
    public void EndOfAStream()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        BackendAio aio = Submit(q, Read(pipe.A, new byte[8]));
        pipe.B.Dispose();
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio)));
        ExpectResult(aio, 0);
    }

    [Test]
    public void ErrorOfTheOperationIsItsData()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        pipe.A.Dispose();
        BackendAio write = Submit(q, Write(pipe.B, new byte[8]));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(write, Errno.EPIPE)));
        ExpectResult(write, -1, Errno.EPIPE);
        Fd folder = Keep(Fd.Open(Path.GetDirectoryName(Temp.Path("x"))!, OpenFlags.O_RDONLY));
        BackendAio read = Submit(q, Read(folder, new byte[8]));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(read, IsADirectory)));
        ExpectResult(read, -1, IsADirectory);
    }

    [Test]
    public void NothingIsSubmittedForABadFile()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        Fd file = NumberedFile(10);
        using SafeFileHandle closed = new(file.Duplicate().Number, ownsHandle: true);
        closed.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(TrySubmit(q, Read(pipe.A, new byte[1]) with { File = closed }), Is.EqualTo(Errno.EBADF), "closed handle");
            Assert.That(TrySubmit(q, Read(-1, new byte[1])), Is.EqualTo(Errno.EBADF), "invalid handle");
            Assert.That(TrySubmit(q, Read(1 << 20, new byte[1])), Is.EqualTo(Errno.EBADF), "closed number");
            Assert.That(TrySubmit(q, Read(pipe.B, new byte[1])), Is.EqualTo(Errno.EBADF), "open for writing only");
            Assert.That(TrySubmit(q, Write(pipe.A, new byte[1])), Is.EqualTo(Errno.EBADF), "open for reading only");
            Assert.That(TrySubmit(q, Read(file, new byte[1], -1)), Is.EqualTo(Errno.EINVAL), "negative offset");
            Assert.That(TrySubmit(q, Read(pipe.A, new byte[1], -1)), Is.EqualTo(Errno.EINVAL), "negative offset of a pipe");
            Assert.That(TrySubmit(q, Sync(pipe.B)), Is.EqualTo(Errno.EINVAL), "sync of a pipe");
        });
        Assert.That(q.Queue.KnoteCount, Is.Zero);
        q.Dispose();
        Assert.That(TrySubmit(q, Read(file, new byte[1])), Is.EqualTo(Errno.EBADF), "AIO-007");
    }

    [Test]
    public void TooManyAreRefusedUntilOneHasEnded()
    {
        const int Most = 5;
        LinuxBackend backend = new(TimeProvider.System, aioLimit: Most) { UsesIoUring = UsesIoUring };
        using TestQueue q = new(backend: backend);
        Pair pipe = NewPipe();
        BackendAio[] reads = [.. Enumerable.Range(0, Most).Select(_ => Submit(q, Read(pipe.A, new byte[1])))];
        Assert.That(TrySubmit(q, Read(pipe.A, new byte[1])), Is.EqualTo(Errno.EAGAIN));
        Assert.That(q.Queue.KnoteCount, Is.EqualTo(Most));
        Assert.That(reads[0].Cancel(), Is.EqualTo(AioCancelResult.Canceled));
        reads[0] = Submit(q, Read(pipe.A, new byte[1]));
        pipe.B.Write(Most);
        Eventually.Holds(() => q.Poll().Length >= Most, "the rest");
        foreach (BackendAio read in reads)
            ExpectResult(read, 1);
    }

    [Test]
    public void EmptyBufferIsRead()
    {
        TestQueue q = NewQueue();
        BackendAio aio = Submit(q, Read(NumberedFile(10), default));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio)));
        ExpectResult(aio, 0);
    }

    [Test]
    public void TenThousandReadsEachHaveTheirEvent()
    {
        const int Count = 10_000;
        TestQueue q = NewQueue();
        Fd file = NumberedFile(Count);
        byte[] buffer = new byte[Count];
        Dictionary<nuint, BackendAio> running = [];
        for (int i = 0; i < Count; i++)
        {
            BackendAio aio = Submit(q, Read(file, buffer.AsMemory(i, 1), i));
            running.Add(aio.Ident, aio);
        }

        while (running.Count != 0)
        {
            foreach (KEvent e in q.Wait())
            {
                Assert.That(running.Remove(e.Ident, out BackendAio? aio), Is.True, e.ToString());
                ExpectResult(aio!, 1);
            }
        }

        Assert.That(buffer, Is.EqualTo(Numbers(Count)));
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void ManyThatEndAtOnceAreNotLost()
    {
        // More than the ring of results has room for.
        const int Count = 3000;
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        BackendAio[] reads = [.. Enumerable.Range(0, Count).Select(_ => Submit(q, Read(pipe.A, new byte[1])))];
        pipe.B.Write(Count / 2);
        pipe.B.Dispose();
        Eventually.Holds(() => q.Poll(Count).Length == Count, "all events");
        Assert.That(reads.Sum(r => r.Return(out _)), Is.EqualTo(Count / 2));
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public unsafe void MoreReadsOfAPipeThanDescriptorsAreAllowed()
    {
        // poll(2) refuses more entries than RLIMIT_NOFILE.
        const int Limit = 1024;
        const int Count = Limit + 100;
        ulong* limits = stackalloc ulong[2];
        Assert.That(Posix.GetLimit(Posix.RLIMIT_NOFILE, limits), Is.Zero);
        ulong* lower = stackalloc ulong[] { Limit, limits[1] };
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        Assert.That(Posix.SetLimit(Posix.RLIMIT_NOFILE, lower), Is.Zero);
        try
        {
            BackendAio[] reads = [.. Enumerable.Range(0, Count).Select(_ => Submit(q, Read(pipe.A, new byte[1])))];
            pipe.B.Write(Count);
            Eventually.Holds(() => q.Poll(Count).Length == Count, "all events");
            foreach (BackendAio read in reads)
                ExpectResult(read, 1);
        }
        finally
        {
            Assert.That(Posix.SetLimit(Posix.RLIMIT_NOFILE, limits), Is.Zero);
        }
    }

    [Test]
    public void ReadAndWriteOfOneSocketWaitForTheirOwn()
    {
        TestQueue q = NewQueue();
        Pair pair = NewPair(PairKind.UnixStream);
        BackendAio read = Submit(q, Read(pair.A, new byte[8]));
        BackendAio write = Submit(q, Write(pair.A, new byte[5]));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(write)));
        ExpectResult(write, 5);
        Assert.That(read.Error, Is.EqualTo(Errno.EINPROGRESS));
        pair.B.Write(3);
        Assert.That(q.WaitOne(), Is.EqualTo(Done(read)));
        ExpectResult(read, 3);
    }

    private static void SetBlocking(Fd fd, bool blocks)
    {
        OpenFlags flags = (OpenFlags)Syscall.fcntl(fd, FcntlCommand.F_GETFL) & ~OpenFlags.O_NONBLOCK;
        Assert.That(Syscall.fcntl(fd, FcntlCommand.F_SETFL, (int)flags | (blocks ? 0 : Tmds.Linux.LibC.O_NONBLOCK)), Is.Not.Negative);
    }
}
