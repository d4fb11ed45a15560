using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>Many descriptors, many user events, many queues.</summary>
internal sealed class ScaleTests : LinuxFixture
{
    private const int Wanted = 20_000;

    /// <summary>For the runtime, the test runner and the queue.</summary>
    private const int Reserve = 400;

    [Test]
    public void TwentyThousandDescriptors()
    {
        int count = Math.Min(Wanted, RaiseLimit(Wanted + Reserve) - Reserve);
        Assume.That(count, Is.GreaterThanOrEqualTo(5_000), "RLIMIT_NOFILE is too low for this test and cannot be raised");
        if (count < Wanted)
            TestContext.Out.WriteLine($"{count} of {Wanted} descriptors: the hard limit of RLIMIT_NOFILE cannot be raised here");
        TestQueue q = NewQueue();
        Fd[] fds = new Fd[count];
        try
        {
            for (int i = 0; i < count; i++)
            {
                fds[i] = Fd.Opened(Posix.EventFd(0, Posix.NonBlockCloseOnExec));
                q.AddRead(fds[i], i % 2 == 0 ? EventFlags.None : EventFlags.Clear, udata: i);
            }

            Assert.That(q.Queue.KnoteCount, Is.EqualTo(count));
            q.ExpectNothing();
            Random random = new(1);
            for (int round = 0; round < 100; round++)
            {
                int[] active = [.. Enumerable.Range(0, 20).Select(_ => random.Next(count)).Distinct()];
                foreach (int i in active)
                    fds[i].TryWrite(BitConverter.GetBytes(1UL));
                Assert.That(q.Poll().Select(e => (int)e.UData), Is.EquivalentTo(active));
                foreach (int i in active)
                    fds[i].Read(8);
            }

            foreach (Fd fd in fds)
                fd.TryWrite(BitConverter.GetBytes(1UL));
            HashSet<nint> found = [];
            for (int call = 0; found.Count < count && call < count; call++)
            {
                foreach (KEvent e in q.Poll(1024))
                    found.Add(e.UData);
            }

            Assert.That(found, Has.Count.EqualTo(count), "each is delivered, however full the harvests are");
            for (int i = 0; i < count; i += 2)
                q.Delete(fds[i], EventFilter.Read);
            Assert.That(q.Queue.KnoteCount, Is.EqualTo(count / 2));
        }
        finally
        {
            foreach (Fd fd in fds)
                fd?.Dispose();
        }

        q.ExpectNothing("all are closed");
    }

    [Test]
    public void HundredThousandUserEvents()
    {
        const int count = 100_000;
        TestQueue q = NewQueue();
        KEvent[] changes = new KEvent[count];
        for (int i = 0; i < count; i++)
            changes[i] = new KEvent((nuint)i, EventFilter.User, EventFlags.Add | EventFlags.Clear, udata: i);
        q.Apply(changes);
        Assert.That(q.Queue.KnoteCount, Is.EqualTo(count));
        for (int i = 0; i < count; i++)
            changes[i] = new KEvent((nuint)i, EventFilter.User, 0, (uint)UserNotes.Trigger, udata: i);
        q.Apply(changes);
        KEvent[] events = q.Poll(count + 1);
        Assert.That(events.Select(e => (int)e.Ident), Is.EqualTo(Enumerable.Range(0, count)), "in the order of the triggers");
        q.ExpectNothing();
    }

    [Test]
    public void ThousandQueuesOnOnePipe()
    {
        Pair pipe = NewPipe();
        TestQueue[] queues = [.. Enumerable.Range(0, 400).Select(_ => NewQueue())];
        foreach (TestQueue q in queues)
            q.AddRead(pipe.A);
        pipe.B.Write(2);
        foreach (TestQueue q in queues)
            Assert.That(q.WaitOne(), Is.EqualTo(Ev.Read(pipe.A, 2)));
    }

    [Test]
    public void LargeChangelistsOfDeletions()
    {
        // 512 registrations in one changelist, deleted in one other, with some of them closed in between.
        TestQueue q = NewQueue();
        for (int round = 0; round < 5; round++)
        {
            Fd[] fds = [.. Enumerable.Range(0, 512).Select(_ => Fd.Opened(Posix.EventFd(1, Posix.NonBlockCloseOnExec)))];
            q.Apply([.. fds.Select(fd => new KEvent((nuint)(int)fd, EventFilter.Read, EventFlags.Add))]);
            Assert.That(q.Poll(), Has.Length.GreaterThan(300));
            for (int i = 0; i < fds.Length; i += 3)
                fds[i].Dispose();
            KEvent[] records = new KEvent[512];
            KEvent[] deletions = [.. fds.Select(fd => new KEvent((nuint)fd.Last, EventFilter.Read, EventFlags.Delete))];
            int count = q.Queue.Kevent(deletions, records, KeventTimeout.Zero, null, out Errno error);
            Assert.That((count, error), Is.EqualTo((171, Errno.None)), "one record for each that was closed");
            Assert.That(records[..count].Select(r => r.Error), Is.All.EqualTo(Errno.EBADF));
            Assert.That(q.Queue.KnoteCount, Is.Zero);
            q.ExpectNothing();
            foreach (Fd fd in fds)
                fd.Dispose();
        }
    }

    /// <summary>Raises the soft limit of open descriptors, and the hard one where that is allowed.</summary>
    private static unsafe int RaiseLimit(int wanted)
    {
        ulong* limits = stackalloc ulong[2];
        Assert.That(Posix.GetLimit(Posix.RLIMIT_NOFILE, limits), Is.Zero);
        ulong* raised = stackalloc ulong[] { (ulong)wanted, Math.Max((ulong)wanted, limits[1]) };
        if (limits[0] < (ulong)wanted && Posix.SetLimit(Posix.RLIMIT_NOFILE, raised) != 0)
        {
            raised[0] = raised[1] = limits[1];
            _ = Posix.SetLimit(Posix.RLIMIT_NOFILE, raised);
        }

        Assert.That(Posix.GetLimit(Posix.RLIMIT_NOFILE, limits), Is.Zero);
        return (int)Math.Min(limits[0], int.MaxValue);
    }
}
