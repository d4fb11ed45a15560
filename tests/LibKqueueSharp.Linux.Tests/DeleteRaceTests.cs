using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>EV_DELETE and other changes against threads that collect (THR-005, THR-007, CORE-DEL-002, CORE-DEL-006).</summary>
internal sealed class DeleteRaceTests : LinuxFixture
{
    private const int Collectors = 4;

    [Test]
    public void NothingOfADeletedRegistrationIsDelivered(
        [Values(PairKind.Pipe, PairKind.UnixStream, PairKind.Tcp)] PairKind kind,
        [Values(EventFlags.None, EventFlags.Clear, EventFlags.OneShot, EventFlags.Dispatch)] EventFlags flags)
    {
        // Each round has its own udata. Once EV_DELETE of a round has returned, no call that begins afterwards may return it; a call that
        // began before may have collected it before.
        Pair pair = NewPair(kind);
        TestQueue q = NewQueue();
        const int rounds = 1000;
        long deleted = -1;
        bool over = false;
        string? late = null;
        TestThread[] collectors = TestThread.Start(Collectors, _ =>
        {
            while (!Volatile.Read(ref over))
            {
                long before = Volatile.Read(ref deleted);
                foreach (KEvent e in q.Collect(4, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(1))))
                {
                    if (e.UData <= before)
                        Volatile.Write(ref late, $"{e} after the deletion of {before}");
                }
            }
        });
        for (int i = 0; i < rounds && late is null; i++)
        {
            q.AddRead(pair.A, flags, udata: i);
            pair.B.Write(1);
            Errno error = q.TryDelete(pair.A, EventFilter.Read);
            Assert.That(error, Is.EqualTo(Errno.None).Or.EqualTo((flags & EventFlags.OneShot) != 0 ? Errno.ENOENT : Errno.None));
            Volatile.Write(ref deleted, i);

            // New content: a late event would be seen with it.
            pair.B.Write(1);
            if (i % 16 == 0)
                pair.A.Drain();
        }

        Volatile.Write(ref over, true);
        TestThread.JoinAll(collectors);
        Assert.That(late, Is.Null);
        Assert.That(q.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void NothingOfADisabledRegistrationIsDelivered([Values(EventFlags.None, EventFlags.Clear)] EventFlags clear)
    {
        Pair pair = NewPipe();
        TestQueue q = NewQueue();
        const int rounds = 1000;
        long disabled = -1;
        bool over = false;
        string? late = null;
        TestThread[] collectors = TestThread.Start(Collectors, _ =>
        {
            while (!Volatile.Read(ref over))
            {
                long before = Volatile.Read(ref disabled);
                foreach (KEvent e in q.Collect(4, KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(1))))
                {
                    if (e.UData <= before)
                        Volatile.Write(ref late, $"{e} after the disabling of {before}");
                }
            }
        });
        q.AddRead(pair.A, clear, udata: 0);
        for (int i = 0; i < rounds && late is null; i++)
        {
            q.Apply(new KEvent((nuint)(int)pair.A, EventFilter.Read, EventFlags.Enable, udata: i));
            pair.B.Write(1);
            q.Apply(new KEvent((nuint)(int)pair.A, EventFilter.Read, EventFlags.Disable, udata: i));
            Volatile.Write(ref disabled, i);
            pair.B.Write(1);
            if (i % 16 == 0)
                pair.A.Drain();
        }

        Volatile.Write(ref over, true);
        TestThread.JoinAll(collectors);
        Assert.That(late, Is.Null);
    }

    [Test]
    public void DeletionWakesNoWaiter()
    {
        // CORE-DEL-006.
        Pair pair = NewPipe();
        TestQueue q = NewQueue();
        q.AddRead(pair.A);
        q.Add(1, EventFilter.User, EventFlags.Clear);
        KEvent e = default;
        using TestThread waiter = new(() => e = q.WaitOne());
        waiter.AwaitSleep();
        q.Delete(pair.A, EventFilter.Read);
        pair.B.Write(1);
        Thread.Sleep(10);
        Assert.That(waiter.SleepsInEpoll(), Is.True);
        q.Trigger(1);
        waiter.Join();
        Assert.That(e.Filter, Is.EqualTo(EventFilter.User), e.ToString());
    }

    [TestCaseSource(nameof(ChangesWithEffectAtOnce))]
    public void ChangeTakesEffectForAThreadThatSleeps(Action<TestQueue, Pair> prepare, Action<TestQueue, Pair> change)
    {
        // THR-005.
        Pair pair = NewPipe();
        pair.B.Write(3);
        TestQueue q = NewQueue();
        prepare(q, pair);
        KEvent e = default;
        using TestThread waiter = new(() => e = q.WaitOne());
        waiter.AwaitSleep();
        change(q, pair);
        waiter.Join();
        Assert.That(Ev.WithoutData(e), Is.EqualTo(Ev.Read(pair.A, 0, e.Flags)));
        Assert.That(e.Data, Is.EqualTo(3));
    }

    private static IEnumerable<TestCaseData> ChangesWithEffectAtOnce()
    {
        yield return Case("EV_ADD", (q, p) => { }, (q, p) => q.AddRead(p.A));
        yield return Case("EV_ADD edge", (q, p) => { }, (q, p) => q.AddRead(p.A, EventFlags.Clear));
        yield return Case("EV_ENABLE", (q, p) => q.AddRead(p.A, EventFlags.Disable), (q, p) => q.Enable(p.A, EventFilter.Read));
        yield return Case("EV_ENABLE after a parking", ParkedDisabled, (q, p) => q.Enable(p.A, EventFilter.Read));
        yield return Case("EV_ENABLE edge", Delivered(EventFlags.Clear | EventFlags.Dispatch), (q, p) => q.Enable(p.A, EventFilter.Read));
        yield return Case("EV_ENABLE dispatch", Delivered(EventFlags.Dispatch), (q, p) => q.Enable(p.A, EventFilter.Read));
        yield return Case("EV_ADD again", Delivered(EventFlags.Clear), (q, p) => q.AddRead(p.A));
        yield return Case("plain change", Delivered(EventFlags.Clear), (q, p) => q.Apply(new KEvent((nuint)(int)p.A, EventFilter.Read, 0)));
    }

    private static void ParkedDisabled(TestQueue q, Pair pair)
    {
        q.AddRead(pair.A);
        q.Disable(pair.A, EventFilter.Read);
        q.ExpectSilence();
    }

    private static Action<TestQueue, Pair> Delivered(EventFlags flags) => (q, pair) =>
    {
        q.AddRead(pair.A, flags);
        Assert.That(q.WaitOne().Data, Is.EqualTo(3));
        q.ExpectSilence();
    };

    private static TestCaseData Case(string name, Action<TestQueue, Pair> prepare, Action<TestQueue, Pair> change) =>
        new TestCaseData(prepare, change).SetArgDisplayNames(name);
}
