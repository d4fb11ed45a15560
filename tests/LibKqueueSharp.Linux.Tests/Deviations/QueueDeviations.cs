using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Deviations;

/// <summary>Where the queue itself differs.</summary>
internal sealed class QueueDeviations : LinuxFixture
{
    [Test]
    [Deviation("order-between-mechanisms")]
    public void DescriptorComesAfterALaterUserEvent()
    {
        Pair pipe = NewPipe();
        TestQueue q = NewQueue();
        q.Add(1, EventFilter.User);
        q.AddRead(pipe.A);
        pipe.B.Write(1);
        q.Trigger(1);
        Assert.That(q.Poll().Select(e => e.Filter), Is.EqualTo(new[] { EventFilter.User, EventFilter.Read }));
    }

    [Test]
    [Deviation("one-shot-is-looked-at-again")]
    public void DrainedOneShotIsNotDelivered()
    {
        Pair pipe = NewPipe();
        TestQueue q = NewQueue();
        q.AddRead(pipe.A, EventFlags.OneShot);
        pipe.B.Write(1);
        pipe.A.Read(1);
        Assert.That(q.Poll(), Is.Empty);
        Assert.That(q.TryDelete(pipe.A, EventFilter.Read), Is.EqualTo(Errno.None), "it is still registered");
    }

    [Test]
    [Deviation("empty-by-time")]
    public void EmptyBufferIsNoticedByTime()
    {
        // The queue holds no more than its two descriptors, and a waiter still comes to know: by looking from time to time.
        Pair pair = NewPair(PairKind.Tcp);
        TestQueue q = NewQueue();
        q.Add(pair.B, EventFilter.Empty, EventFlags.Clear);
        q.WaitOne();
        q.Disable(pair.B, EventFilter.Empty);
        pair.B.Write(100);
        q.Enable(pair.B, EventFilter.Empty);
        Assert.That(q.WaitOne().Filter, Is.EqualTo(EventFilter.Empty));
        Assert.That(q.Queue.DescriptorCount, Is.EqualTo(2));
    }

    [Test]
    [Deviation("except-everywhere")]
    public void ExceptIsServedInEveryDialect([Values("freebsd", "netbsd")] string name)
    {
        Pair pair = NewPair(PairKind.Tcp);
        TestQueue q = NewQueue(Dialect.Find(name)!);
        q.Add(pair.A, EventFilter.Except, 0, (uint)ReadWriteNotes.OutOfBand);
        Sockets.SendUrgent(pair.B, 1);
        Assert.That(q.WaitOne().Filter, Is.EqualTo(EventFilter.Except));
    }

    [Test]
    [Deviation("descriptor-is-epoll")]
    public void DescriptorIsAnEpollSet()
    {
        using Fd duplicate = new(Syscall.dup(NewQueue().Number));
        Assert.That(Syscall.fstat(duplicate, out Stat status), Is.Zero);
        Assert.That(status.st_mode & FilePermissions.S_IFMT, Is.Not.EqualTo(FilePermissions.S_IFIFO));
        Assert.That(duplicate.TryRead(new byte[8]), Is.EqualTo(-1));
        Assert.That(Tmds.Linux.LibC.errno, Is.EqualTo((int)Errno.EINVAL));
        Assert.That(Readiness.Poll(duplicate, Tmds.Linux.LibC.POLLIN, 0), Is.Zero);
    }

    [Test]
    [Deviation("no-limit-of-events")]
    public void MoreTimersThanABsdAllows()
    {
        TestQueue q = NewQueue(Dialect.OpenBsd);
        for (nuint i = 0; i < 5000; i++)
            Assert.That(q.Try(new KEvent(i, EventFilter.Timer, EventFlags.Add, 0, 1_000_000)), Is.EqualTo(Errno.None));
    }

    [Test]
    [Deviation("close-wakes-waiters")]
    public void WaiterWakesWhenTheQueueIsClosed()
    {
        TestQueue q = NewQueue(Dialect.FreeBsd);
        Errno error = Errno.None;
        using TestThread waiter = new(() => q.Queue.Kevent([], new KEvent[1], KeventTimeout.Infinite, null, out error));
        waiter.AwaitSleep();
        q.Queue.Dispose();
        waiter.Join();
        Assert.That(error, Is.EqualTo(Errno.EBADF));
    }
}
