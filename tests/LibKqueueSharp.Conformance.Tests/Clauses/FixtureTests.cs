using System.Diagnostics;
using System.Runtime.Versioning;
using LibKqueueSharp.Conformance.Clauses;

namespace LibKqueueSharp.Conformance.Tests.Clauses;

/// <summary>What the fixture hands to clauses is what it says.</summary>
[Platform(Exclude = "Win"), UnsupportedOSPlatform("windows")]
public sealed class FixtureTests
{
    private readonly FakeBackend _backend = new();

    [Test]
    public void SocketsCarryWhatIsWritten() => MustPass(t =>
    {
        var (client, server) = t.TcpPair();
        client.Write(5);
        t.Settle();
        server.Read(5);
        client.Reset();
        t.Settle();
        t.Equal(Errno.ECONNRESET, server.TakeError(), "SO_ERROR");
        t.Equal(Errno.None, server.TakeError(), "SO_ERROR");
    });

    [Test]
    public void DatagramsArriveOneByOne() => MustPass(t =>
    {
        Descriptor receiver = t.Udp();
        Descriptor sender = t.Udp();
        sender.SendTo(receiver, 3);
        sender.SendTo(receiver, 4);
        t.Settle();
        receiver.Read(3);
        receiver.Read(4);
    });

    [Test]
    public void UnixSocketsConnectAndPassDescriptors() => MustPass(t =>
    {
        var (listener, path) = t.UnixListener();
        Descriptor client = t.ConnectUnix(path);
        Descriptor server = listener.Accept();
        client.SendDescriptor(listener, 3);
        server.Read(3);
        t.Equal(1, server.ReceiveLowWater, "SO_RCVLOWAT");
        server.ReceiveLowWater = 7;
        t.Equal(7, server.ReceiveLowWater, "SO_RCVLOWAT");
    });

    [Test]
    public void NobodyListensOnAClosedPort() => MustPass(t =>
    {
        Descriptor client = t.Tcp();
        int port = t.ClosedPort();
        Replay.HostAnswer answer = client.Connect(port);
        t.Settle();
        t.Check(answer.Error == "ECONNREFUSED" || client.TakeError() == Errno.ECONNREFUSED, $"{answer}");
    });

    [Test]
    public void FifoHasTwoEnds() => MustPass(t =>
    {
        string path = t.NewFifo();
        Descriptor reader = t.Open(path);
        Descriptor writer = t.Open(path, HostOpenMode.WriteOnly);
        writer.Write(3);
        reader.Read(3);
    });

    [Test]
    public void FileIsOpenAtItsStart() => MustPass(t =>
    {
        Descriptor file = t.OpenFile(bytes: 10);
        file.Seek(4);
        t.Equal(6, file.Drain(), "the rest");
        file.Truncate(12);
        file.Read(2);
    });

    [Test]
    public void TerminalCarriesALine() => MustPass(t =>
    {
        var (master, slave) = t.Terminal();
        slave.Write(3);
        t.Settle();
        master.Read(3);
    });

    [Test]
    public void EventCounterCounts() => MustPass(t =>
    {
        Descriptor counter = t.EventCounter(0);
        t.Equal(0, counter.Drain(), "an idle counter");
        counter.AddToCounter(2);
        counter.Read(8);
        t.Equal(0, counter.Drain(), "a counter that was taken");
    });

    [Test]
    public void NumberIsUsedAgain() => MustPass(t =>
    {
        var (reader, writer) = t.Pipe(bytes: 2);
        Descriptor spare = reader.Duplicate();
        long number = writer.Number;
        writer.Close();
        Descriptor again = reader.DuplicateAt(number);
        t.Equal(number, again.Number, "the number");
        again.Read(1);
        again.DuplicateOver(spare);
        spare.Read(1);
    });

    [Test]
    public void BlockingReadWaitsForTheWriter() => MustPass(t =>
    {
        var (reader, writer) = t.Pipe();
        reader.SetBlocking(true);
        t.TakesAtLeast(20, () => t.Together(
            () => reader.Read(1),
            () =>
            {
                t.Sleep(20);
                writer.Write(1);
            }));
    });

    [Test]
    public void TimerThatIsEarlyFails()
    {
        TimerWatch watch = new(1, TimeSpan.FromHours(1));
        watch.Started();
        watch.BeforeCollecting();
        Assert.That(() => watch.Count(1), Throws.TypeOf<ClauseFailedException>());
        Assert.That(() => watch.CheckNotEarly(TimeSpan.FromHours(1)), Throws.TypeOf<ClauseFailedException>());
        Assert.That(() => watch.CheckNotEarly(TimeSpan.Zero), Throws.Nothing);
    }

    [TestCase(0, true)]
    [TestCase(-5, false)]
    [TestCase(1_000_000, false)]
    public void TimerMustCountWhatTheClockSays(int difference, bool passes)
    {
        TimerWatch watch = new(1, TimeSpan.FromMilliseconds(1));
        long began = Stopwatch.GetTimestamp();
        watch.Started();
        Thread.Sleep(20);
        watch.BeforeCollecting();
        long counted = (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds + difference;
        Assert.That(() => watch.Count(counted), passes ? Throws.Nothing : Throws.TypeOf<ClauseFailedException>());
    }

    private void MustPass(Action<ClauseTest> check)
    {
        ClauseResult result = new ClauseSuite(_backend, () => new PosixHost()).Run(new Clause("X-001", "Something.", "a test", check), Dialect.FreeBsd);
        Assert.That(result.Outcome, Is.EqualTo(ClauseOutcome.Passed), result.ToString());
    }
}
