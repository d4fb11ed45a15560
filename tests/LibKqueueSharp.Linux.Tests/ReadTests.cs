using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>EVFILT_READ on what carries bytes (READ-SOCK, READ-PIPE, READ-TTY).</summary>
internal sealed class ReadTests : LinuxFixture
{
    [TestCaseSource(typeof(Pair), nameof(Pair.All))]
    public void AddOnIdleDescriptorIsSilent(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pair.A);
        q.ExpectSilence();
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.All))]
    public void DataCountsBytesAndLevelRepeatsUntilDrained(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pair.A, udata: 7);
        pair.B.Write(5);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 5, udata: 7)));
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 5, udata: 7)));
        pair.A.Read(5);
        q.ExpectSilence("drained");
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.All))]
    public void AddSeesWhatIsThereAlready(PairKind kind)
    {
        Pair pair = NewPair(kind);
        pair.B.Write(4);
        TestQueue q = NewQueue();
        KEvent[] events = new KEvent[4];
        KEvent add = new((nuint)(int)pair.A, EventFilter.Read, EventFlags.Add | EventFlags.Clear);
        int count = q.Queue.Kevent([add], events, KeventTimeout.FromTimeSpan(Eventually.Limit), null, out Errno error);
        Assert.That((count, error), Is.EqualTo((1, Errno.None)));
        Assert.That(events[0], Is.EqualTo(Ev.Read(pair.A, 4, EventFlags.Clear)));
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.Streams))]
    public void DataIsWhatIsLeftAfterAPartialRead(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pair.A);
        pair.B.Write(10);
        q.Settle(Ev.Read(pair.A, 10));
        pair.A.Read(4);
        q.Settle(Ev.Read(pair.A, 6));
        pair.B.Write(1);
        q.Settle(Ev.Read(pair.A, 7));
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.Streams))]
    public void ClearFiresOncePerWriteWithTheTotal(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pair.A, EventFlags.Clear);
        pair.B.Write(5);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 5, EventFlags.Clear)));
        q.ExpectSilence("unread bytes are no new activity");
        pair.B.Write(3);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 8, EventFlags.Clear)));
        q.ExpectSilence();
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.StreamSockets))]
    public void ReadersOwnProgressWakesNoClearSocket(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pair.A, EventFlags.Clear);
        pair.B.Write(5);
        Assert.That(q.WaitOne().Data, Is.EqualTo(5));
        pair.A.Read(2);
        q.ExpectSilence();
    }

    [Test]
    public void ReadersOwnProgressWakesAClearPipe([Values(PairKind.Pipe, PairKind.Fifo)] PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pair.A, EventFlags.Clear);
        pair.B.Write(8);
        Assert.That(q.WaitOne().Data, Is.EqualTo(8));
        pair.A.Read(4);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 4, EventFlags.Clear)));
        pair.A.Read(4);
        q.ExpectSilence("all was read");
        pair.B.Write(1);
        pair.A.Read(1);
        q.ExpectSilence("came and went");
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.Streams))]
    public void CameAndWentIsNotReported(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pair.A);
        for (int i = 0; i < 20; i++)
        {
            pair.B.Write(5);
            Eventually.Holds(() => pair.A.Readable() == 5, "five bytes");
            pair.A.Read(5);
            Assert.That(q.Poll(), Is.Empty);
        }
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.Streams))]
    public void DisabledRemembersAndEnableDelivers(PairKind kind)
    {
        Pair pair = NewPair(kind);
        foreach (EventFlags clear in new[] { EventFlags.None, EventFlags.Clear })
        {
            using TestQueue q = new();
            q.AddRead(pair.A, clear | EventFlags.Disable);
            pair.B.Write(3);
            q.ExpectSilence("disabled");
            q.Enable(pair.A, EventFilter.Read);
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 3, clear)));
            q.Disable(pair.A, EventFilter.Read);
            pair.A.Read(3);
            q.Enable(pair.A, EventFilter.Read);
            q.ExpectSilence("read while disabled");
        }
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.Streams))]
    public void DispatchDisablesAfterEachEvent(PairKind kind)
    {
        Pair pair = NewPair(kind);
        foreach (EventFlags clear in new[] { EventFlags.None, EventFlags.Clear })
        {
            using TestQueue q = new();
            q.AddRead(pair.A, EventFlags.Dispatch | clear);
            pair.B.Write(3);
            for (int i = 0; i < 3; i++)
            {
                Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 3, EventFlags.Dispatch | clear)));
                q.ExpectSilence("disabled by delivery");
                q.Enable(pair.A, EventFilter.Read);
            }

            pair.A.Read(3);
            Assert.That(q.Poll(), Is.Empty);
        }
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.Streams))]
    public void OneShotIsGoneAfterItsEvent(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        for (int i = 0; i < 3; i++)
        {
            q.AddRead(pair.A, EventFlags.OneShot, udata: i);
            pair.B.Write(2);
            KEvent e = q.WaitOne();
            Assert.That(Ev.WithoutData(e), Is.EqualTo(Ev.Read(pair.A, 0, EventFlags.OneShot, udata: i)));
            Assert.That(q.TryDelete(pair.A, EventFilter.Read), Is.EqualTo(Errno.ENOENT));
            q.ExpectSilence();
        }

        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.StreamSockets))]
    public void BothDirectionsOfOneDescriptorAreApart(PairKind kind)
    {
        // An edge of one direction makes epoll report the other one too.
        Pair pair = NewPair(kind);
        foreach ((EventFlags read, EventFlags write) in new[]
        {
            (EventFlags.Clear, EventFlags.Clear), (EventFlags.Clear, EventFlags.None), (EventFlags.None, EventFlags.Clear),
        })
        {
            using TestQueue q = new();
            q.AddRead(pair.A, read);
            q.AddWrite(pair.A, write);
            Assert.That(Ev.WithoutData(q.WaitOne()), Is.EqualTo(Ev.Write(pair.A, 0, write)));
            pair.B.Write(5);
            KEvent[] found = [];
            Eventually.Holds(() => (found = [.. q.Poll().Where(e => e.Filter == EventFilter.Read)]).Length != 0, "the read event");
            Assert.That(found, Is.EqualTo(new[] { Ev.Read(pair.A, 5, read) }));
            KEvent[] rest = q.Poll();
            Assert.That(
                rest.Select(e => e.Filter),
                Is.EquivalentTo(new[] { (read, EventFilter.Read), (write, EventFilter.Write) }.Where(x => x.Item1 == 0).Select(x => x.Item2)),
                $"{read} {write}: only level-triggered registrations repeat: {string.Join(' ', rest)}");
            pair.A.Read(5);
        }
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.StreamSockets))]
    public void ArrivalWakesNoClearWriter(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddWrite(pair.A, EventFlags.Clear);
        q.AddRead(pair.A, EventFlags.Clear);
        q.Add(pair.A, EventFilter.Except, EventFlags.Clear, (uint)ReadWriteNotes.OutOfBand);
        Assert.That(q.WaitOne().Filter, Is.EqualTo(EventFilter.Write));
        for (int i = 1; i <= 10; i++)
        {
            pair.B.Write(1);
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, i, EventFlags.Clear)));
        }
    }

    [Test]
    public void DatagramDataIsThePayload([Values(PairKind.Udp, PairKind.UnixDatagram)] PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pair.A);
        Sockets.Send(pair.B, 100);
        q.Settle(Ev.Read(pair.A, 100));
        Assert.That(Sockets.Receive(pair.A, 10), Is.EqualTo(10), "the rest of the datagram is gone");
        q.ExpectSilence();
    }

    [Test]
    public void EmptyDatagramIsReported(
        [Values(PairKind.Udp, PairKind.UnixDatagram)] PairKind kind, [Values(EventFlags.None, EventFlags.Clear)] EventFlags clear)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pair.A, clear);
        Sockets.Send(pair.B, 0);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 0, clear)));
        Assert.That(Sockets.Receive(pair.A, 10), Is.Zero);
        q.ExpectSilence();
    }

    [Test]
    public void PendingErrorOfAConnectedUdpSocketFiresWithoutEof()
    {
        TestQueue q = NewQueue();
        Fd socket = Keep(Sockets.Create(UnixAddressFamily.AF_INET, UnixSocketType.SOCK_DGRAM));
        Sockets.Udp(out ushort closed).Dispose();
        Sockets.Connect(socket, closed);
        q.AddRead(socket);
        Sockets.Send(socket, 1);
        q.Settle(Ev.Read(socket, 0));
        Assert.That(Sockets.TakeError(socket), Is.EqualTo(Errno.ECONNREFUSED), "reporting does not clear it");
        q.ExpectSilence("the error was taken");
    }

    [Test]
    public void EmptyRecordOfASeqPacketSocketDoesNotSpin()
    {
        Pair pair = NewPair(PairKind.UnixSeqPacket);
        TestQueue q = NewQueue();
        q.AddRead(pair.A);
        Sockets.Send(pair.B, 0);
        WakeUps.AreFew(q);
    }

    [Test]
    public void UrgentByteOfAUnixSocketDoesNotSpin()
    {
        Pair pair = NewPair(PairKind.UnixStream);
        TestQueue q = NewQueue();
        q.AddRead(pair.A);
        Assume.That(Sockets.Send(pair.B, 1, MessageFlags.MSG_OOB), Is.EqualTo(1), "this kernel has MSG_OOB on AF_UNIX (5.15)");
        q.Poll();
        Assert.That(Sockets.Receive(pair.A, 1, MessageFlags.MSG_OOB), Is.EqualTo(1));
        WakeUps.AreFew(q);
    }

    [Test]
    public void WrongEndOfAPipeIsAcceptedAndSilent()
    {
        Pair pipe = NewPipe();
        TestQueue q = NewQueue();
        q.AddRead(pipe.B);
        pipe.B.Write(5);
        q.ExpectSilence();
        pipe.A.Dispose();
        q.ExpectSilence("FreeBSD's write end never has anything to read");
        WakeUps.AreFew(q);
        q.Delete(pipe.B, EventFilter.Read);
    }

    [Test]
    public void UnconnectedSocketIsSilent(
        [Values(UnixAddressFamily.AF_INET, UnixAddressFamily.AF_UNIX)] UnixAddressFamily family,
        [Values(EventFilter.Read, EventFilter.Write)] EventFilter filter,
        [Values(EventFlags.None, EventFlags.Clear)] EventFlags clear)
    {
        Fd socket = Keep(Sockets.Create(family, UnixSocketType.SOCK_STREAM));
        TestQueue q = NewQueue();
        q.Add(socket, filter, clear);
        q.ExpectSilence();
        WakeUps.AreFew(q);
    }

    [Test]
    public void ConnectWakesWhatWasRegisteredBefore([Values(EventFlags.None, EventFlags.Clear)] EventFlags clear)
    {
        Fd listener = Keep(Sockets.TcpListener(out ushort port));
        Fd client = Keep(Sockets.TcpSocket());
        TestQueue q = NewQueue();
        q.AddRead(client, clear);
        q.AddWrite(client, clear);
        q.ExpectSilence("not connected");
        Sockets.Connect(client, port);
        KEvent connected = q.WaitOne();
        Assert.That(Ev.WithoutData(connected), Is.EqualTo(Ev.Write(client, 0, clear)));
        Assert.That(connected.Data, Is.Positive);
        using Fd accepted = Sockets.Accept(listener);
        accepted.Write(10);
        KEvent read = default;
        Eventually.Holds(() => (read = q.Poll().FirstOrDefault(e => e.Filter == EventFilter.Read)).Ident != 0, "bytes");
        Assert.That(read, Is.EqualTo(Ev.Read(client, 10, clear)));
    }
}
