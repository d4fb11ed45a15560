using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>NOTE_LOWAT and SO_RCVLOWAT (READ-LOWAT, READ-SOCK-005, WRITE-SOCK-003, READ-PIPE-LOWAT).</summary>
internal sealed class LowWaterTests : LinuxFixture
{
    private const uint LowWater = (uint)ReadWriteNotes.LowWater;

    [TestCaseSource(typeof(Pair), nameof(Pair.StreamSockets))]
    public void ReadWaitsForSoManyBytes(PairKind kind)
    {
        foreach (EventFlags flags in new[] { EventFlags.None, EventFlags.Clear, EventFlags.Dispatch })
        {
            using Pair pair = Pair.Create(kind);
            using TestQueue q = new();
            q.Add(pair.A, EventFilter.Read, flags, LowWater, 10);
            pair.B.Write(9);
            q.ExpectSilence("9 of 10");
            WakeUps.AreFew(q);
            pair.B.Write(1);
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 10, flags)));
            if (flags == 0)
            {
                Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 10)));
                pair.A.Read(1);
                q.ExpectSilence("9 are left");
                pair.B.Write(1);
                Assert.That(q.WaitOne().Data, Is.EqualTo(10));
            }
        }
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.StreamSockets))]
    public void EachRegistrationHasItsOwnMark(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue low = NewQueue();
        TestQueue high = NewQueue();
        TestQueue plain = NewQueue();
        low.Add(pair.A, EventFilter.Read, 0, LowWater, 5);
        high.Add(pair.A, EventFilter.Read, 0, LowWater, 50);
        plain.AddRead(pair.A);
        int option = Sockets.GetOption(pair.A, UnixSocketOptionName.SO_RCVLOWAT);
        pair.B.Write(4);
        plain.Settle(Ev.Read(pair.A, 4));
        low.ExpectSilence();
        pair.B.Write(1);
        low.Settle(Ev.Read(pair.A, 5));
        high.ExpectSilence();
        pair.B.Write(45);
        foreach (TestQueue q in new[] { low, high, plain })
            q.Settle(Ev.Read(pair.A, 50));
        Assert.That(Sockets.GetOption(pair.A, UnixSocketOptionName.SO_RCVLOWAT), Is.EqualTo(option), "READ-LOWAT-002");
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.StreamSockets))]
    public void EndFiresBelowTheMark(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.Add(pair.A, EventFilter.Read, 0, LowWater, 100);
        pair.B.Write(3);
        q.ExpectSilence();
        Sockets.Shutdown(pair.B, ShutdownOption.SHUT_WR);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 3, EventFlags.Eof)), "READ-LOWAT-003");
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.StreamSockets))]
    public void AddAgainWithoutTheNoteForgetsTheMark(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.Add(pair.A, EventFilter.Read, 0, LowWater, 100);
        pair.B.Write(3);
        q.ExpectSilence();
        q.AddRead(pair.A);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 3)), "READ-LOWAT-004");
        q.Add(pair.A, EventFilter.Read, 0, LowWater, 100);
        q.ExpectSilence("and the other way round");
        WakeUps.AreFew(q);
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.StreamSockets))]
    public void ZeroFiresAlways(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.Add(pair.A, EventFilter.Read, 0, LowWater, 0);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 0)), "trace lowat_sock_read: a mark of 0 is always reached");
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 0)));
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.StreamSockets))]
    public void SocketOptionIsHonoured(PairKind kind)
    {
        Pair pair = NewPair(kind);
        Sockets.SetOption(pair.A, UnixSocketOptionName.SO_RCVLOWAT, 10);
        TestQueue q = NewQueue();
        q.AddRead(pair.A);
        pair.B.Write(9);
        q.ExpectSilence("READ-SOCK-005");
        WakeUps.AreFew(q);
        pair.B.Write(1);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 10)));
    }

    [Test]
    public void SocketOptionOfTcpCountsWhenItIsChangedLater()
    {
        Pair pair = NewPair(PairKind.Tcp);
        TestQueue q = NewQueue();
        q.AddRead(pair.A);
        pair.B.Write(5);
        q.Settle(Ev.Read(pair.A, 5));
        Sockets.SetOption(pair.A, UnixSocketOptionName.SO_RCVLOWAT, 10);
        q.Settle();
        pair.B.Write(5);
        q.Settle(Ev.Read(pair.A, 10));
    }

    [Test]
    public void NoteBelowTheSocketOptionWins()
    {
        // READ-LOWAT-001 on AF_UNIX, whose readiness Linux does not bound by SO_RCVLOWAT.
        Pair pair = NewPair(PairKind.UnixStream);
        Sockets.SetOption(pair.A, UnixSocketOptionName.SO_RCVLOWAT, 100);
        TestQueue q = NewQueue();
        q.Add(pair.A, EventFilter.Read, 0, LowWater, 10);
        pair.B.Write(10);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 10)));
    }

    [Test]
    public void PipesIgnoreTheNoteExceptOnMacOs([Values("freebsd", "netbsd", "openbsd", "macos")] string name)
    {
        Dialect dialect = Dialect.Find(name)!;
        EventFlags echo = dialect.EchoActions ? EventFlags.Add : EventFlags.None;
        Pair pipe = NewPipe();
        TestQueue q = NewQueue(dialect);
        q.Add(pipe.A, EventFilter.Read, 0, LowWater, 10);
        pipe.B.Write(5);
        if (!dialect.PipesHonourLowWater)
        {
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pipe.A, 5, echo)), "READ-PIPE-LOWAT-001");
            return;
        }

        q.ExpectSilence();
        WakeUps.AreFew(q);
        pipe.B.Write(5);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pipe.A, 10, echo)));
        pipe.A.Read(10);
        pipe.B.Write(1);
        pipe.B.Dispose();
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pipe.A, 1, echo | EventFlags.Eof)), "the end overrides the mark");
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.StreamSockets))]
    public void WriteWaitsForSoMuchRoom(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddWrite(pair.B);
        long room = q.WaitOne().Data;
        q.Add(pair.B, EventFilter.Write, 0, LowWater, room);
        Assert.That(q.WaitOne().Data, Is.GreaterThanOrEqualTo(room));
        q.Add(pair.B, EventFilter.Write, 0, LowWater, 1_000_000_000);
        q.ExpectSilence("more than there ever is (WRITE-SOCK-003)");
        WakeUps.AreFew(q);
    }

    [Test]
    public void WriteMarkIsReachedWhenThePeerReads([Values(PairKind.UnixStream, PairKind.Tcp)] PairKind kind, [Values] bool untilFull)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddWrite(pair.B);
        long room = q.WaitOne().Data;
        q.Delete(pair.B, EventFilter.Write);
        FillUntilTheRoomIsLessThan(q, pair, room / 2, untilFull);
        q.Add(pair.B, EventFilter.Write, 0, LowWater, room * 9 / 10);
        q.ExpectSilence("not that much room");
        KEvent e = default;
        using TestThread waiter = new(() => e = q.WaitOne());
        waiter.AwaitSleep();
        while (pair.A.Drain() != 0)
            Thread.Sleep(1);
        waiter.Join();
        Assert.That(e.Data, Is.GreaterThanOrEqualTo(room * 9 / 10));
    }

    [Test]
    public void WriteMarkOfAPipeIsReachedWhenTheReaderReads([Values(EventFlags.None, EventFlags.Clear)] EventFlags clear)
    {
        Pair pipe = NewPipe();
        TestQueue q = NewQueue(Dialect.MacOs);
        q.Add(pipe.B, EventFilter.Write, clear, LowWater, 8192);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Write(pipe.B, 65536, clear | EventFlags.Add)));
        pipe.B.Write(65536);
        pipe.A.Read(4096);
        q.ExpectSilence("WRITE-PIPE-LOWAT-001: half of the mark");
        WakeUps.AreFew(q);
        KEvent e = default;
        using TestThread waiter = new(() => e = q.WaitOne());
        waiter.AwaitSleep();
        pipe.A.Read(4096);
        waiter.Join();
        Assert.That(e, Is.EqualTo(Ev.Write(pipe.B, 8192, clear | EventFlags.Add)));
        q.Delete(pipe.B, EventFilter.Write);
    }

    [Test]
    public void MarkBeyondWhatAPipeHoldsIsAllThatItHolds()
    {
        Pair pipe = NewPipe();
        TestQueue q = NewQueue(Dialect.MacOs);
        q.Add(pipe.B, EventFilter.Write, 0, LowWater, 1_000_000_000);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Write(pipe.B, 65536, EventFlags.Add)));
        q.Delete(pipe.B, EventFilter.Write);
        q.Add(pipe.A, EventFilter.Read, 0, LowWater, 1_000_000_000);
        pipe.B.Write(65535);
        q.ExpectSilence("READ-PIPE-LOWAT-001");
        pipe.B.Write(1);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pipe.A, 65536, EventFlags.Add)));
    }

    private static void FillUntilTheRoomIsLessThan(TestQueue q, Pair pair, long mark, bool untilFull)
    {
        q.AddWrite(pair.B);
        byte[] chunk = new byte[16384];
        while (true)
        {
            long written = pair.B.TryWrite(chunk);
            KEvent[] events = q.Poll();
            bool full = events.Length == 0 || written <= 0;
            if (full || (!untilFull && events[0].Data < mark))
                break;
        }

        q.Delete(pair.B, EventFilter.Write);
    }
}
