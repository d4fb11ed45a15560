using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests.Processes;

/// <summary>EVFILT_PROCDESC on a pidfd of the caller's.</summary>
internal sealed class ProcDescTests : LinuxFixture
{
    private const int PidFdOpen = 434;
    private const EventFlags Over = EventFlags.Clear | EventFlags.Eof | EventFlags.OneShot;
    private const uint Exit = (uint)ProcessNotes.Exit;

    [Test]
    public void ExitWithItsStatus([Values] bool dead)
    {
        // PDESC-001, PDESC-002, PDESC-003
        Child child = Keep(dead ? Child.Zombie(3) : Child.Exiting(3));
        Fd pidfd = Keep(Open(child.Id));
        TestQueue q = NewQueue();
        q.Add(pidfd, EventFilter.ProcessDescriptor, 0, Exit, udata: 7);
        if (!dead)
        {
            q.ExpectNothing();
            child.Go();
        }

        Assert.That(q.WaitOne(), Is.EqualTo(new KEvent((nuint)(int)pidfd, EventFilter.ProcessDescriptor, Over, Exit, 3 << 8, 7)));
        Assert.That(q.TryDelete(pidfd, EventFilter.ProcessDescriptor), Is.EqualTo(Errno.ENOENT));
        Assert.That(child.Reap(), Is.EqualTo(3 << 8));
    }

    [Test]
    public void UnaskedExitRemovesTheRegistration()
    {
        // PDESC-005
        Child child = Keep(Child.Exiting(3));
        Fd pidfd = Keep(Open(child.Id));
        TestQueue q = NewQueue();
        q.Add(pidfd, EventFilter.ProcessDescriptor);
        child.Go();
        child.WaitDead();
        q.ExpectNothing();
        Assert.That(q.TryDelete(pidfd, EventFilter.ProcessDescriptor), Is.EqualTo(Errno.ENOENT));
    }

    [Test]
    public void OtherDescriptorsAreRefused()
    {
        // PDESC-004
        TestQueue q = NewQueue();
        Pair pipe = NewPipe();
        Assert.That(q.TryAdd(pipe.A, EventFilter.ProcessDescriptor), Is.EqualTo(Errno.EINVAL));
        pipe.A.Dispose();
        Assert.That(q.TryAdd(pipe.A.Last, EventFilter.ProcessDescriptor), Is.EqualTo(Errno.EBADF));
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void BothFiltersOnOneProcess()
    {
        Child child = Keep(Child.Exiting(5));
        Fd pidfd = Keep(Open(child.Id));
        TestQueue q = NewQueue();
        q.Add(pidfd, EventFilter.ProcessDescriptor, 0, Exit);
        q.Add(child.Id, EventFilter.Process, 0, Exit);
        child.Go();
        child.WaitDead();
        Assert.That(q.Poll().Select(e => (e.Filter, e.Data)), Is.EquivalentTo(new[]
        {
            (EventFilter.ProcessDescriptor, 5L << 8),
            (EventFilter.Process, 5L << 8),
        }));
    }

    [Test]
    public void ReapedBeforeTheRegistration()
    {
        Child child = Keep(Child.Exiting(5));
        Fd pidfd = Keep(Open(child.Id));
        child.Go();
        Assert.That(child.Reap(), Is.EqualTo(5 << 8));
        TestQueue q = NewQueue();
        q.Add(pidfd, EventFilter.ProcessDescriptor, 0, Exit);
        KEvent expected = new((nuint)(int)pidfd, EventFilter.ProcessDescriptor, Over, Exit, ExitTests.Remembered(5 << 8), 0);
        Assert.That(q.WaitOne(), Is.EqualTo(expected));
    }

    internal static Fd Open(int pid)
    {
        int fd = (int)Posix.SystemCall(PidFdOpen, pid, 0);
        Assert.That(fd, Is.GreaterThanOrEqualTo(0), $"pidfd_open({pid})");
        return new Fd(fd);
    }
}
