using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>
/// The truth table of ends: who closed what, seen by READ and by WRITE (READ-EOF, WRITE-SOCK, READ-PIPE-EOF, READ-FIFO).
/// </summary>
internal sealed class EofTests : LinuxFixture
{
    /// <summary>What happens to a connection whose side A is watched.</summary>
    internal enum Ending
    {
        PeerShutsDownWrite,
        PeerSendsThenShutsDownWrite,
        ShutDownRead,
        ShutDownWrite,
        ShutDownBoth,
        PeerCloses,
        PeerSendsThenCloses,
        PeerResets,
    }

    private static IEnumerable<TestCaseData> Table()
    {
        // kind, ending, what READ reports (null: nothing), what WRITE reports without its data (null: with no EV_EOF).
        foreach (PairKind kind in Pair.StreamSockets)
        {
            bool tcp = kind == PairKind.Tcp;
            yield return Row(kind, Ending.PeerShutsDownWrite, read: 0, writeEnds: false);
            yield return Row(kind, Ending.PeerSendsThenShutsDownWrite, read: 3, writeEnds: false);
            yield return Row(kind, Ending.ShutDownRead, read: 0, writeEnds: false);
            yield return Row(kind, Ending.ShutDownWrite, read: null, writeEnds: true);
            yield return Row(kind, Ending.ShutDownBoth, read: 0, writeEnds: true);

            // A TCP peer that closed in order may still be sent to, as far as anybody here knows (WRITE-SOCK-008).
            yield return Row(kind, Ending.PeerCloses, read: 0, writeEnds: !tcp);
            yield return Row(kind, Ending.PeerSendsThenCloses, read: 3, writeEnds: !tcp);
        }

        yield return Row(PairKind.Tcp, Ending.PeerResets, read: 0, writeEnds: true, Errno.ECONNRESET);
    }

    [TestCaseSource(nameof(Table))]
    public void LevelShowsTheEndOnEveryCall(PairKind kind, Ending ending, long? read, bool writeEnds, Errno error)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pair.A);
        q.AddWrite(pair.A);
        Provoke(pair, ending);
        SettleWithoutRoom(q, Expected(pair.A, read, writeEnds, error, EventFlags.None));
        SettleWithoutRoom(q, Expected(pair.A, read, writeEnds, error, EventFlags.None));
        if (error != Errno.None)
        {
            Assert.That(Sockets.TakeError(pair.A), Is.EqualTo(error), "SO_ERROR is still there (READ-EOF-004)");
            SettleWithoutRoom(q, Expected(pair.A, read, writeEnds, Errno.None, EventFlags.None));
        }
    }

    /// <summary>An edge-triggered registration tells of the end once; an event of the other direction must not make READ forget it.</summary>
    [TestCaseSource(typeof(Pair), nameof(Pair.StreamSockets))]
    public void EndBelowTheLowWaterMarkOutlivesAnEventOfWrite(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.Add(pair.A, EventFilter.Read, 0, (uint)ReadWriteNotes.LowWater, 10);
        Sockets.Shutdown(pair.B, ShutdownOption.SHUT_WR);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 0, EventFlags.Eof)));
        q.AddWrite(pair.A);

        for (int i = 0; i < 3; i++)
            Assert.That(q.Poll().Select(e => e.Filter), Is.EquivalentTo(new[] { EventFilter.Read, EventFilter.Write }));
    }

    [TestCaseSource(nameof(Table))]
    public void AddAfterTheEndShowsIt(PairKind kind, Ending ending, long? read, bool writeEnds, Errno error)
    {
        Pair pair = NewPair(kind);
        TestQueue witness = NewQueue();
        witness.AddRead(pair.A);
        witness.AddWrite(pair.A);
        Provoke(pair, ending);
        SettleWithoutRoom(witness, Expected(pair.A, read, writeEnds, error, EventFlags.None));
        TestQueue q = NewQueue();
        q.AddRead(pair.A);
        q.AddWrite(pair.A);
        SettleWithoutRoom(q, Expected(pair.A, read, writeEnds, error, EventFlags.None));
    }

    [TestCaseSource(nameof(Table))]
    public void ClearShowsTheEndOnce(PairKind kind, Ending ending, long? read, bool writeEnds, Errno error)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pair.A, EventFlags.Clear);
        q.AddWrite(pair.A, EventFlags.Clear);
        Assert.That(Ev.WithoutData(q.WaitOne()), Is.EqualTo(Ev.Write(pair.A, 0, EventFlags.Clear)), "the room");
        Provoke(pair, ending);

        // The end may come in several steps (bytes, FIN, the acknowledgement of a FIN), each an edge of its own. The last state counts,
        // and then there is quiet.
        Dictionary<EventFilter, KEvent> last = [];
        KEvent[] expected = Expected(pair.A, read, writeEnds, error, EventFlags.Clear, onlyEnds: true);
        int events = 0;
        Eventually.Holds(
            () =>
            {
                foreach (KEvent e in q.Poll())
                {
                    events++;
                    last[e.Filter] = e.Filter == EventFilter.Write ? Ev.WithoutData(e) : e;
                }

                return expected.All(e => last.TryGetValue(e.Filter, out KEvent found) && found == e);
            },
            () => $"{string.Join(' ', expected)}; last were {string.Join(' ', last.Values)}");
        Eventually.Holds(() => q.Collect(8, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(50))).Length == 0, "quiet");
        Assert.That(events, Is.LessThanOrEqualTo(4));
    }

    [TestCaseSource(nameof(Table))]
    public void TheEndAloneNeverSpins(PairKind kind, Ending ending, long? read, bool writeEnds, Errno error)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pair.A, EventFlags.Dispatch);
        q.AddWrite(pair.A, EventFlags.Dispatch);
        Provoke(pair, ending);
        int expected = read is null ? 1 : 2;
        int found = 0;
        Eventually.Holds(() => (found += q.Poll().Length) >= expected, () => $"{expected} events, had {found}");
        WakeUps.AreFew(q);
    }

    [Test]
    public void RefusedConnectEndsBothFilters(
        [Values(EventFilter.Read, EventFilter.Write)] EventFilter filter, [Values(EventFlags.None, EventFlags.Clear)] EventFlags clear)
    {
        Fd client = Keep(Sockets.TcpSocket());
        TestQueue q = NewQueue();
        q.Add(client, filter, clear);
        q.ExpectSilence("not connected");
        Sockets.Connect(client, Sockets.ClosedPort());
        KEvent e = q.WaitOne();
        Assert.That(
            Ev.WithoutData(e), Is.EqualTo(new KEvent((nuint)(int)client, filter, EventFlags.Eof | clear, (uint)Errno.ECONNREFUSED)));
        Assert.That(Sockets.TakeError(client), Is.EqualTo(Errno.ECONNREFUSED), "SO_ERROR is still there");
    }

    [Test]
    public void ResetIsTold([Values] bool toTheConnector, [Values] bool afterBytes)
    {
        // The history of the connection decides what the error is called; a short one must not be mistaken for a refusal.
        Pair pair = NewPair(PairKind.Tcp);
        (Fd watched, Fd peer) = toTheConnector ? (pair.B, pair.A) : (pair.A, pair.B);
        if (afterBytes)
        {
            watched.Write(10);
            Eventually.Holds(() => peer.Readable() == 10, "ten bytes");
            peer.Read(10);
        }

        TestQueue q = NewQueue();
        q.AddRead(watched);
        q.ExpectSilence();
        Sockets.ResetOnClose(peer);
        peer.Dispose();
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(watched, 0, EventFlags.Eof, (uint)Errno.ECONNRESET)));
        Assert.That(Sockets.TakeError(watched), Is.EqualTo(Errno.ECONNRESET));
        q.Settle(Ev.Read(watched, 0, EventFlags.Eof));
    }

    [Test]
    public void UnixPeerGoneWithUnreadBytesIsAReset()
    {
        Pair pair = NewPair(PairKind.UnixStream);
        TestQueue q = NewQueue();
        q.AddRead(pair.A);
        pair.A.Write(5);
        pair.B.Dispose();
        KEvent e = q.WaitOne();
        Assert.That(e, Is.EqualTo(Ev.Read(pair.A, 0, EventFlags.Eof, (uint)Errno.ECONNRESET)));
        Assert.That(Sockets.TakeError(pair.A), Is.EqualTo(Errno.ECONNRESET));
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 0, EventFlags.Eof)));
    }

    [Test]
    public void PipeWriterGoneEndsTheReader(
        [Values(PairKind.Pipe, PairKind.Fifo)] PairKind kind, [Values(EventFlags.None, EventFlags.Clear)] EventFlags clear)
    {
        Pair pipe = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pipe.A, clear);
        pipe.B.Write(3);
        pipe.B.Dispose();
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pipe.A, 3, EventFlags.Eof | clear)));
        if (clear == 0)
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pipe.A, 3, EventFlags.Eof)));
        else
            q.ExpectSilence();
        pipe.A.Read(3);
        Assert.That(q.Wait(), Is.EqualTo(new[] { Ev.Read(pipe.A, 0, EventFlags.Eof | clear) }), "the reader's own progress");
        q.Delete(pipe.A, EventFilter.Read);
    }

    [Test]
    public void WrongEndOfAPipeEndsOnOpenBsdAndMacOs(
        [Values("freebsd", "netbsd", "openbsd", "macos")] string name, [Values(EventFlags.None, EventFlags.Clear)] EventFlags clear)
    {
        Dialect dialect = Dialect.Find(name)!;
        TestQueue q = NewQueue(dialect);
        Pair readerGone = NewPipe();
        q.AddRead(readerGone.B, clear);
        Pair writerGone = NewPipe();
        q.Add(writerGone.A, EventFilter.Write, clear);
        q.ExpectSilence();
        readerGone.A.Dispose();
        if (dialect.PipeWrongEndReportsEof)
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(readerGone.B, 0, EventFlags.Eof | EventFlags.Add | clear)), "READ-PIPE-003");
        else
            q.ExpectSilence("READ-PIPE-003");
        q.Delete(readerGone.B, EventFilter.Read);
        writerGone.B.Dispose();
        if (dialect.PipeWrongEndReportsEof)
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Write(writerGone.A, 0, EventFlags.Eof | EventFlags.Add | clear)), "WRITE-PIPE-005");
        else
            q.ExpectSilence("WRITE-PIPE-005");
    }

    [Test]
    public void FifoWithoutAWriterYetIsNoEnd([Values("freebsd", "netbsd", "openbsd", "macos")] string name)
    {
        EventFlags echo = Dialect.Find(name)!.EchoActions ? EventFlags.Add : EventFlags.None;
        string path = Temp.Path("fifo");
        Assert.That(Syscall.mkfifo(path, FilePermissions.S_IRUSR | FilePermissions.S_IWUSR), Is.Zero);
        Fd reader = Keep(Fd.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK));
        TestQueue q = NewQueue(Dialect.Find(name)!);
        q.AddRead(reader);
        q.ExpectSilence("READ-FIFO-001");
        for (int i = 0; i < 3; i++)
        {
            using (Fd writer = Fd.Open(path, OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK))
            {
                q.Settle();
                writer.Write(2);
                Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(reader, 2, echo)), "READ-FIFO-003: a new writer takes EV_EOF back");
                reader.Read(2);
            }

            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(reader, 0, echo | EventFlags.Eof)), "READ-FIFO-002");
        }
    }

    [Test]
    public void TerminalHangsUpWhenTheMasterCloses()
    {
        Pair terminal = NewPair(PairKind.Terminal);
        TestQueue q = NewQueue();
        q.AddRead(terminal.A);
        q.ExpectSilence();
        terminal.B.Dispose();
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(terminal.A, 0, EventFlags.Eof)), "READ-TTY-002");
    }

    private static TestCaseData Row(PairKind kind, Ending ending, long? read, bool writeEnds, Errno error = Errno.None) =>
        new TestCaseData(kind, ending, read, writeEnds, error).SetArgDisplayNames(kind.ToString(), ending.ToString());

    private static KEvent[] Expected(Fd fd, long? read, bool writeEnds, Errno error, EventFlags flags, bool onlyEnds = false)
    {
        List<KEvent> expected = [];
        if (read is { } bytes)
            expected.Add(Ev.Read(fd, bytes, EventFlags.Eof | flags, (uint)error));
        if (writeEnds)
            expected.Add(Ev.Write(fd, 0, EventFlags.Eof | flags, (uint)error));
        else if (!onlyEnds)
            expected.Add(Ev.Write(fd, 0, flags));
        return [.. expected];
    }

    private static void Provoke(Pair pair, Ending ending)
    {
        switch (ending)
        {
            case Ending.PeerShutsDownWrite:
                Sockets.Shutdown(pair.B, ShutdownOption.SHUT_WR);
                break;
            case Ending.PeerSendsThenShutsDownWrite:
                pair.B.Write(3);
                Sockets.Shutdown(pair.B, ShutdownOption.SHUT_WR);
                break;
            case Ending.ShutDownRead:
                Sockets.Shutdown(pair.A, ShutdownOption.SHUT_RD);
                break;
            case Ending.ShutDownWrite:
                Sockets.Shutdown(pair.A, ShutdownOption.SHUT_WR);
                break;
            case Ending.ShutDownBoth:
                Sockets.Shutdown(pair.A, ShutdownOption.SHUT_RDWR);
                break;
            case Ending.PeerCloses:
                pair.B.Dispose();
                break;
            case Ending.PeerSendsThenCloses:
                pair.B.Write(3);
                pair.B.Dispose();
                break;
            case Ending.PeerResets:
                Sockets.ResetOnClose(pair.B);
                pair.B.Dispose();
                break;
        }
    }

    private static void SettleWithoutRoom(TestQueue q, KEvent[] expected)
    {
        KEvent[] found = [];
        for (int i = 0; i < 2000; i++)
        {
            found = [.. q.Poll().Select(e => e.Filter == EventFilter.Write ? Ev.WithoutData(e) : e)];
            if (found.ToHashSet().SetEquals(expected))
                return;
            Thread.Sleep(1);
        }

        Assert.That(found, Is.EquivalentTo(expected));
    }
}
