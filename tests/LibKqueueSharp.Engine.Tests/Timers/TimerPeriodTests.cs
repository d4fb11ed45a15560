using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Timers;

/// <summary>TIMER-001 to TIMER-010, TIMER-DIS-001, TIMER-DEL-001: periods, counts, one-shot.</summary>
public sealed class TimerPeriodTests
{
    [Test]
    public void CountsTheExpirationsSinceTheLastEvent()
    {
        using TestQueue kq = new();
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 20, udata: 5));
        Assert.That(kq.Wait(), Is.EqualTo(new[] { Change.Timer(1, EventFlags.Clear, data: 1, udata: 5) }));
        Assert.That(kq.Wait(), Is.EqualTo(new[] { Change.Timer(1, EventFlags.Clear, data: 1, udata: 5) }));

        kq.Clock.AdvanceMilliseconds(70);

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Timer(1, EventFlags.Clear, data: 3, udata: 5) }));
        Assert.That(kq.Poll(), Is.Empty);
    }

    [Test]
    public void ThousandPeriodsDoNotDrift_HoweverLateTheyAreServed()
    {
        using TestQueue kq = new();
        const long period = 7_000_000;
        long start = kq.Clock.Now;
        long count = 0;
        Random late = new(1);
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 7));

        for (int served = 0; served < 1000; served++)
        {
            KEvent[] events = kq.Wait();
            Expect.Idents(events, 1);
            count += events[0].Data;
            Assert.That(kq.Clock.Now - start, Is.EqualTo(count * period), $"event {served}: {events[0]}");
            kq.Clock.AdvanceMilliseconds(late.NextDouble() * 30);
            KEvent[] pending = kq.Poll();
            count += pending.Sum(e => e.Data);
            Assert.That(count, Is.EqualTo((kq.Clock.Now - start) / period), string.Join(' ', pending));
        }
    }

    [Test]
    public void ExpiryExactlyAtTheDeadlineCountsOnce()
    {
        using TestQueue kq = new();
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10));

        kq.Clock.AdvanceMilliseconds(30);
        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Timer(1, EventFlags.Clear, data: 3) }));
        kq.Clock.AdvanceMilliseconds(9);
        Assert.That(kq.Poll(), Is.Empty);
        kq.Clock.AdvanceMilliseconds(1);

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Timer(1, EventFlags.Clear, data: 1) }));
    }

    [Test]
    public void OneShotFiresOnceAndIsGone(
        [Values(Dialects.FreeBsd, Dialects.NetBsd, Dialects.OpenBsd, Dialects.MacOs)] string dialect)
    {
        using TestQueue kq = new(dialect);
        EventFlags given = EventFlags.Add | EventFlags.OneShot;
        kq.Apply(Change.Timer(1, given, data: 20));
        kq.Clock.AdvanceMilliseconds(100);

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Timer(1, Dialects.Shown(dialect, given) | EventFlags.Clear, data: 1) }));
        Assert.That(kq.Wait(milliseconds: 100), Is.Empty);
        Assert.That(kq.Try(Change.Timer(1, EventFlags.Delete)), Is.EqualTo(Errno.ENOENT));
    }

    [TestCase(Dialects.FreeBsd, 0, 3)]
    [TestCase(Dialects.NetBsd, 3, 0)]
    [TestCase(Dialects.OpenBsd, 0, 3)]
    [TestCase(Dialects.MacOs, 0, 3)]
    public void DispatchedTimerCountsOn(string dialect, int beforeEnable, int afterEnable)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.Timer(1, EventFlags.Add | EventFlags.Dispatch, data: 20));
        Expect.Count(kq.Wait(), 1);

        kq.Clock.AdvanceMilliseconds(70);

        Assert.That(kq.Poll().Sum(e => e.Data), Is.EqualTo(beforeEnable));
        kq.Apply(Change.Timer(1, EventFlags.Enable));
        Assert.That(kq.Poll().Sum(e => e.Data), Is.EqualTo(afterEnable));
    }

    [Test]
    public void DisabledTimerCounts(
        [Values(Dialects.FreeBsd, Dialects.NetBsd, Dialects.OpenBsd, Dialects.MacOs)] string dialect)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10));
        kq.Clock.AdvanceMilliseconds(15);
        kq.Apply(Change.Timer(1, EventFlags.Disable));
        Assert.That(kq.Wait(milliseconds: 100), Is.Empty);

        kq.Apply(Change.Timer(1, EventFlags.Enable));

        Assert.That(
            kq.Poll(), Is.EqualTo(new[] { Change.Timer(1, Dialects.Shown(dialect, EventFlags.Add) | EventFlags.Clear, data: 11) }));
    }

    [Test]
    public void DeletedTimerNeverFires()
    {
        using TestQueue kq = new();
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10), Change.Timer(2, EventFlags.Add, data: 15));
        kq.Clock.AdvanceMilliseconds(12);

        kq.Apply(Change.Timer(1, EventFlags.Delete));

        Expect.Idents(kq.Wait(), 2);
        kq.Apply(Change.Timer(2, EventFlags.Delete));
        Assert.That(kq.Wait(milliseconds: 100), Is.Empty);
    }

    [Test]
    public void LongestPeriodDoesNotOverflow()
    {
        using TestQueue kq = new();
        kq.Apply(Change.Timer(1, EventFlags.Add, data: long.MaxValue - 1, TimerNotes.Nanoseconds));
        kq.Apply(Change.Timer(2, EventFlags.Add, data: TimeSpan.FromDays(36500).Ticks * 100, TimerNotes.Nanoseconds));

        kq.Clock.Advance(TimeSpan.FromDays(36500));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Timer(2, EventFlags.Clear, data: 1) }));
    }
}
