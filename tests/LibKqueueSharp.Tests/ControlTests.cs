namespace LibKqueueSharp.Tests;

/// <summary>Control against a queue whose answers the test gives.</summary>
public sealed class ControlTests
{
    private static readonly KEvent s_first = new(1, EventFilter.User, EventFlags.Add);
    private static readonly KEvent s_second = new(2, EventFilter.User, EventFlags.Delete, 3, 4, 5);
    private static readonly KEvent s_third = new(3, EventFilter.User, EventFlags.Add);

    private static Kqueue Open(FakeQueue queue) => Kqueue.Create(new FakeBackend(_ => queue), queue.Dialect);

    private static int Answer(int count, Errno answer, out Errno error)
    {
        error = answer;
        return count;
    }

    [Test]
    public void InterruptedWaitGoesOnForTheRestWithoutTheChanges()
    {
        int calls = 0;
        FakeQueue fake = new(Dialect.FreeBsd, (_, _, _, _, out error) =>
        {
            Thread.Sleep(20);
            return ++calls < 3 ? Answer(-1, Errno.EINTR, out error) : Answer(0, Errno.None, out error);
        });
        using Kqueue queue = Open(fake);
        int count = queue.Control([s_first], new KEvent[1], TimeSpan.FromSeconds(10));
        Assert.Multiple(() =>
        {
            Assert.That(count, Is.Zero);
            Assert.That(fake.Changelists, Is.EqualTo(new KEvent[][] { [s_first], [], [] }));
            Assert.That(fake.Timeouts[0].Nanoseconds, Is.EqualTo(10_000_000_000));
            Assert.That(fake.Timeouts[1].Nanoseconds, Is.LessThanOrEqualTo(9_981_000_000));
            Assert.That(fake.Timeouts[2].Nanoseconds, Is.LessThanOrEqualTo(9_962_000_000));
        });
    }

    [Test]
    public void InterruptedWaitWhoseTimeIsOverPollsOnce()
    {
        int calls = 0;
        FakeQueue fake = new(Dialect.FreeBsd, (_, events, _, _, out error) =>
        {
            Thread.Sleep(20);
            if (++calls == 1)
                return Answer(-1, Errno.EINTR, out error);
            events[0] = s_first;
            return Answer(1, Errno.None, out error);
        });
        using Kqueue queue = Open(fake);
        KEvent[] events = new KEvent[1];
        Assert.That(queue.Wait(events, TimeSpan.FromMilliseconds(5)), Is.EqualTo(1));
        Assert.Multiple(() =>
        {
            Assert.That(fake.Timeouts[1], Is.EqualTo(KeventTimeout.Zero));
            Assert.That(events[0], Is.EqualTo(s_first));
        });
    }

    [Test]
    public void InterruptedEndlessWaitStaysEndless()
    {
        int calls = 0;
        FakeQueue fake = new(Dialect.FreeBsd, (_, _, _, _, out error) =>
            ++calls < 3 ? Answer(-1, Errno.EINTR, out error) : Answer(1, Errno.None, out error));
        using Kqueue queue = Open(fake);
        queue.Wait(new KEvent[1], Timeout.InfiniteTimeSpan);
        Assert.That(fake.Timeouts, Is.EqualTo(Enumerable.Repeat(KeventTimeout.Infinite, 3)));
    }

    [Test]
    public void FailureWithoutRoomNamesTheChangeAmongSeveral()
    {
        FakeQueue fake = new(Dialect.FreeBsd, (changes, _, _, _, out error) =>
            changes.Contains(s_second) ? Answer(-1, Errno.ENOENT, out error) : Answer(0, Errno.None, out error));
        using Kqueue queue = Open(fake);
        KqueueException failure = Assert.Throws<KqueueException>(() => queue.Apply([s_first, s_second, s_third]))!;
        Assert.Multiple(() =>
        {
            Assert.That(failure.Error, Is.EqualTo(Errno.ENOENT));
            Assert.That(failure.Change, Is.EqualTo(s_second));
            Assert.That(failure.Message, Does.Contain(s_second.ToString()).And.Contain("ENOENT"));
            Assert.That(fake.Changelists.SelectMany(list => list), Is.EqualTo(new[] { s_first, s_second }));
        });
    }

    [Test]
    public void FailureWithTooLittleRoomNamesNoChange()
    {
        FakeQueue fake = new(Dialect.FreeBsd, (_, _, _, _, out error) => Answer(-1, Errno.ENOENT, out error));
        using Kqueue queue = Open(fake);
        KqueueException failure = Assert.Throws<KqueueException>(
            () => queue.Control([s_first, s_second, s_third], new KEvent[1], TimeSpan.Zero))!;
        Assert.Multiple(() =>
        {
            Assert.That(failure.Error, Is.EqualTo(Errno.ENOENT));
            Assert.That(failure.Change, Is.Null);
        });
    }

    [Test]
    public void FailureOfTheTimeoutNamesNoChange()
    {
        FakeQueue fake = new(Dialect.OpenBsd, (_, _, timeout, _, out error) =>
            Answer(-1, timeout.IsValid ? Errno.None : Errno.EINVAL, out error));
        using Kqueue queue = Open(fake);
        KqueueException failure = Assert.Throws<KqueueException>(
            () => queue.Control([s_first], [], TimeSpan.FromSeconds(-5)))!;
        Assert.Multiple(() =>
        {
            Assert.That(failure.Error, Is.EqualTo(Errno.EINVAL));
            Assert.That(failure.Change, Is.Null);
        });
    }

    [Test]
    public void ReceiptsWithoutRoomGoInOneCall()
    {
        KEvent receipt = new(1, EventFilter.User, EventFlags.Add | EventFlags.Receipt);
        FakeQueue fake = new(Dialect.FreeBsd, (_, _, _, _, out error) => Answer(0, Errno.None, out error));
        using Kqueue queue = Open(fake);
        queue.Apply([s_first, receipt]);
        Assert.That(fake.Changelists, Is.EqualTo(new KEvent[][] { [s_first, receipt] }));
    }

    [Test]
    public void BadDescriptorOfAChangeIsNotADisposedQueue()
    {
        FakeQueue fake = new(Dialect.FreeBsd, (_, _, _, _, out error) => Answer(-1, Errno.EBADF, out error));
        using Kqueue queue = Open(fake);
        KqueueException failure = Assert.Throws<KqueueException>(() => queue.Apply(s_first))!;
        Assert.That(failure.Change, Is.EqualTo(s_first));
    }

    [Test]
    public void EventsTakenByACancelledWaitAreReturned()
    {
        using CancellationTokenSource source = new();
        FakeQueue fake = new(Dialect.FreeBsd, (_, events, _, _, out error) =>
        {
            source.Cancel();
            events[0] = s_first;
            return Answer(1, Errno.None, out error);
        });
        using Kqueue queue = Open(fake);
        KEvent[] events = new KEvent[1];
        Assert.That(queue.Wait(events, Support.Long, source.Token), Is.EqualTo(1));
        Assert.Multiple(() =>
        {
            Assert.That(events[0], Is.EqualTo(s_first));
            Assert.That(fake.Interrupted, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public void CancelledBeforeTheCallAppliesNothing()
    {
        FakeQueue fake = new(Dialect.FreeBsd, (_, _, _, _, out error) => Answer(0, Errno.None, out error));
        using Kqueue queue = Open(fake);
        CancellationToken cancelled = new(canceled: true);
        OperationCanceledException failure = Assert.Throws<OperationCanceledException>(
            () => queue.Control([s_first], new KEvent[1], Support.Long, cancelled))!;
        Assert.Multiple(() =>
        {
            Assert.That(failure.CancellationToken, Is.EqualTo(cancelled));
            Assert.That(fake.Changelists, Is.Empty);
        });
    }

    [Test]
    public void PollNeedsNoCancellation()
    {
        WaitCancellation? seen = null;
        FakeQueue fake = new(Dialect.FreeBsd, (_, _, _, cancellation, out error) =>
        {
            seen = cancellation;
            return Answer(0, Errno.None, out error);
        });
        using Kqueue queue = Open(fake);
        using CancellationTokenSource source = new();
        queue.Wait(new KEvent[1], TimeSpan.Zero, source.Token);
        Assert.That(seen, Is.Null);
    }

    [Test]
    public void WaitRefusesNegativeTimes()
    {
        FakeQueue fake = new(Dialect.FreeBsd, (_, _, _, _, out error) => Answer(0, Errno.None, out error));
        using Kqueue queue = Open(fake);
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Wait(new KEvent[1], TimeSpan.FromSeconds(-5)));
        Assert.That(fake.Timeouts, Is.Empty);
    }

    [TestCase("freebsd", EventFlags.KeepUData)]
    [TestCase("netbsd", EventFlags.None)]
    [TestCase("openbsd", EventFlags.None)]
    [TestCase("macos", EventFlags.None)]
    public void KeepUDataIsAskedForWhereItMeansSomething(string dialect, EventFlags expected)
    {
        FakeQueue fake = new(Dialect.Find(dialect)!, (_, _, _, _, out error) => Answer(0, Errno.None, out error));
        using Kqueue queue = Open(fake);
        queue.Trigger(7, UserNotes.Or | (UserNotes)4, data: 9);
        queue.Enable(8, EventFilter.Read, notes: 1, data: 2);
        queue.Disable(8, EventFilter.Read, notes: 1, data: 2);
        Assert.That(fake.Changelists.SelectMany(list => list), Is.EqualTo(new KEvent[]
        {
            new(7, EventFilter.User, expected, (uint)(UserNotes.Trigger | UserNotes.Or) | 4, 9),
            new(8, EventFilter.Read, EventFlags.Enable | expected, 1, 2),
            new(8, EventFilter.Read, EventFlags.Disable | expected, 1, 2),
        }));
    }

    [Test]
    public void TimesAreTurnedIntoUnitsAndRoundedUp()
    {
        FakeQueue fake = new(Dialect.FreeBsd, (_, _, _, _, out error) => Answer(0, Errno.None, out error));
        using Kqueue queue = Open(fake);
        queue.AddTimer(1, TimeSpan.FromSeconds(2), EventFlags.OneShot, udata: 5);
        queue.AddTimer(2, TimeSpan.FromTicks(11));
        queue.AddTimer(3, TimeSpan.MaxValue);
        queue.AddDeadline(4, DateTimeOffset.UnixEpoch.AddTicks(21), udata: 6);
        queue.AddDeadline(5, DateTimeOffset.MaxValue);
        uint absolute = (uint)(TimerNotes.Absolute | TimerNotes.Microseconds);
        Assert.That(fake.Changelists.SelectMany(list => list), Is.EqualTo(new KEvent[]
        {
            new(1, EventFilter.Timer, EventFlags.Add | EventFlags.OneShot, 0, 2000, 5),
            new(2, EventFilter.Timer, EventFlags.Add, (uint)TimerNotes.Microseconds, 2),
            new(3, EventFilter.Timer, EventFlags.Add, (uint)TimerNotes.Microseconds, 922_337_203_685_477_581),
            new(4, EventFilter.Timer, EventFlags.Add | EventFlags.OneShot, (uint)TimerNotes.Nanoseconds, 1, 6),
            new(5, EventFilter.Timer, EventFlags.Add | EventFlags.OneShot, absolute, 253_402_300_800_000_000),
        }));
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.AddTimer(1, TimeSpan.FromTicks(-1)));
    }

    [TestCase(Errno.ESRCH, false)]
    [TestCase(Errno.None, true)]
    public void NoSuchProcessIsFalse(Errno answer, bool expected)
    {
        FakeQueue fake = new(Dialect.FreeBsd, (_, _, _, _, out error) => Answer(0, answer, out error));
        using Kqueue queue = Open(fake);
        Assert.That(queue.TryAddProcess(12, udata: 3), Is.EqualTo(expected));
        KEvent change = new(12, EventFilter.Process, EventFlags.Add, (uint)ProcessNotes.Exit, 0, 3);
        Assert.That(fake.Changelists, Is.EqualTo(new KEvent[][] { [change] }));
    }

    [TestCase(Errno.ENOENT, false)]
    [TestCase(Errno.None, true)]
    public void AbsentRegistrationIsFalse(Errno answer, bool expected)
    {
        FakeQueue fake = new(Dialect.FreeBsd, (_, _, _, _, out error) => Answer(0, answer, out error));
        using Kqueue queue = Open(fake);
        Assert.That(queue.TryDelete(12, EventFilter.Timer), Is.EqualTo(expected));
    }

    [Test]
    public void OtherErrorsOfTryCallsAreThrown()
    {
        FakeQueue fake = new(Dialect.FreeBsd, (_, _, _, _, out error) => Answer(-1, Errno.EACCES, out error));
        using Kqueue queue = Open(fake);
        Assert.Multiple(() =>
        {
            Assert.That(Assert.Throws<KqueueException>(() => queue.TryAddProcess(1))!.Error, Is.EqualTo(Errno.EACCES));
            Assert.That(Assert.Throws<KqueueException>(() => queue.TryDelete(1, EventFilter.Read))!.Error, Is.EqualTo(Errno.EACCES));
        });
    }

    [Test]
    public void OptionsReachTheBackend()
    {
        Dialect? seen = null;
        FakeBackend backend = new(dialect =>
        {
            seen = dialect;
            return new FakeQueue(dialect, (_, _, _, _, out error) => Answer(0, Errno.None, out error));
        });
        using Kqueue queue = new(new KqueueOptions { Backend = backend, Dialect = Dialect.OpenBsd });
        Assert.Multiple(() =>
        {
            Assert.That(seen, Is.SameAs(Dialect.OpenBsd));
            Assert.That(queue.Dialect, Is.SameAs(Dialect.OpenBsd));
            Assert.That(queue.Backend, Is.SameAs(backend));
        });
    }
}
