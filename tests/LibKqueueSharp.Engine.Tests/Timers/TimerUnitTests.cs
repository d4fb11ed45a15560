using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Timers;

/// <summary>TIMER-UNIT-001 to TIMER-UNIT-005, TIMER-003, TIMER-004: units, and never early.</summary>
public sealed class TimerUnitTests
{
    [Test]
    public void FiresWhenTheTimeIsOver_AndNotBefore(
        [Values(Dialects.FreeBsd, Dialects.NetBsd, Dialects.OpenBsd, Dialects.MacOs)] string dialect,
        [Values] bool oneShot,
        [ValueSource(nameof(s_units))] (TimerNotes Unit, long Data, long Nanoseconds) timer)
    {
        using TestQueue kq = new(dialect);
        EventFlags given = oneShot ? EventFlags.Add | EventFlags.OneShot : EventFlags.Add;
        long start = kq.Clock.Now;
        kq.Apply(Change.Timer(1, given, timer.Data, timer.Unit));
        Assert.That(kq.Poll(), Is.Empty, "at registration");

        kq.Clock.AdvanceTo(start + timer.Nanoseconds - 100);
        Assert.That(kq.Poll(), Is.Empty, "100 ns early");
        KEvent[] events = kq.Wait();

        Assert.That(events, Is.EqualTo(new[] { Change.Timer(1, Dialects.Shown(dialect, given) | EventFlags.Clear, data: 1) }));
        Assert.That(kq.Clock.Now - start, Is.InRange(timer.Nanoseconds, timer.Nanoseconds + 100));
    }

    private static readonly (TimerNotes Unit, long Data, long Nanoseconds)[] s_units =
    [
        (TimerNotes.None, 30, 30_000_000),
        (TimerNotes.Milliseconds, 30, 30_000_000),
        (TimerNotes.Seconds, 2, 2_000_000_000),
        (TimerNotes.Microseconds, 1_500, 1_500_000),
        (TimerNotes.Nanoseconds, 12_345, 12_345),
    ];

    [Test]
    public void SeveralUnitsAreRefused(
        [Values(Dialects.FreeBsd, Dialects.MacOs)] string dialect,
        [Values(
            TimerNotes.Seconds | TimerNotes.Microseconds,
            TimerNotes.Seconds | TimerNotes.Milliseconds,
            TimerNotes.Microseconds | TimerNotes.Nanoseconds,
            TimerNotes.Seconds | TimerNotes.Milliseconds | TimerNotes.Microseconds | TimerNotes.Nanoseconds)]
        TimerNotes units)
    {
        using TestQueue kq = new(dialect);

        Assert.That(kq.Try(Change.Timer(1, EventFlags.Add, data: 1, units)), Is.EqualTo(Errno.EINVAL));
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    /// <summary>Milliseconds, seconds, microseconds and nanoseconds are 0 to 3 there.</summary>
    [Test]
    public void SeveralUnitsAreAnotherUnitWhereTheUnitIsANumber(
        [Values(Dialects.NetBsd, Dialects.OpenBsd)] string dialect,
        [ValueSource(nameof(s_aliases))] (TimerNotes Units, long Nanoseconds) alias)
    {
        using TestQueue kq = new(dialect);
        long start = kq.Clock.Now;

        kq.Apply(Change.Timer(1, EventFlags.Add, data: 700, alias.Units));

        Expect.Idents(kq.Wait(), 1);
        Assert.That(kq.Clock.Now - start, Is.EqualTo(700 * alias.Nanoseconds));
    }

    private static readonly (TimerNotes Units, long Nanoseconds)[] s_aliases =
    [
        (TimerNotes.Seconds | TimerNotes.Microseconds, 1),
        (TimerNotes.Seconds | TimerNotes.Milliseconds, 1_000_000_000),
        (TimerNotes.Milliseconds | TimerNotes.Microseconds, 1_000),
        (TimerNotes.Microseconds | TimerNotes.Nanoseconds, 1),
    ];

    [TestCase(Dialects.FreeBsd, Errno.EINVAL)]
    [TestCase(Dialects.NetBsd, Errno.EINVAL)]
    [TestCase(Dialects.OpenBsd, Errno.EINVAL)]
    [TestCase(Dialects.MacOs, Errno.None)]
    public void UnknownNotes(string dialect, Errno expected)
    {
        using TestQueue kq = new(dialect);

        foreach (uint bit in new uint[] { 0x20, 0x100, 0x8000, 0x8000_0000 })
            Assert.That(kq.Try(Change.Timer(bit, EventFlags.Add, data: 1, (TimerNotes)bit)), Is.EqualTo(expected), $"0x{bit:x}");
    }

    [Test]
    public void PeriodsFarBelowTheWakeUpAreCounted()
    {
        using TestQueue kq = new();
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 100, TimerNotes.Microseconds));

        kq.Clock.AdvanceMilliseconds(100);

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Timer(1, EventFlags.Clear, data: 1000) }));
    }
}
