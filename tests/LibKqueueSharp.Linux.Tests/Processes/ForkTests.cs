using LibKqueueSharp.Linux.Tests.Deviations;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests.Processes;

/// <summary>NOTE_FORK, NOTE_EXEC and NOTE_TRACK, where the kernel's process connector answers.</summary>
internal sealed class ForkTests : LinuxFixture
{
    private const EventFlags Over = EventFlags.Clear | EventFlags.Eof | EventFlags.OneShot;
    private const uint Exit = (uint)ProcessNotes.Exit;
    private const uint Fork = (uint)ProcessNotes.Fork;
    private const uint Exec = (uint)ProcessNotes.Exec;
    private const uint Track = (uint)ProcessNotes.Track;
    private const uint ChildNote = (uint)ProcessNotes.Child;

    /// <summary>A shell that forks a child and says its id. The next word ends the child, the one after it the shell.</summary>
    private const string Forking = "exec 3<&0; read go; (read go <&3; exit 8) & echo $!; wait; read go; exit 3";

    [SetUp]
    public void RequireConnector()
    {
        if (!ProcessConnector.IsAvailable())
            Assert.Inconclusive("the process connector is closed here; ConnectorTests covers that");
    }

    [Test]
    public void ForkExecAndExitInTheirOrder()
    {
        Child child = Keep(Child.Start("read go; (exit 1); echo forked; read go; exec /bin/sh -c 'echo executed; read go; exit 5'"));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Fork | Exec | Exit);
        q.ExpectNothing();
        child.Go();
        Assert.That(q.WaitOne(), Is.EqualTo(Told(child.Id, Fork)));
        Assert.That(child.ReadLine(), Is.EqualTo("forked"));
        q.ExpectNothing();
        child.Go();
        Assert.That(q.WaitOne(), Is.EqualTo(Told(child.Id, Exec)));
        Assert.That(child.ReadLine(), Is.EqualTo("executed"));
        child.Go();
        Assert.That(q.WaitOne(), Is.EqualTo(ExitTests.Exited(child.Id, 5 << 8)));
        Assert.That(q.Queue.DescriptorCount, Is.EqualTo(2), "the connector is closed with the last who needs it");
    }

    [Test]
    public void AllAtOnceIsOneEvent()
    {
        // PROC-015. The order in which the set reports the pidfd and the connector does not matter.
        for (int i = 0; i < 20; i++)
        {
            Child child = Keep(Child.Start("read go; (exit 1); exec /bin/sh -c 'exit 5'"));
            TestQueue q = NewQueue();
            q.Add(child.Id, EventFilter.Process, 0, Fork | Exec | Exit);
            child.Go();
            child.WaitDead();
            Assert.That(q.Poll(), Is.EqualTo(new[] { Told(child.Id, Fork | Exec | Exit, Over, 5 << 8) }));
        }
    }

    [Test]
    public void OnlyWhatWasAskedFor()
    {
        Child child = Keep(Child.Start("read go; (exit 1); exec /bin/sh -c 'echo executed; read go'"));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Exec);
        child.Go();
        Assert.That(child.ReadLine(), Is.EqualTo("executed"));
        Assert.That(q.Poll(), Is.EqualTo(new[] { Told(child.Id, Exec) }));
    }

    [Test]
    public void ForksBeforeTheRegistrationAreNotTold()
    {
        // The other registration keeps the connector open, so that the fork is on record when the new one is made.
        TestQueue q = NewQueue();
        q.Add(Environment.ProcessId, EventFilter.Process, 0, Fork);
        Child child = Keep(Child.Start("read go; (exit 1); echo forked; read go; (exit 2); echo again; read end"));
        child.Go();
        Assert.That(child.ReadLine(), Is.EqualTo("forked"));
        q.Add(child.Id, EventFilter.Process, 0, Fork);
        Assert.That(q.Poll().Select(e => (int)e.Ident), Is.EqualTo(new[] { Environment.ProcessId }), "what happened to this process itself");
        child.Go();
        Assert.That(child.ReadLine(), Is.EqualTo("again"));
        Assert.That(q.Poll(), Is.EqualTo(new[] { Told(child.Id, Fork) }));
    }

    [Test]
    public void ThreadsAreNoForks()
    {
        TestQueue q = NewQueue();
        q.Add(Environment.ProcessId, EventFilter.Process, 0, Fork);
        for (int i = 0; i < 20; i++)
        {
            Thread t = new(() => { });
            t.Start();
            t.Join();
        }

        q.ExpectNothing();
    }

    [Test]
    public void TrackedChildIsAnEntryOfItsOwn()
    {
        foreach (Dialect dialect in (Dialect[])[Dialect.FreeBsd, Dialect.NetBsd])
        {
            Child child = Keep(Child.Start(Forking));
            TestQueue q = NewQueue(dialect);
            q.Add(child.Id, EventFilter.Process, 0, Track | Exit, udata: 5);
            child.Go();
            int grandchild = child.ReadNumber();
            Assert.That(Plain(q.WaitOne()), Is.EqualTo(Told(grandchild, ChildNote, EventFlags.Clear | EventFlags.OneShot, child.Id, 5)), dialect.Name);
            child.Go();
            Assert.That(Plain(q.WaitOne()), Is.EqualTo(Told(grandchild, Exit, Over, 8 << 8, 5)), dialect.Name);
            child.Go();
            Assert.That(Plain(q.WaitOne()), Is.EqualTo(Told(child.Id, Exit, Over, 3 << 8, 5)), dialect.Name);
        }
    }

    [Test]
    public void TrackedChildThatIsGoneAlready([Values] bool separate)
    {
        // The child has been reaped when its fork is learnt of: its status comes from the connector.
        Child child = Keep(Child.Start("read go; (exit 7); echo over; read go"));
        TestQueue q = NewQueue(separate ? Dialect.FreeBsd : Dialect.OpenBsd);
        q.Add(child.Id, EventFilter.Process, 0, Track | Exit);
        child.Go();
        Assert.That(child.ReadLine(), Is.EqualTo("over"));
        KEvent[] events = [.. q.Poll().Select(Plain)];
        int grandchild = (int)events[0].Ident;
        Assert.That(grandchild, Is.Not.EqualTo(child.Id));
        Assert.That(events, Is.EqualTo(separate
            ? new[] { Told(grandchild, ChildNote, EventFlags.Clear | EventFlags.OneShot, child.Id), Told(grandchild, Exit, Over, 7 << 8) }
            : [Told(grandchild, ChildNote | Exit, Over, 7 << 8)]));
    }

    [Test]
    public void TrackingIsRecursive()
    {
        Child child = Keep(Child.Start("read go; ((echo deep; read go) <&0; exit 4) <&0; exit 3"));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Track | Fork | Exit);
        child.Go();
        Assert.That(child.ReadLine(), Is.EqualTo("deep"));
        KEvent[] events = q.Poll();
        KEvent[] children = [.. events.Where(e => e.FFlags == ChildNote)];
        Assert.That(children, Has.Length.EqualTo(2), string.Join(' ', events));
        Assert.That(children[0].Data, Is.EqualTo(child.Id), string.Join(' ', events));
        Assert.That(children[1].Data, Is.EqualTo((long)children[0].Ident), string.Join(' ', events));
        Assert.That(events.Where(e => e.FFlags == Fork).Select(e => (int)e.Ident), Is.EquivalentTo(new[] { child.Id, (int)children[0].Ident }), string.Join(' ', events));
    }

    [Test]
    public void DeletedChildIsSilent()
    {
        Child child = Keep(Child.Start(Forking));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Track | Exit);
        child.Go();
        int grandchild = child.ReadNumber();
        q.Delete(grandchild, EventFilter.Process);
        q.ExpectNothing("neither NOTE_CHILD nor anything else");
        child.Go();
        child.Go();
        Assert.That(q.WaitOne(), Is.EqualTo(ExitTests.Exited(child.Id, 3 << 8)));
    }

    [Test]
    public void ChildThatCannotBeWatchedIsToldToTheParent()
    {
        if (NoDescriptors.AreElsewhere())
            return;
        Child child = Keep(Child.Start(Forking));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Track | Exit);
        child.Go();
        int grandchild = child.ReadNumber();
        KEvent[] events = NoDescriptors.While(() => q.Poll());
        Assert.That(events, Is.EqualTo(new[] { Told(child.Id, (uint)ProcessNotes.TrackError) }));
        Assert.That(q.TryDelete(grandchild, EventFilter.Process), Is.EqualTo(Errno.ENOENT));
    }

    [Test, Deviation("forks-may-be-lost")]
    public void OverflowIsTold()
    {
        // More forks than the socket holds, all before the queue looks.
        Child child = Keep(Child.Start("read go; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do (exit 0); done; echo over; read go; exit 3"));
        TestQueue q = Keep(new TestQueue(null, new LinuxBackend(TimeProvider.System, connectorRoom: 1)));
        q.Add(child.Id, EventFilter.Process, 0, Fork | Exit);
        q.Add(Environment.ProcessId, EventFilter.Process, 0, Exec);
        child.Go();
        Assert.That(child.ReadLine(), Is.EqualTo("over"));
        KEvent[] events = q.Poll();
        Assert.That(events, Is.EquivalentTo(new[]
        {
            Told(child.Id, Fork | (uint)ProcessNotes.TrackError),
            Told(Environment.ProcessId, Exec | (uint)ProcessNotes.TrackError),
        }));
        child.Go();
        Assert.That(WithoutTrackError(q.WaitOne()), Is.EqualTo(ExitTests.Exited(child.Id, 3 << 8)), "and it goes on");
    }

    [Test]
    public void TrackedChildWhoseExitIsLostIsTakenForGone([Values(1, 1600, 2000, 2400)] int room)
    {
        // Rooms that are one message apart: in some the last message is of a fork, and the exit of the same child is lost.
        Child child = Keep(Child.Start("read go; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do (exit 6); done; echo over; read go; exit 3"));
        TestQueue q = Keep(new TestQueue(null, new LinuxBackend(TimeProvider.System, connectorRoom: room)));
        q.Add(child.Id, EventFilter.Process, 0, Track | Exit);
        child.Go();
        Assert.That(child.ReadLine(), Is.EqualTo("over"));
        // The exit of a child that was told of comes with the next call.
        KEvent[] events = [.. q.Poll(), .. q.Poll()];
        Assert.That(events.Where(e => (int)e.Ident == child.Id), Is.EqualTo(new[] { Told(child.Id, (uint)ProcessNotes.TrackError) }));
        Assert.That(events.Count(e => e.FFlags == ChildNote), Is.EqualTo(events.Count(e => (e.FFlags & Exit) != 0)), string.Join(' ', events));
        child.Go();
        Assert.That(WithoutTrackError(q.WaitOne()), Is.EqualTo(ExitTests.Exited(child.Id, 3 << 8)));
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void DisposingWhileTrackingLeavesNothingOpen()
    {
        Child child = Keep(Child.Start(Forking));
        using (TestQueue q = new())
        {
            q.Add(child.Id, EventFilter.Process, 0, Track | Exit);
            child.Go();
            child.ReadNumber();
            Assert.That(q.Collect(1, KeventTimeout.FromTimeSpan(Eventually.Limit)), Has.Length.EqualTo(1));
            Assert.That(q.Queue.DescriptorCount, Is.EqualTo(5), "two, the connector, two processes");
        }

        child.Go();
        child.Go();
    }

    [Test]
    public void StormOfForksIsTrackedToItsEnd()
    {
        int forks = Rounds.Of(quick: 300, thorough: 1500);
        Child child = Keep(Child.Start($"read go; i=0; while [ $i -lt {forks} ]; do (exit 4) & i=$((i+1)); done; wait; echo over; read go; exit 3"));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Track | Exit);
        child.Go();
        Task<string> over = Task.Run(child.ReadLine);
        (int born, int ended) = (0, 0);
        Eventually.Holds(
            () =>
            {
                foreach (KEvent e in q.Poll())
                {
                    Assert.That(e.FFlags, Is.EqualTo(ChildNote).Or.EqualTo(Exit), e.ToString());
                    if (e.FFlags == ChildNote)
                        born++;
                    else
                        ended++;
                    Assert.That(born, Is.GreaterThanOrEqualTo(ended), "a child is told before its exit");
                }

                return over.IsCompleted && ended == forks;
            },
            () => $"{born} children, {ended} exits of {forks}");
        Assert.That((born, over.Result), Is.EqualTo((forks, "over")));
        Assert.That((q.Queue.KnoteCount, q.Queue.DescriptorCount), Is.EqualTo((1, 4)), "the shell, its pidfd and the connector");
        child.Go();
        Assert.That(q.WaitOne(), Is.EqualTo(ExitTests.Exited(child.Id, 3 << 8)));
    }

    [Test]
    public void ClosingOneQueueLeavesTheForksOfAnother()
    {
        Child child = Keep(Child.Start("read go; (exit 1); echo forked; read go; exit 3"));
        TestQueue q = NewQueue();
        q.Add(child.Id, EventFilter.Process, 0, Fork);
        using (TestQueue other = new())
            other.Add(child.Id, EventFilter.Process, 0, Fork);
        child.Go();
        Assert.That(q.WaitOne(), Is.EqualTo(Told(child.Id, Fork)));
    }

    [Test]
    public void MacOsRefusesTracking() =>
        Assert.That(
            NewQueue(Dialect.MacOs).Try(new KEvent((nuint)Environment.ProcessId, EventFilter.Process, EventFlags.Add, Track)),
            Is.EqualTo(Errno.ENOTSUP));

    /// <summary>What others on the machine do can overflow a small room again.</summary>
    private static KEvent WithoutTrackError(KEvent e) =>
        new(e.Ident, e.Filter, e.Flags, e.FFlags & ~(uint)ProcessNotes.TrackError, e.Data, e.UData);

    private static KEvent Told(int id, uint fflags, EventFlags flags = EventFlags.Clear, long data = 0, nint udata = 0) =>
        new((nuint)id, EventFilter.Process, flags, fflags, data, udata);

    /// <summary>Without the actions that some dialects echo.</summary>
    private static KEvent Plain(KEvent e) =>
        new(e.Ident, e.Filter, e.Flags & ~(EventFlags.Add | EventFlags.Enable), e.FFlags, e.Data, e.UData);
}
