using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>EVFILT_WRITE (WRITE-SOCK, WRITE-PIPE, WRITE-TTY, WRITE-EVFD).</summary>
internal sealed class WriteTests : LinuxFixture
{
    [TestCaseSource(typeof(Pair), nameof(Pair.All))]
    public void RoomIsReportedOnEveryCall(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddWrite(pair.B, udata: 3);
        for (int i = 0; i < 3; i++)
        {
            KEvent e = q.WaitOne();
            Assert.That(Ev.WithoutData(e), Is.EqualTo(Ev.Write(pair.B, 0, udata: 3)));
            Assert.That(e.Data, Is.GreaterThan(1), e.ToString());
        }
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.All))]
    public void ClearFiresOnceWhileThereIsRoom(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddWrite(pair.B, EventFlags.Clear);
        Assert.That(Ev.WithoutData(q.WaitOne()), Is.EqualTo(Ev.Write(pair.B, 0, EventFlags.Clear)));
        q.ExpectSilence();
    }

    [Test]
    public void FullIsSilentUntilTheOtherSideReads(
        [Values(PairKind.Pipe, PairKind.Fifo, PairKind.UnixStream, PairKind.UnixDatagram, PairKind.Tcp)] PairKind kind,
        [Values(EventFlags.None, EventFlags.Clear, EventFlags.Dispatch)] EventFlags flags)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddWrite(pair.B, flags);
        FillCompletely(pair);
        q.ExpectSilence("full");
        pair.A.Drain();
        Assert.That(Ev.WithoutData(q.WaitOne()), Is.EqualTo(Ev.Write(pair.B, 0, flags)));
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.StreamSockets))]
    public void RoomShrinksByWhatIsUnsent(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddWrite(pair.B);
        long before = q.WaitOne().Data;
        Sockets.SetOption(pair.B, UnixSocketOptionName.SO_SNDBUF, 200_000);
        Assert.That(q.WaitOne().Data, Is.Not.EqualTo(before), "follows the size of the buffer");
    }

    [Test]
    public void PipeRoomIsItsSizeLessItsContent()
    {
        Pair pipe = NewPipe();
        TestQueue q = NewQueue();
        q.AddWrite(pipe.B);
        long room = q.WaitOne().Data;
        Assert.That(room, Is.EqualTo(65536), "the size of a new pipe");
        pipe.B.Write(1000);
        Assert.That(q.WaitOne().Data, Is.EqualTo(room - 1000));
    }

    [Test]
    public void PipeWithLessThanPipeBufFreeIsSilent()
    {
        Pair pipe = NewPipe();
        TestQueue q = NewQueue();
        pipe.B.Write(65536 - 100);
        q.AddWrite(pipe.B);
        q.ExpectSilence("100 bytes are free");
        pipe.A.Read(4096);
        Assert.That(q.WaitOne().Data, Is.GreaterThanOrEqualTo(4096));
    }

    [Test]
    public void PipeReaderGoneIsReportedOnceOnFreeBsd([Values(EventFlags.None, EventFlags.Clear)] EventFlags clear)
    {
        Pair pipe = NewPipe();
        TestQueue q = NewQueue();
        q.AddWrite(pipe.B, clear);
        q.WaitOne();
        pipe.B.Write(7);
        pipe.A.Dispose();
        Assert.That(
            q.WaitOne(), Is.EqualTo(Ev.Write(pipe.B, 65536 - 7, EventFlags.Eof | EventFlags.OneShot | clear)), "WRITE-PIPE-003");
        q.ExpectSilence();
        Assert.That(q.TryDelete(pipe.B, EventFilter.Write), Is.EqualTo(Errno.ENOENT));
        Assert.That(q.TryAdd(pipe.B, EventFilter.Write), Is.EqualTo(Errno.EPIPE), "WRITE-PIPE-004");
        Assert.That(q.TryDelete(pipe.B, EventFilter.Write), Is.EqualTo(Errno.ENOENT), "a failed EV_ADD leaves nothing");
    }

    [Test]
    public void FullPipeWhoseReaderGoesIsReported()
    {
        Pair pipe = NewPipe();
        TestQueue q = NewQueue();
        q.AddWrite(pipe.B);
        pipe.B.Fill();
        q.ExpectSilence();
        pipe.A.Dispose();
        Assert.That(q.WaitOne().Flags, Is.EqualTo(EventFlags.Eof | EventFlags.OneShot));
    }

    [Test]
    public void PipeReaderGoneStaysOnTheOthers([Values("netbsd", "openbsd", "macos")] string name)
    {
        Dialect dialect = Dialect.Find(name)!;
        Pair pipe = NewPipe();
        TestQueue q = NewQueue(dialect);
        q.AddWrite(pipe.B);
        q.WaitOne();
        pipe.A.Dispose();
        for (int i = 0; i < 3; i++)
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Write(pipe.B, 0, EventFlags.Eof | EventFlags.Add)));
        q.Delete(pipe.B, EventFilter.Write);
        Assert.That(q.TryAdd(pipe.B, EventFilter.Write), Is.EqualTo(dialect.PipeWithoutReader));
    }

    [Test]
    public void FifoReaderComesAndGoes()
    {
        // WRITE-FIFO-001: FreeBSD takes EV_EOF back by itself when a new reader connects.
        string path = Temp.Path("fifo");
        Assert.That(Syscall.mkfifo(path, FilePermissions.S_IRUSR | FilePermissions.S_IWUSR), Is.Zero);
        Fd reader = Keep(Fd.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK));
        Fd writer = Keep(Fd.Open(path, OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK));
        TestQueue q = NewQueue();
        q.AddWrite(writer);
        q.Settle(Ev.Write(writer, 65536));
        reader.Dispose();
        KEvent e = q.WaitOne();
        Assert.That((e.Ident, e.IsEof), Is.EqualTo(((nuint)(int)writer, true)), e.ToString());
        Fd again = Keep(Fd.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK));
        q.Settle(Ev.Write(writer, 65536));
        again.Dispose();
        Assert.That(q.WaitOne().IsEof, Is.True);
    }

    [Test]
    public void WrongEndOfAPipeIsAcceptedAndSilent()
    {
        Pair pipe = NewPipe();
        TestQueue q = NewQueue();
        q.AddWrite(pipe.A);
        q.ExpectSilence();
        pipe.B.Write(5);
        q.ExpectSilence();
        pipe.B.Dispose();
        WakeUps.AreFew(q);
    }

    [Test]
    public void ListeningSocketNeverFires([Values(PairKind.Tcp, PairKind.UnixStream)] PairKind kind)
    {
        Fd listener = Keep(kind == PairKind.Tcp ? Sockets.TcpListener(out _) : Sockets.UnixListener(Temp.Path("listener")));
        TestQueue q = NewQueue();
        q.AddWrite(listener);
        WakeUps.AreFew(q);
    }

    [Test]
    public void UnconnectedUdpIsWritable()
    {
        Fd socket = Keep(Sockets.Udp(out _));
        TestQueue q = NewQueue();
        q.AddWrite(socket);
        Assert.That(Ev.WithoutData(q.WaitOne()), Is.EqualTo(Ev.Write(socket, 0)));
    }

    [Test]
    public void PendingErrorOfAConnectedUdpSocketFiresWithoutEof()
    {
        Fd socket = Keep(Sockets.Create(UnixAddressFamily.AF_INET, UnixSocketType.SOCK_DGRAM));
        Sockets.Udp(out ushort closed).Dispose();
        Sockets.Connect(socket, closed);
        TestQueue q = NewQueue();
        q.AddWrite(socket);
        Sockets.Send(socket, 1);
        Assert.That(Ev.WithoutData(q.WaitOne()), Is.EqualTo(Ev.Write(socket, 0)));
        Assert.That(Sockets.TakeError(socket), Is.EqualTo(Errno.ECONNREFUSED));
    }

    [Test]
    public void RoomOfATerminalIsReported()
    {
        Pair terminal = NewPair(PairKind.Terminal);
        TestQueue q = NewQueue();
        q.AddWrite(terminal.A);
        Assert.That(q.WaitOne().Data, Is.Positive);
    }

    /// <summary>Writes until nothing goes in any more, however the kernel moves bytes between the two sides.</summary>
    private static void FillCompletely(Pair pair)
    {
        int idle = 0;
        while (idle < 3)
        {
            idle = pair.B.Fill(1024) == 0 ? idle + 1 : 0;
            Thread.Sleep(1);
        }
    }
}
