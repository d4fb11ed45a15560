using LibKqueueSharp.Linux.Tests.Support;
using Mono.Unix.Native;

namespace LibKqueueSharp.Linux.Tests.Deviations;

/// <summary>What Linux cannot tell about numbers and the files behind them.</summary>
internal sealed class DescriptorDeviations : LinuxFixture
{
    /// <summary>A number that nothing else gets as far as.</summary>
    private const int Slot = 900;

    [Test]
    [Deviation("closed-with-duplicate")]
    public void ClosedNumberIsNoticedLate()
    {
        Pair pipe = NewPipe();
        Keep(pipe.A.Duplicate());
        TestQueue q = NewQueue();
        q.AddRead(pipe.A);
        pipe.A.Dispose();
        Assert.That(q.Poll(), Is.Empty);
        Assert.That(q.Queue.KnoteCount, Is.EqualTo(1), "the registration is still there");
        pipe.B.Write(1);
        Assert.That(q.Poll(), Is.Empty, "and is noticed to be dead with the next event");
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    [Deviation("reused-unregistered")]
    public void EventOfADuplicateIsTakenForTheNewFile()
    {
        Pair old = NewPipe();
        Keep(old.A.Duplicate());
        Fd watched = Keep(old.A.MoveTo(Slot));
        TestQueue q = NewQueue();
        q.AddRead(watched, udata: 1);
        watched.Dispose();
        Pair next = NewPipe();
        Keep(next.A.MoveTo(Slot));
        next.B.Write(3);
        Assert.That(q.Poll(), Is.Empty, "the new file alone does nothing");
        old.B.Write(1);
        Assert.That(q.Poll(), Is.EqualTo(new[] { Ev.Read(Slot, 3, udata: 1) }));
    }

    [Test]
    [Deviation("stale-enable")]
    public void ChangeOfAClosedNumberSucceeds(
        [Values(EventFlags.Enable, EventFlags.Disable, EventFlags.None)] EventFlags flags, [Values] bool reused)
    {
        Fd fd = Keep(Fd.Opened(Posix.EventFd(0, Posix.NonBlockCloseOnExec)).MoveTo(Slot));
        TestQueue q = NewQueue();
        q.AddRead(Slot);
        fd.Dispose();
        if (reused)
            Keep(Fd.Opened(Posix.EventFd(1, Posix.NonBlockCloseOnExec)).MoveTo(Slot));
        Assert.That(q.Try(new KEvent(Slot, EventFilter.Read, flags)), Is.EqualTo(Errno.None));
        q.ExpectSilence("and has no effect");
    }

    [Test]
    [Deviation("reopened-file")]
    public void FileOpenedAgainUnderItsNumberIsStillRegistered()
    {
        Fd file = Keep(Temp.File("f", 3).MoveTo(Slot));
        TestQueue q = NewQueue();
        q.AddRead(Slot, udata: 1);
        file.Dispose();
        Keep(Fd.Open(Temp.Path("f"), OpenFlags.O_RDONLY).MoveTo(Slot));
        Assert.That(q.Poll(), Is.EqualTo(new[] { Ev.Read(Slot, 3, udata: 1) }));
    }

    [Test]
    [Deviation("nesting-depth")]
    public void FifthQueueInAChainIsRefused()
    {
        TestQueue[] queues = [.. Enumerable.Range(0, 6).Select(_ => NewQueue())];
        int[] numbers = [.. queues.Select(q => q.Number)];
        int length = 1;
        while (queues[length].TryAdd(numbers[length - 1], EventFilter.Read) == Errno.None)
            length++;
        Assert.That(length, Is.EqualTo(4));
        Assert.That(queues[length].TryAdd(numbers[length - 1], EventFilter.Read), Is.EqualTo(Errno.EINVAL));
        queues[0].Add(1, EventFilter.User);
        queues[0].Trigger(1);
        Assert.That(queues[length - 1].WaitOne().Ident, Is.EqualTo((nuint)numbers[length - 2]), "the chain works as far as it goes");
    }
}
