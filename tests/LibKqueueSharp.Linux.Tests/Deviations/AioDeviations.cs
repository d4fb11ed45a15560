using LibKqueueSharp.Linux.Tests.Aio;
using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Deviations;

/// <summary>Where EVFILT_AIO differs.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class AioDeviations(bool usesIoUring) : AioFixture(usesIoUring)
{
    [Test]
    [Deviation("short-stream-writes")]
    public void BlockingStreamIsWrittenAsFarAsItGoesAtOnce()
    {
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        Assert.That(Syscall.fcntl(pipe.B, FcntlCommand.F_SETFL, 0), Is.Zero);
        BackendAio aio = Submit(q, Write(pipe.B, new byte[1 << 20]));
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio)));
        Assert.That(aio.Return(out _), Is.EqualTo(pipe.A.Drain()).And.InRange(1, (1 << 20) - 1));
    }

    [Test]
    [Deviation("completion-interrupts")]
    public void EndOfAnOperationInterruptsTheWaitInAnotherQueue()
    {
        if (!UsesIoUring)
            Assert.Ignore("threads interrupt nobody");
        TestQueue q = NewQueue();
        TestQueue other = NewQueue();
        Pair pipe = NewPipe();
        BackendAio aio = Submit(q, Read(pipe.A, new byte[8]));
        int thread = Posix.GetThreadId();
        bool written = false;
        using TestThread writer = new(() =>
        {
            Eventually.Holds(() => Sleeps(thread), "asleep");
            Volatile.Write(ref written, true);
            pipe.B.Write(1);
        });

        // The runtime sends signals as well.
        Errno error;
        do
            other.Queue.Kevent([], new KEvent[1], KeventTimeout.FromTimeSpan(Eventually.Limit), null, out error);
        while (error == Errno.EINTR && !Volatile.Read(ref written));
        Assert.That(error, Is.EqualTo(Errno.EINTR));
        writer.Join();
        Assert.That(q.WaitOne(), Is.EqualTo(Done(aio)));
        aio.Abandon();
    }

    [Test]
    [Deviation("aio-everywhere")]
    public void EachDialectHasIt([Values("netbsd", "openbsd", "macos")] string dialect)
    {
        TestQueue q = NewQueue(Dialect.Find(dialect));
        BackendAio aio = Submit(q, Read(NumberedFile(9), new byte[4]));
        Assert.That(q.WaitOne().Ident, Is.EqualTo(aio.Ident));
        ExpectResult(aio, 4);
    }

    private static bool Sleeps(int thread) =>
        File.ReadAllText($"/proc/self/task/{thread}/wchan") is var function && function.Contains("ep", StringComparison.Ordinal) && function.Contains("poll", StringComparison.Ordinal);
}
