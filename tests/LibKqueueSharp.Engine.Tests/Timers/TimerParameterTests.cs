using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Timers;

/// <summary>TIMER-ZERO-001, TIMER-ZERO-002, TIMER-NEG-001, TIMER-BIG-001: odd values, by dialect.</summary>
public sealed class TimerParameterTests
{
    [TestCase(Dialects.FreeBsd, TimerNotes.None, 1_000_000)]
    [TestCase(Dialects.FreeBsd, TimerNotes.Seconds, 1_000_000_000)]
    [TestCase(Dialects.FreeBsd, TimerNotes.Microseconds, 1_000)]
    [TestCase(Dialects.OpenBsd, TimerNotes.None, 1_000_000)]
    public void PeriodOfZeroIsOneUnit(string dialect, TimerNotes unit, long nanoseconds)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 0, unit));
        Assert.That(kq.Poll(), Is.Empty);

        kq.Clock.AdvanceTo(kq.Clock.Now + 19 * nanoseconds);

        Assert.That(kq.Poll().Sum(e => e.Data), Is.EqualTo(19));
    }

    [Test]
    public void NetBsdRefusesZero([Values(EventFlags.None, EventFlags.OneShot)] EventFlags attribute)
    {
        using TestQueue kq = new(Dialects.NetBsd);

        Assert.That(kq.Try(Change.Timer(1, EventFlags.Add | attribute, data: 0)), Is.EqualTo(Errno.EINVAL));
    }

    [Test]
    public void MacOsFiresOnceAtOnceForAPeriodOfZero()
    {
        using TestQueue kq = new(Dialects.MacOs);
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 0));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Timer(1, EventFlags.Add | EventFlags.Clear, data: 1) }));
        Assert.That(kq.Wait(milliseconds: 1000), Is.Empty);
    }

    [TestCase(Dialects.FreeBsd)]
    [TestCase(Dialects.OpenBsd)]
    [TestCase(Dialects.MacOs)]
    public void OneShotOfZeroFiresAtOnce(string dialect)
    {
        using TestQueue kq = new(dialect);

        KEvent[] events = kq.Call([Change.Timer(1, EventFlags.Add | EventFlags.OneShot, data: 0)], 4, KeventTimeout.Zero);

        Expect.Idents(events, 1);
        Assert.That(events[0].Data, Is.EqualTo(1), events[0].ToString());
    }

    [Test]
    public void NegativeIsRefusedByFreeBsd(
        [Values(-1, -1000, long.MinValue)] long data, [Values(EventFlags.None, EventFlags.OneShot)] EventFlags attribute)
    {
        using TestQueue kq = new(Dialects.FreeBsd);

        Assert.That(kq.Try(Change.Timer(1, EventFlags.Add | attribute, data)), Is.EqualTo(Errno.EINVAL));
        Assert.That(kq.Try(Change.Timer(1, EventFlags.Add | attribute, data, TimerNotes.Absolute)), Is.EqualTo(Errno.EINVAL));
    }

    [Test]
    public void NegativeNeverFiresInNetBsd([Values(-1, long.MinValue)] long data)
    {
        using TestQueue kq = new(Dialects.NetBsd);
        kq.Apply(Change.Timer(1, EventFlags.Add | EventFlags.OneShot, data));

        Assert.That(kq.Wait(milliseconds: 10_000), Is.Empty);
        Assert.That(kq.Try(Change.Timer(1, EventFlags.Delete)), Is.EqualTo(Errno.None));
    }

    [Test]
    public void NegativeOneShotFiresAtOnceElsewhere(
        [Values(Dialects.OpenBsd, Dialects.MacOs)] string dialect, [Values(-1, long.MinValue)] long data)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.Timer(1, EventFlags.Add | EventFlags.OneShot, data));

        Expect.Idents(kq.Poll(), 1);
    }

    [TestCase(Dialects.FreeBsd, Errno.None)]
    [TestCase(Dialects.NetBsd, Errno.EINVAL)]
    [TestCase(Dialects.OpenBsd, Errno.None)]
    [TestCase(Dialects.MacOs, Errno.ERANGE)]
    public void TooLongToBeCounted(string dialect, Errno expected)
    {
        using TestQueue kq = new(dialect);
        (long Data, TimerNotes Unit)[] values =
        [
            (long.MaxValue, TimerNotes.Seconds),
            (long.MaxValue / 1_000_000_000 + 1, TimerNotes.Seconds),
            (long.MaxValue, TimerNotes.None),
            (long.MaxValue, TimerNotes.Microseconds),
        ];

        foreach ((long data, TimerNotes unit) in values)
            Assert.That(kq.Try(Change.Timer((nuint)unit, EventFlags.Add, data, unit)), Is.EqualTo(expected), $"{data} {unit}");
        kq.Clock.Advance(TimeSpan.FromDays(36500));
        Assert.That(kq.Poll(), Is.Empty);
    }

    [Test]
    public void LongestThatCanBeCountedIsAccepted([ValueSource(typeof(Dialects), nameof(Dialects.All))] string dialect)
    {
        using TestQueue kq = new(dialect);

        Assert.That(kq.Try(Change.Timer(1, EventFlags.Add, long.MaxValue / 1_000_000_000, TimerNotes.Seconds)), Is.EqualTo(Errno.None));
        Assert.That(kq.Try(Change.Timer(2, EventFlags.Add, long.MaxValue, TimerNotes.Nanoseconds)), Is.EqualTo(Errno.None));
    }
}
