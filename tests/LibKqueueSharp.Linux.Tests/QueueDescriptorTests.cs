using System.Diagnostics;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>The queue's own descriptor is readable exactly while events are pending (KQ-POLL-001 to KQ-POLL-004).</summary>
internal sealed class QueueDescriptorTests : LinuxFixture
{
    [Test]
    public void UserEventShows([Values] Readiness.Way way, [Values] bool before)
    {
        TestQueue q = NewQueue();
        q.Add(1, EventFilter.User, EventFlags.Clear);
        if (before)
            q.Trigger(1);
        int fd = q.Number;
        Assert.That(Readiness.IsReadable(way, fd), Is.EqualTo(before), "when the descriptor is handed out");
        for (int i = 0; i < 3; i++)
        {
            q.Trigger(1);
            Assert.That(Readiness.IsReadable(way, fd), Is.True, "triggered");
            Assert.That(Readiness.IsReadable(way, fd), Is.True, "asking takes nothing");
            Assert.That(q.Poll(), Has.Length.EqualTo(1));
            Assert.That(Readiness.IsReadable(way, fd), Is.False, "delivered");
        }
    }

    [Test]
    public void LevelUserEventShowsUntilItIsReset([Values] Readiness.Way way)
    {
        TestQueue q = NewQueue();
        int fd = q.Number;
        q.Add(1, EventFilter.User);
        q.Trigger(1);
        Assert.That(q.Poll(), Has.Length.EqualTo(1));
        Assert.That(Readiness.IsReadable(way, fd), Is.True, "level");
        q.Delete(1, EventFilter.User);
        Assert.That(Readiness.IsReadable(way, fd), Is.False, "deleted");
    }

    [Test]
    public void TimerShows([Values] Readiness.Way way)
    {
        TestQueue q = NewQueue();
        int fd = q.Number;
        long start = Stopwatch.GetTimestamp();
        q.Add(1, EventFilter.Timer, EventFlags.OneShot, data: 20);
        if (Readiness.IsReadable(way, fd))
            Assert.That(Stopwatch.GetElapsedTime(start).TotalMilliseconds, Is.GreaterThanOrEqualTo(20), "not yet");
        Assert.That(Readiness.IsReadable(way, fd, 10_000), Is.True, "expired, and nobody was in kevent");
        Assert.That(q.Poll(), Has.Length.EqualTo(1));
        Assert.That(Readiness.IsReadable(way, fd), Is.False, "delivered");
        q.Add(1, EventFilter.Timer, data: 5);
        for (int i = 0; i < 3; i++)
        {
            Assert.That(Readiness.IsReadable(way, fd, 10_000), Is.True);
            Assert.That(q.Poll(), Has.Length.EqualTo(1));
        }

        q.Delete(1, EventFilter.Timer);
        Assert.That(Readiness.IsReadable(way, fd, 20), Is.False);
    }

    [Test]
    public void DescriptorShows(
        [Values] Readiness.Way way,
        [Values(PairKind.Pipe, PairKind.UnixStream, PairKind.Tcp)] PairKind kind,
        [Values(EventFlags.None, EventFlags.Clear, EventFlags.Dispatch, EventFlags.OneShot)] EventFlags flags)
    {
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        int fd = q.Number;
        q.AddRead(pair.A, flags);
        Assert.That(Readiness.IsReadable(way, fd), Is.False);
        pair.B.Write(1);
        Assert.That(Readiness.IsReadable(way, fd, 10_000), Is.True);
        q.WaitOne();
        if (flags == 0)
            Assert.That(Readiness.IsReadable(way, fd), Is.True, "level");
        pair.A.Read(1);
        Assert.That(q.Poll(), Is.Empty);
        Assert.That(Readiness.IsReadable(way, fd), Is.False, "delivered and read");
    }

    [Test]
    public void FileShows([Values] Readiness.Way way)
    {
        Fd file = Keep(Temp.File("f", 1));
        TestQueue q = NewQueue();
        int fd = q.Number;
        q.AddRead(file);
        Assert.That(Readiness.IsReadable(way, fd), Is.True);
        q.WaitOne();
        Assert.That(Readiness.IsReadable(way, fd), Is.True, "level");
        file.Read(1);
        Assert.That(q.Poll(), Is.Empty);
        Assert.That(Readiness.IsReadable(way, fd), Is.False);
        Temp.Append("f", 1);
        Assert.That(Readiness.IsReadable(way, fd), Is.True);
    }

    [Test]
    public void BothDirectionsShow([Values] Readiness.Way way)
    {
        // The second of two edges goes to a set inside the set.
        Pair pair = NewPair(PairKind.UnixStream);
        TestQueue q = NewQueue();
        int fd = q.Number;
        q.AddRead(pair.A, EventFlags.Clear);
        q.AddWrite(pair.A, EventFlags.Clear);
        Assert.That(Readiness.IsReadable(way, fd), Is.True, "writable");
        Assert.That(q.WaitOne().Filter, Is.EqualTo(EventFilter.Write));
        Assert.That(Readiness.IsReadable(way, fd), Is.False);
        pair.B.Write(1);
        Assert.That(Readiness.IsReadable(way, fd), Is.True, "readable");
    }

    [Test]
    public void DisabledRegistrationDoesNotShow([Values] Readiness.Way way)
    {
        Pair pipe = NewPipe();
        Fd file = Keep(Temp.File("f", 1));
        TestQueue q = NewQueue();
        int fd = q.Number;
        q.AddRead(pipe.A);
        q.AddRead(file);
        q.Add(1, EventFilter.User);
        q.Disable(pipe.A, EventFilter.Read);
        q.Disable(file, EventFilter.Read);
        q.Disable(1, EventFilter.User);
        pipe.B.Write(1);
        q.Trigger(1);

        // KQ-POLL-004 allows one false positive, which the next kevent takes away.
        Assert.That(q.Poll(), Is.Empty);
        Assert.That(Readiness.IsReadable(way, fd), Is.False);
        q.Enable(1, EventFilter.User);
        Assert.That(Readiness.IsReadable(way, fd), Is.True);
        q.Disable(1, EventFilter.User);
        Assert.That(q.Poll(), Is.Empty);
        Assert.That(Readiness.IsReadable(way, fd), Is.False);
        q.Enable(pipe.A, EventFilter.Read);
        Assert.That(Readiness.IsReadable(way, fd), Is.True);
        q.WaitOne();
    }

    [Test]
    public void CreatedDisabledNeverShows([Values] Readiness.Way way)
    {
        Pair pipe = NewPipe();
        TestQueue q = NewQueue();
        int fd = q.Number;
        pipe.B.Write(1);
        q.AddRead(pipe.A, EventFlags.Disable);
        Assert.That(q.Poll(), Is.Empty);
        Assert.That(Readiness.IsReadable(way, fd), Is.False);
        q.Add(1, EventFilter.Timer, EventFlags.Disable, data: 1);
        Assert.That(Readiness.IsReadable(way, fd, 20), Is.False, "a disabled timer rings for nobody");
        Assert.That(q.Poll(), Is.Empty);
        Assert.That(Readiness.IsReadable(way, fd, 20), Is.False);
        q.Apply(new KEvent(1, EventFilter.Timer, EventFlags.Enable));
        Assert.That(q.Poll().Single().Data, Is.GreaterThanOrEqualTo(20), "it ran on");
    }

    [Test]
    public void NeverWritable()
    {
        TestQueue q = NewQueue();
        q.Add(1, EventFilter.User);
        q.Trigger(1);
        Assert.That(Readiness.Poll(q.Number, Tmds.Linux.LibC.POLLOUT, 0), Is.Zero, "KQ-POLL-002");
    }

    [Test]
    public void ThreadBlockedInPollIsWoken([Values] Readiness.Way way, [Values("user", "timer", "pipe", "file")] string source)
    {
        Pair pipe = NewPipe();
        Fd file = Keep(Temp.File("f", 0));
        TestQueue q = NewQueue();
        int fd = q.Number;
        q.Add(1, EventFilter.User);
        q.AddRead(pipe.A);
        q.AddRead(file);
        q.Poll();
        bool readable = false;
        using ManualResetEventSlim begins = new();
        using TestThread poller = new(() =>
        {
            begins.Set();
            readable = Readiness.IsReadable(way, fd, 10_000);
        });
        begins.Wait();
        Thread.Sleep(5);
        switch (source)
        {
            case "user":
                q.Trigger(1);
                break;
            case "timer":
                q.Add(1, EventFilter.Timer, EventFlags.OneShot, data: 1);
                break;
            case "pipe":
                pipe.B.Write(1);
                break;
            default:
                Temp.Append("f", 1);
                break;
        }

        poller.Join();
        Assert.That(readable, Is.True, "KQ-POLL-003");
        Assert.That(q.Poll(), Has.Length.EqualTo(1));
    }

    [Test]
    public void PollerAndWaiterTogetherLoseNothing()
    {
        // One thread serves the queue whenever poll says so, the other triggers.
        TestQueue q = NewQueue();
        int fd = q.Number;
        Pair pipe = NewPipe();
        q.Add(1, EventFilter.User, EventFlags.Clear);
        q.AddRead(pipe.A, EventFlags.Clear);
        const int rounds = 2000;
        int served = 0;
        using TestThread server = new(() =>
        {
            while (Volatile.Read(ref served) < rounds && Readiness.IsReadable(Readiness.Way.Poll, fd, 10_000))
                Interlocked.Add(ref served, q.Poll().Length);
        });
        for (int i = 0; i < rounds; i++)
        {
            if (i % 2 == 0)
                q.Trigger(1);
            else
                pipe.B.Write(1);
            Eventually.Holds(() => Volatile.Read(ref served) >= i + 1, () => $"event {i}");
        }

        server.Join();
    }

    [Test]
    public void HandingOutRacesWithWaiting()
    {
        // The set that threads wait in gets another number in that moment.
        for (int i = 0; i < 300; i++)
        {
            using TestQueue q = new();
            using Pair pipe = Pair.Pipe();
            q.AddRead(pipe.A);
            q.Add(1, EventFilter.User);
            KEvent[] seen = [];
            using TestThread waiter = new(() => seen = q.Wait());
            int number = q.Number;
            if ((i & 1) == 0)
                pipe.B.Write(1);
            else
                q.Trigger(1);
            waiter.Join();
            Assert.That(seen, Has.Length.EqualTo(1), $"round {i}, queue {number}");
        }
    }

    [Test]
    public void HandedOutNumberIsTheLowestThatWasFree()
    {
        using Fd lowest = Fd.Opened(Posix.EventFd(0, Posix.NonBlockCloseOnExec));
        int number = lowest;
        lowest.Dispose();
        using TestQueue q = new();
        Assert.That(q.Number, Is.EqualTo(number), "KQ-NEW-001");
    }
}
