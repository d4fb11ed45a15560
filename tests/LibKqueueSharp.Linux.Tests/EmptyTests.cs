using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>EVFILT_EMPTY: everything that was sent has been taken (EMPTY-001 to EMPTY-005).</summary>
internal sealed class EmptyTests : LinuxFixture
{
    [TestCaseSource(typeof(Pair), nameof(Pair.StreamSockets))]
    public void IdleSocketIsEmptyOnEveryCall(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.Add(pair.A, EventFilter.Empty);
        for (int i = 0; i < 2; i++)
            Assert.That(q.WaitOne(), Is.EqualTo(new KEvent((nuint)(int)pair.A, EventFilter.Empty, 0)), "EMPTY-005");
    }

    [TestCaseSource(typeof(Pair), nameof(Pair.StreamSockets))]
    public void SilentUntilThePeerHasAll(PairKind kind)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        q.Add(pair.B, EventFilter.Empty, EventFlags.Clear);
        Assert.That(q.WaitOne().Filter, Is.EqualTo(EventFilter.Empty));
        while (pair.B.Fill() != 0)
            Thread.Sleep(1);
        q.ExpectSilence("EMPTY-002");
        KEvent e = default;
        using TestThread waiter = new(() => e = q.WaitOne());
        while (pair.A.Drain() != 0)
            Thread.Sleep(1);
        waiter.Join();
        Assert.That(e, Is.EqualTo(new KEvent((nuint)(int)pair.B, EventFilter.Empty, EventFlags.Clear)));
    }

    [Test]
    public void ClearFiresAfterEachExchange()
    {
        Pair pair = NewPair(PairKind.Tcp);
        TestQueue q = NewQueue();
        q.Add(pair.B, EventFilter.Empty, EventFlags.Clear);
        q.WaitOne();
        for (int i = 0; i < 3; i++)
        {
            q.ExpectSilence("nothing was sent since");
            pair.B.Write(100);
            Assert.That(q.WaitOne().Filter, Is.EqualTo(EventFilter.Empty), "sent and acknowledged");
            pair.A.Drain();
        }
    }

    [Test]
    public void ListeningSocketIsAlwaysEmpty()
    {
        Fd listener = Keep(Sockets.TcpListener(out _));
        TestQueue q = NewQueue();
        q.Add(listener, EventFilter.Empty);
        Assert.That(q.WaitOne().Filter, Is.EqualTo(EventFilter.Empty), "EMPTY-003");
    }

    [Test]
    public void OnlySocketsAreAccepted()
    {
        TestQueue q = NewQueue();
        Assert.That(q.TryAdd(NewPipe().B, EventFilter.Empty), Is.EqualTo(Errno.EINVAL), "EMPTY-004");
        Assert.That(q.TryAdd(Keep(Temp.File("f", 1)), EventFilter.Empty), Is.EqualTo(Errno.EINVAL));
        Assert.That(q.TryAdd(NewQueue().Number, EventFilter.Empty), Is.EqualTo(Errno.EINVAL));
    }

    [Test]
    public void ClosedSocketIsForgotten()
    {
        Pair pair = NewPair(PairKind.Tcp);
        TestQueue q = NewQueue();
        q.Add(pair.A, EventFilter.Empty);
        q.WaitOne();
        pair.A.Dispose();
        q.ExpectSilence();
        WakeUps.AreFew(q);
        Assert.That(q.TryDelete(pair.A.Last, EventFilter.Empty), Is.EqualTo(Errno.EBADF));
    }

    [Test]
    public void DisabledOneCostsNoProcessorTime()
    {
        Pair pair = NewPair(PairKind.Tcp);
        TestQueue q = NewQueue();
        q.Add(pair.A, EventFilter.Empty, EventFlags.Disable);
        WakeUps.AreFew(q);
        q.Enable(pair.A, EventFilter.Empty);
        Assert.That(q.WaitOne().Filter, Is.EqualTo(EventFilter.Empty));
    }
}
