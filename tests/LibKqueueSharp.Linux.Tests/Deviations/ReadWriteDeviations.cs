using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Deviations;

/// <summary>Where Linux's sockets and pipes tell less than BSD's, or tell it otherwise.</summary>
internal sealed class ReadWriteDeviations : LinuxFixture
{
    [Test]
    [Deviation("first-datagram-only")]
    public void DatagramDataIsTheFirstOneOnly([Values(PairKind.Udp, PairKind.UnixDatagram)] PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.AddRead(pair.A);
        Sockets.Send(pair.B, 100);
        Sockets.Send(pair.B, 7);
        q.Settle(Ev.Read(pair.A, 100));
        Sockets.Receive(pair.A, 100);
        q.Settle(Ev.Read(pair.A, 7));
    }

    [Test]
    [Deviation("no-address-bytes")]
    public void DatagramDataIsThePayloadInEveryDialect([Values("netbsd", "openbsd")] string name)
    {
        Pair pair = NewPair(PairKind.Udp);
        TestQueue q = NewQueue(Dialect.Find(name)!);
        q.AddRead(pair.A);
        Sockets.Send(pair.B, 100);
        q.Settle(Ev.Read(pair.A, 100, EventFlags.Add));
    }

    [Test]
    [Deviation("progress-wakes-nobody")]
    public void ProgressOfAReaderWakesNoSleeper()
    {
        Pair pipe = NewPipe();
        TestQueue q = NewQueue();
        q.AddRead(pipe.A, EventFlags.Clear);
        q.Add(1, EventFilter.User, EventFlags.Clear);
        pipe.B.Write(8);
        Assert.That(q.WaitOne().Data, Is.EqualTo(8));
        KEvent[] events = [];
        using TestThread sleeper = new(() => events = q.Wait());
        sleeper.AwaitSleep();
        pipe.A.Read(4);
        Thread.Sleep(10);
        Assert.That(sleeper.SleepsInEpoll(), Is.True);
        q.Trigger(1);
        sleeper.Join();
        Assert.That(events.Select(e => e.Filter), Does.Contain(EventFilter.User));
        Assert.That(events.Concat(q.Poll()), Does.Contain(Ev.Read(pipe.A, 4, EventFlags.Clear)), "the next look sees it");
    }

    [Test]
    [Deviation("pipe-room-by-pages")]
    public void PipeIsWritableWhenAPageIsFree()
    {
        Pair pipe = NewPipe();
        TestQueue q = NewQueue();
        pipe.B.Write(65536);
        q.AddWrite(pipe.B);
        q.ExpectSilence();
        pipe.A.Read(4095);
        q.ExpectSilence("no page is free");
        pipe.A.Read(1);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Write(pipe.B, 4096)));
    }

    [Test]
    [Deviation("unix-room-by-quarters")]
    public void UnixSocketIsWritableWhenThreeQuartersAreFree()
    {
        Pair pair = NewPair(PairKind.UnixStream);
        TestQueue q = NewQueue();
        q.AddWrite(pair.A);
        long room = q.WaitOne().Data;
        while (q.Poll() is [KEvent e])
        {
            room = e.Data;
            pair.A.Write(1024);
        }

        int buffer = Sockets.GetOption(pair.A, UnixSocketOptionName.SO_SNDBUF);
        Assert.That(room, Is.GreaterThanOrEqualTo(buffer * 3L / 4), "the last room that was reported");
        Assert.That(pair.A.TryWrite(new byte[1024]), Is.EqualTo(1024), "silent, and yet there is room");
    }

    [Test]
    [Deviation("unix-low-water-once")]
    public void LowWaterMarkOfAUnixSocketIsReadOnce()
    {
        Pair pair = NewPair(PairKind.UnixStream);
        TestQueue q = NewQueue();
        q.AddRead(pair.A);
        pair.B.Write(5);
        Assert.That(q.WaitOne().Data, Is.EqualTo(5));
        Sockets.SetOption(pair.A, UnixSocketOptionName.SO_RCVLOWAT, 10);
        Assert.That(q.WaitOne().Data, Is.EqualTo(5));
    }

    [Test]
    [Deviation("inferred-socket-error")]
    public void ErrorIsToldFromTheHistory()
    {
        // Reading the error would take it from the program: it is told, and still there for SO_ERROR.
        Fd listener = Keep(Sockets.TcpListener(out ushort port));
        Fd client = Keep(Sockets.TcpSocket());
        Sockets.Connect(client, port);
        Fd accepted = Keep(Sockets.Accept(listener));
        client.Write(5);
        Eventually.Holds(() => accepted.Readable() == 5, "five bytes");
        TestQueue q = NewQueue();
        q.AddWrite(client);
        accepted.Dispose();
        KEvent e = default;
        Eventually.Holds(() => (e = q.WaitOne()).IsEof, () => $"the end, last was {e}");
        Assert.That(e.FFlags, Is.EqualTo((uint)Errno.ECONNRESET), "a reset of a connection is called one");
        Assert.That(Sockets.TakeError(client), Is.Not.EqualTo(Errno.None), "the error is still there to be read");
    }

    [Test]
    [Deviation("failed-write-is-an-edge")]
    public void WriteThatFindsAPipeFullIsAnEventForItsReader()
    {
        Pair pipe = NewPipe();
        while (pipe.B.TryWrite(new byte[4096]) > 0)
        {
        }

        TestQueue q = NewQueue();
        q.AddRead(pipe.A, EventFlags.Clear);
        KEvent first = q.WaitOne();
        q.ExpectNothing();
        Assert.That(pipe.B.TryWrite([1]), Is.EqualTo(-1));
        Assert.That(q.Poll(), Is.EqualTo(new[] { first }));
    }

    [Test]
    [Deviation("one-way-pipes")]
    public void ReadingEndIsNotWritableOnOpenBsd()
    {
        Pair pipe = NewPipe();
        TestQueue q = NewQueue(Dialect.OpenBsd);
        q.AddWrite(pipe.A);
        q.ExpectSilence();
    }

    [Test]
    [Deviation("tcp-note-below-option")]
    public void NoteBelowTheOptionWaitsForTheOption()
    {
        Pair pair = NewPair(PairKind.Tcp);
        Sockets.SetOption(pair.A, UnixSocketOptionName.SO_RCVLOWAT, 100);
        TestQueue q = NewQueue();
        q.Add(pair.A, EventFilter.Read, 0, (uint)ReadWriteNotes.LowWater, 10);
        q.ExpectSilence();
        pair.B.Write(10);
        q.ExpectSilence("nothing wakes the queue");
        pair.B.Write(90);
        Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pair.A, 100)));
    }
}
