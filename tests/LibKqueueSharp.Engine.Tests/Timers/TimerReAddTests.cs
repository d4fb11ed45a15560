using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Timers;

/// <summary>TIMER-READD-001 to TIMER-READD-004: EV_ADD of a running timer.</summary>
public sealed class TimerReAddTests
{
    private static readonly string[] s_restarting = [Dialects.FreeBsd, Dialects.OpenBsd, Dialects.MacOs];

    private static EventFlags Shown(string dialect) => Dialects.Shown(dialect, EventFlags.Add) | EventFlags.Clear;

    [Test]
    public void RestartsWithTheNewPeriod([ValueSource(nameof(s_restarting))] string dialect)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 3600, TimerNotes.Seconds, udata: 1));
        kq.Clock.AdvanceMilliseconds(30);
        long start = kq.Clock.Now;

        kq.Apply(Change.Timer(1, EventFlags.Add, data: 50, udata: 2));

        Assert.That(kq.Wait(), Is.EqualTo(new[] { Change.Timer(1, Shown(dialect), data: 1, udata: 2) }));
        Assert.That(kq.Clock.Now - start, Is.EqualTo(50_000_000));
    }

    [Test]
    public void DiscardsExpirationsThatNobodyTook([ValueSource(nameof(s_restarting))] string dialect, [Values] bool queued)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10));
        kq.Clock.AdvanceMilliseconds(35);
        if (queued)
            Assert.That(kq.Queue.CountQueued(out _), Is.EqualTo(1));

        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10));

        Assert.That(kq.Poll(), Is.Empty);
        kq.Clock.AdvanceMilliseconds(10);
        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Timer(1, Shown(dialect), data: 1) }));
    }

    /// <summary>Trace timer_ident_collision: the running callout goes on, udata is the new one.</summary>
    [Test]
    public void NetBsdKeepsTheRunningTimer()
    {
        using TestQueue kq = new(Dialects.NetBsd);
        long start = kq.Clock.Now;
        EventFlags given = EventFlags.Add | EventFlags.OneShot;

        kq.Apply(Change.Timer(1, given, data: 10, udata: 1), Change.Timer(1, given, data: 30, udata: 2));

        Assert.That(kq.Wait(), Is.EqualTo(new[] { Change.Timer(1, given | EventFlags.Clear, data: 1, udata: 2) }));
        Assert.That(kq.Clock.Now - start, Is.EqualTo(10_000_000));
    }

    [Test]
    public void FiredAbsoluteTimerThatIsAddedAgainIsQuietUntilTheNewTime()
    {
        using TestQueue kq = new();
        kq.Apply(Change.Timer(1, EventFlags.Add, kq.Clock.WallMilliseconds + 10, TimerNotes.Absolute));
        Expect.Count(kq.Wait(), 1);

        kq.Apply(Change.Timer(1, EventFlags.Add, kq.Clock.WallMilliseconds + 10, TimerNotes.Absolute));

        Assert.That(kq.Poll(), Is.Empty);
        Assert.That(kq.Wait(), Is.EqualTo(new[] { Change.Timer(1, data: 1) }));
    }

    [Test]
    public void ChangeWithoutAddDoesNotRestart(
        [ValueSource(typeof(Dialects), nameof(Dialects.All))] string dialect,
        [Values(EventFlags.None, EventFlags.Enable, EventFlags.Disable)] EventFlags flags)
    {
        using TestQueue kq = new(dialect);
        long start = kq.Clock.Now;
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 50));
        kq.Clock.AdvanceMilliseconds(30);

        kq.Apply(Change.Timer(1, flags, data: 999), Change.Timer(1, EventFlags.Enable, data: -7));

        Expect.Idents(kq.Wait(), 1);
        Assert.That(kq.Clock.Now - start, Is.EqualTo(50_000_000));
        Expect.Idents(kq.Wait(), 1);
        Assert.That(kq.Clock.Now - start, Is.EqualTo(100_000_000));
    }

    [Test]
    public void OneShotInTheSecondAddDoesNotMakeItOneShot([ValueSource(nameof(s_restarting))] string dialect)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10), Change.Timer(1, EventFlags.Add | EventFlags.OneShot, data: 10));

        Assert.That(kq.Wait(), Is.EqualTo(new[] { Change.Timer(1, Shown(dialect), data: 1) }));
        Assert.That(kq.Wait(), Is.EqualTo(new[] { Change.Timer(1, Shown(dialect), data: 1) }));
    }

    [Test]
    public void DisabledTimerStaysDisabledAndCountsWithTheNewPeriod([ValueSource(nameof(s_restarting))] string dialect)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.Timer(1, EventFlags.Add | EventFlags.Disable, data: 10));
        kq.Clock.AdvanceMilliseconds(100);

        kq.Apply(Change.Timer(1, EventFlags.Add, data: 20));
        kq.Clock.AdvanceMilliseconds(50);

        Assert.That(kq.Poll(), Is.Empty);
        kq.Apply(Change.Timer(1, EventFlags.Enable));
        Assert.That(kq.Poll().Sum(e => e.Data), Is.EqualTo(2));
    }
}
