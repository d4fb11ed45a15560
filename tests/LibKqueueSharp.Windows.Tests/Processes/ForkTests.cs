using System.Diagnostics;

namespace LibKqueueSharp.Windows.Tests.Processes;

internal sealed class ForkTests
{
    private const string ForkAndExit = "cmd /c exit 9& exit 4";

    /// <summary>Forks a process that exits with 9 when it has read a line, and exits with 4 after another.</summary>
    private const string ForkWaiter = "cmd /c \"set /p x=& exit 9\"& set /p y=& exit 4";

    /// <summary>As <see cref="ForkWaiter"/>; what it forks forks too.</summary>
    private const string ForkTwice = "cmd /c \"set /p x=& cmd /c \"set /p z=& exit 8\"& exit 9\"& set /p y=& exit 4";

    [Test]
    public void ForkThenExit()
    {
        using TestChild child = new(ForkWaiter);
        using TestQueue kq = new();
        Add(kq, child.Id, ProcessNotes.Fork | ProcessNotes.Exit);
        kq.Quiet();
        child.Proceed();
        Expect(kq.One(), child.Id, ProcessNotes.Fork, 0);
        kq.Quiet();
        using Process born = Process.GetProcessById((int)ChildOf(child.Id));
        child.Proceed();
        Assert.That(born.WaitForExit(TestQueue.Patience), Is.True);
        child.Proceed();
        Expect(kq.One(), child.Id, ProcessNotes.Exit, 4);
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void ForkAndExitInOneEvent()
    {
        using TestChild child = new(ForkAndExit);
        using TestQueue kq = new();
        Add(kq, child.Id, ProcessNotes.Fork | ProcessNotes.Exit);
        child.Proceed();
        child.WaitForExit();
        List<KEvent> events = Until(kq, e => e.IsEof);
        Assert.That(events.Aggregate(0u, (all, e) => all | e.FFlags), Is.EqualTo((uint)(ProcessNotes.Fork | ProcessNotes.Exit)), Text(events));
        Assert.That(events[^1].Data, Is.EqualTo(4), Text(events));
    }

    [Test]
    public void ForkOfAChildIsNone()
    {
        using TestChild child = new(ForkTwice);
        using TestQueue kq = new();
        Add(kq, child.Id, ProcessNotes.Fork | ProcessNotes.Exit);
        child.Proceed();
        Expect(kq.One(), child.Id, ProcessNotes.Fork, 0);
        child.Proceed();
        kq.Quiet();
    }

    [Test]
    public void TrackedChildInTwoEntries([Values] bool netBsd)
    {
        using TestChild child = new(ForkWaiter);
        using TestQueue kq = new(netBsd ? Dialect.NetBsd : Dialect.FreeBsd);
        Add(kq, child.Id, ProcessNotes.Track | ProcessNotes.Exit);
        child.Proceed();
        KEvent born = kq.One();
        Expect(born, born.Ident, ProcessNotes.Child, (long)child.Id);
        Assert.That(born.Ident, Is.Not.EqualTo(child.Id));
        kq.Quiet();
        child.Proceed();
        Expect(kq.One(), born.Ident, ProcessNotes.Exit, 9);
        child.Proceed();
        Expect(kq.One(), child.Id, ProcessNotes.Exit, 4);
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void TrackedChildInOneEntry()
    {
        using TestChild child = new(ForkWaiter);
        using TestQueue kq = new(Dialect.OpenBsd);
        Add(kq, child.Id, ProcessNotes.Track | ProcessNotes.Fork);
        child.Proceed();
        List<KEvent> events = Until(kq, e => e.FFlags == (uint)ProcessNotes.Child, e => e.FFlags == (uint)ProcessNotes.Fork);
        KEvent born = events.Single(e => e.FFlags == (uint)ProcessNotes.Child);
        Expect(born, born.Ident, ProcessNotes.Child, (long)child.Id);
        Expect(events.Single(e => e.Ident == child.Id), child.Id, ProcessNotes.Fork, 0);
    }

    [Test]
    public void TrackedGrandchild()
    {
        using TestChild child = new(ForkTwice);
        using TestQueue kq = new();
        Add(kq, child.Id, ProcessNotes.Track);
        child.Proceed();
        KEvent born = kq.One();
        Expect(born, born.Ident, ProcessNotes.Child, (long)child.Id);
        child.Proceed();
        KEvent grandchild = kq.One();
        Expect(grandchild, grandchild.Ident, ProcessNotes.Child, (long)born.Ident);
    }

    [Test]
    public void OneProcessInTwoQueues()
    {
        using TestChild child = new(ForkWaiter);
        using TestQueue a = new();
        using TestQueue b = new();
        Add(a, child.Id, ProcessNotes.Fork);
        Add(b, child.Id, ProcessNotes.Track);
        child.Proceed();
        Expect(a.One(), child.Id, ProcessNotes.Fork, 0);
        Assert.That((ProcessNotes)b.One().FFlags, Is.EqualTo(ProcessNotes.Child));
        a.Quiet();
        b.Quiet();
    }

    [Test]
    public void TrackedChildIsAddedByHand()
    {
        using TestChild child = new(ForkTwice);
        using TestQueue kq = new();
        Add(kq, child.Id, ProcessNotes.Track);
        child.Proceed();
        nuint born = kq.One().Ident;
        kq.Apply(born, EventFilter.Process, EventFlags.Delete);
        Add(kq, born, ProcessNotes.Fork);
        child.Proceed();
        Expect(kq.One(), born, ProcessNotes.Fork, 0);
        kq.Quiet();
    }

    [Test]
    public void DeletedAndAddedAgain()
    {
        using TestChild child = new(ForkWaiter);
        using TestQueue kq = new();
        for (int i = 0; i < 5; i++)
        {
            Add(kq, child.Id, ProcessNotes.Fork);
            kq.Apply(child.Id, EventFilter.Process, EventFlags.Delete);
        }

        Add(kq, child.Id, ProcessNotes.Track);
        child.Proceed();
        Expect(kq.One(), null, ProcessNotes.Child, (long)child.Id);
        kq.Quiet();
    }

    [Test]
    public void NobodyEndsWithTheQueue()
    {
        using TestChild child = new(ForkWaiter);
        Process born;
        using (TestQueue kq = new())
        {
            Add(kq, child.Id, ProcessNotes.Track);
            child.Proceed();
            born = Process.GetProcessById((int)kq.One().Ident);
        }

        child.Proceed();
        Assert.That(born.WaitForExit(TestQueue.Patience), Is.True);
        child.Proceed();
        Assert.That(child.WaitForExit(), Is.EqualTo(4));
        born.Dispose();
    }

    [Test]
    public void AskedForLater()
    {
        using TestChild child = new(ForkWaiter);
        using TestQueue kq = new();
        Add(kq, child.Id, ProcessNotes.Exit);
        Add(kq, child.Id, ProcessNotes.Exit | ProcessNotes.Fork);
        child.Proceed();
        Expect(kq.One(), child.Id, ProcessNotes.Fork, 0);
    }

    [Test]
    public void NoLongerAskedFor()
    {
        using TestChild child = new(ForkWaiter);
        using TestQueue kq = new();
        Add(kq, child.Id, ProcessNotes.Exit | ProcessNotes.Fork | ProcessNotes.Track);
        Add(kq, child.Id, ProcessNotes.Exit);
        child.Proceed();
        kq.Quiet();
    }

    [Test]
    public void GoneBeforeItWasLookedAt()
    {
        using TestChild child = new("cmd /c exit 9& echo.& set /p y=& exit 4");
        using TestQueue kq = new();
        Add(kq, child.Id, ProcessNotes.Fork | ProcessNotes.Track);
        child.Proceed();

        // It writes this when what it has forked has ended; that goes a moment later.
        child.Process.StandardOutput.ReadLine();
        Assert.That(SpinWait.SpinUntil(() => ChildOf(child.Id) == 0, TestQueue.Patience), Is.True);
        Expect(kq.One(), child.Id, ProcessNotes.Fork | ProcessNotes.TrackError, 0);
        kq.Quiet();
    }

    /// <summary>Windows does not promise to deliver what a job tells.</summary>
    [Test]
    public void LostMessageOfAFork()
    {
        OpenBackend backend = new();
        using TestChild child = new(ForkWaiter);
        using TestQueue kq = new(backend: backend);
        Add(kq, child.Id, ProcessNotes.Track | ProcessNotes.Exit);
        kq.Quiet();
        child.Proceed();
        Assert.That(Take(backend.Poller.Port), Is.EqualTo(Native.NewProcess));
        kq.Quiet();
        using Process born = Process.GetProcessById((int)ChildOf(child.Id));
        nint kept = born.Handle;
        child.Proceed();
        List<KEvent> events = Until(kq, e => e.FFlags == (uint)ProcessNotes.Child, e => e.Ident != child.Id && e.IsEof);
        Assert.That(events[^1].Data, Is.EqualTo(9), Text(events));
        Assert.That(kept, Is.Not.Zero);
    }

    [Test]
    public void OwnForksByManyThreads()
    {
        const int count = 12;
        using TestQueue kq = new();
        Add(kq, (nuint)Environment.ProcessId, ProcessNotes.Track);
        List<KEvent> seen = [];
        using CancellationTokenSource stop = new(TestQueue.Patience);
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            KEvent[] events = new KEvent[2];
            try
            {
                while (true)
                {
                    int n = kq.Queue.Wait(events, Timeout.InfiniteTimeSpan, stop.Token);
                    lock (seen)
                    {
                        seen.AddRange(events[..n]);
                        if (seen.Count(e => e.FFlags == (uint)ProcessNotes.Child) >= count)
                            stop.Cancel();
                    }
                }
            }
            catch (OperationCanceledException)
            {
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        TestChild[] children = [.. Enumerable.Range(0, count).Select(_ => new TestChild("exit 0"))];
        foreach (Thread thread in threads)
            thread.Join();
        nuint[] born = [.. seen.Where(e => e.FFlags == (uint)ProcessNotes.Child).Select(e => e.Ident)];
        foreach (TestChild child in children)
        {
            Assert.That(born, Does.Contain(child.Id), Text(seen));
            child.Dispose();
        }
    }

    [Test]
    public void ForkBeforeExitByManyThreads([Range(1, 5)] int round)
    {
        using TestChild child = new(ForkAndExit);
        using TestQueue kq = new();
        Add(kq, child.Id, ProcessNotes.Fork | ProcessNotes.Exit);
        uint seen = 0;
        uint seenWithExit = 0;
        using CancellationTokenSource stop = new(TestQueue.Patience);
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            KEvent[] events = new KEvent[1];
            try
            {
                while (kq.Queue.Wait(events, Timeout.InfiniteTimeSpan, stop.Token) == 1)
                {
                    Interlocked.Or(ref seen, events[0].FFlags);
                    if (!events[0].IsEof)
                        continue;
                    Volatile.Write(ref seenWithExit, events[0].FFlags);
                    stop.CancelAfter(TestQueue.Silence);
                }
            }
            catch (OperationCanceledException)
            {
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        child.Proceed();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.That((seen, seenWithExit & (uint)ProcessNotes.Exit), Is.EqualTo(((uint)(ProcessNotes.Fork | ProcessNotes.Exit), (uint)ProcessNotes.Exit)), $"round {round}");
    }

    [Test]
    public void ExecIsRefused()
    {
        using TestChild child = new("exit 0");
        using TestQueue kq = new();
        Assert.That(Try(kq, child.Id, ProcessNotes.Exec | ProcessNotes.Exit), Is.EqualTo(Errno.ENOTSUP));
        using TestQueue macOs = new(Dialect.MacOs);
        Assert.That(Try(macOs, child.Id, ProcessNotes.Track), Is.EqualTo(Errno.ENOTSUP));
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void MayNotBeAssigned()
    {
        using TestChild child = new("exit 6");
        ProcessRights.Restrict(child.Process.Handle);
        using TestQueue kq = new();
        Assert.That(Try(kq, child.Id, ProcessNotes.Fork), Is.EqualTo(Errno.EPERM));
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
        Add(kq, child.Id, ProcessNotes.Exit);
        child.Proceed();
        Expect(kq.One(), child.Id, ProcessNotes.Exit, 6);
    }

    [Test]
    public void ExitedBeforeTheRegistration()
    {
        using TestChild child = new("exit 5");
        nint kept = child.Process.Handle;
        child.Proceed();
        child.WaitForExit();
        using TestQueue kq = new();
        Add(kq, child.Id, ProcessNotes.Fork | ProcessNotes.Exit);
        Expect(kq.One(), child.Id, ProcessNotes.Exit, 5);
        Assert.That(Try(kq, child.Id, ProcessNotes.Fork), Is.EqualTo(Errno.ESRCH));
        Assert.That(kept, Is.Not.Zero);
    }

    private static void Add(TestQueue kq, nuint process, ProcessNotes notes) => kq.Add(process, EventFilter.Process, notes: (uint)notes);

    private static Errno Try(TestQueue kq, nuint process, ProcessNotes notes)
    {
        KEvent[] records = new KEvent[1];
        kq.Queue.Control([new KEvent(process, EventFilter.Process, EventFlags.Add | EventFlags.Receipt, (uint)notes, 0)], records, TimeSpan.Zero);
        return (Errno)records[0].Data;
    }

    private static void Expect(KEvent e, nuint? process, ProcessNotes notes, long data) => Assert.That(
        (e.Ident, (ProcessNotes)e.FFlags, e.Data), Is.EqualTo((process ?? e.Ident, notes, data)), TestQueue.Describe([e]));

    private static List<KEvent> Until(TestQueue kq, params Func<KEvent, bool>[] all)
    {
        List<KEvent> events = [];
        KEvent[] some = new KEvent[8];
        while (!all.All(wanted => events.Exists(e => wanted(e))))
        {
            int count = kq.Queue.Wait(some, TestQueue.Patience);
            Assert.That(count, Is.Not.Zero, () => $"no more came after\n{Text(events)}");
            events.AddRange(some[..count]);
        }

        return events;
    }

    /// <summary>A child that can still be opened, by trying the numbers that follow; 0 for none.</summary>
    private static nuint ChildOf(nuint parent)
    {
        const nuint range = 4_096;
        for (nuint id = parent + 4; id < parent + range; id += 4)
        {
            if (Sys.OpenProcess(id, out nint process) != Errno.None)
                continue;
            bool isIt = Sys.ParentOf(process) == parent;
            Sys.Close(process);
            if (isIt)
                return id;
        }

        return 0;
    }

    private static string Text(List<KEvent> events) => TestQueue.Describe([.. events]);

    /// <summary>Takes a packet out of the queue's port, so that the queue never hears of it.</summary>
    private static uint Take(nint port)
    {
        Span<byte> packet = stackalloc byte[32];
        Assert.That(Sys.TakePackets(port, packet, (uint)TestQueue.Patience.TotalMilliseconds), Is.EqualTo(1));
        return BitConverter.ToUInt32(packet[24..]);
    }
}
