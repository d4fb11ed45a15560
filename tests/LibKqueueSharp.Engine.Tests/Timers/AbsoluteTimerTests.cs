using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Timers;

/// <summary>TIMER-ABS-001 to TIMER-ABS-006: NOTE_ABSTIME.</summary>
public sealed class AbsoluteTimerTests
{
    private static KEvent At(long milliseconds, EventFlags flags = EventFlags.None) =>
        Change.Timer(1, EventFlags.Add | flags, milliseconds, TimerNotes.Absolute);

    [Test]
    public void FiresWhenTheWallClockGetsThere(
        [Values(Dialects.FreeBsd, Dialects.NetBsd, Dialects.OpenBsd, Dialects.MacOs)] string dialect)
    {
        using TestQueue kq = new(dialect);
        long start = kq.Clock.Now;
        kq.Apply(At(kq.Clock.WallMilliseconds + 100, EventFlags.OneShot));

        Assert.That(kq.Wait(milliseconds: 99), Is.Empty);
        KEvent[] events = kq.Wait();

        Assert.That(
            events, Is.EqualTo(new[] { Change.Timer(1, Dialects.Shown(dialect, EventFlags.Add) | EventFlags.OneShot, data: 1) }));
        Assert.That(kq.Clock.Now - start, Is.EqualTo(100_000_000));
    }

    [Test]
    public void OtherUnitsCountFromTheEpochToo([Values(TimerNotes.Seconds, TimerNotes.Microseconds, TimerNotes.Nanoseconds)] TimerNotes unit)
    {
        using TestQueue kq = new();
        long start = kq.Clock.Now;
        long wall = kq.Clock.WallMilliseconds + 2000;
        long data = unit switch
        {
            TimerNotes.Seconds => wall / 1000,
            TimerNotes.Microseconds => wall * 1000,
            _ => wall * 1_000_000,
        };

        kq.Apply(Change.Timer(1, EventFlags.Add, data, TimerNotes.Absolute | unit));

        Expect.Idents(kq.Wait(), 1);
        Assert.That(kq.Clock.Now - start, Is.EqualTo(2_000_000_000));
    }

    [TestCase(Dialects.FreeBsd, true)]
    [TestCase(Dialects.NetBsd, true)]
    [TestCase(Dialects.OpenBsd, true)]
    [TestCase(Dialects.MacOs, false)]
    public void StaysActiveOnceItFired_ExceptInMacOs(string dialect, bool stays)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(At(kq.Clock.WallMilliseconds + 10));
        KEvent expected = Change.Timer(
            1, Dialects.Shown(dialect, EventFlags.Add) | (stays ? EventFlags.None : EventFlags.OneShot), data: 1);

        Assert.That(kq.Wait(), Is.EqualTo(new[] { expected }));
        kq.Clock.AdvanceMilliseconds(1000);

        Assert.That(kq.Poll(), Is.EqualTo(stays ? [expected] : Array.Empty<KEvent>()));
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(stays ? 1 : 0));
    }

    [Test]
    public void ClearOfTheCallerEndsIt()
    {
        using TestQueue kq = new();
        kq.Apply(At(kq.Clock.WallMilliseconds + 10, EventFlags.Clear));

        Assert.That(kq.Wait(), Is.EqualTo(new[] { Change.Timer(1, EventFlags.Clear, data: 1) }));
        Assert.That(kq.Wait(milliseconds: 1000), Is.Empty);
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(1));
    }

    [Test]
    public void TimeThatIsPastFiresAtOnce(
        [Values(Dialects.FreeBsd, Dialects.NetBsd, Dialects.OpenBsd, Dialects.MacOs)] string dialect)
    {
        using TestQueue kq = new(dialect);

        kq.Apply(At(kq.Clock.WallMilliseconds - 1000));

        Expect.Idents(kq.Poll(), 1);
    }

    /// <summary>FreeBSD 13 was recorded refusing a time before the boot.</summary>
    [TestCase(Dialects.FreeBsd, Errno.EINVAL, 0)]
    [TestCase(Dialects.NetBsd, Errno.None, 1)]
    [TestCase(Dialects.OpenBsd, Errno.None, 1)]
    [TestCase(Dialects.MacOs, Errno.None, 1)]
    public void TimeBeforeTheBoot(string dialect, Errno expected, int events)
    {
        using TestQueue kq = new(dialect);

        Assert.That(kq.Try(At(1)), Is.EqualTo(expected));
        Expect.Count(kq.Poll(), events);
    }

    [Test]
    public void LaterStepOfTheWallClockDoesNotMoveIt([Values(-60, 60)] int seconds)
    {
        using TestQueue kq = new();
        long start = kq.Clock.Now;
        kq.Apply(At(kq.Clock.WallMilliseconds + 100));

        kq.Clock.StepWall(TimeSpan.FromSeconds(seconds));

        Expect.Idents(kq.Wait(), 1);
        Assert.That(kq.Clock.Now - start, Is.EqualTo(100_000_000));
    }

    [Test]
    public void RelativeTimerMayBecomeAbsolute_AndBack()
    {
        using TestQueue kq = new();
        long start = kq.Clock.Now;
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10), At(kq.Clock.WallMilliseconds + 50));
        Expect.Idents(kq.Wait(), 1);
        Assert.That(kq.Clock.Now - start, Is.EqualTo(50_000_000));
        Assert.That(kq.Wait(milliseconds: 100), Is.Empty, "EV_CLEAR of the first EV_ADD stays, and it never repeats");

        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10));
        kq.Clock.AdvanceMilliseconds(25);

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Timer(1, EventFlags.Clear, data: 2) }));
    }

    [Test]
    public void MacOsKeepsTheKind()
    {
        using TestQueue kq = new(Dialects.MacOs);
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10));

        Assert.That(kq.Try(At(kq.Clock.WallMilliseconds + 50)), Is.EqualTo(Errno.EINVAL));

        Expect.Idents(kq.Wait(milliseconds: 10), 1);
        Expect.Idents(kq.Wait(milliseconds: 10), 1);
        kq.Apply(Change.Timer(2, EventFlags.Add, kq.Clock.WallMilliseconds + 50, TimerNotes.Absolute));
        Assert.That(kq.Try(Change.Timer(2, EventFlags.Add, data: 10)), Is.EqualTo(Errno.EINVAL));
    }

    [Test]
    public void NeverEarly_ThoughTimePassesBetweenReadingTheClocks()
    {
        using TestQueue kq = new();
        long deadline = kq.Clock.WallMilliseconds + 100;
        kq.Clock.AutoAdvanceAmount = TimeSpan.FromMilliseconds(1);
        kq.Apply(At(deadline, EventFlags.OneShot));
        kq.Clock.AutoAdvanceAmount = TimeSpan.Zero;

        Expect.Idents(kq.Wait(), 1);
        Assert.That(kq.Clock.WallMilliseconds, Is.GreaterThanOrEqualTo(deadline));
    }

    [Test]
    public void EndOfTimeIsAccepted()
    {
        using TestQueue kq = new();

        kq.Apply(Change.Timer(1, EventFlags.Add, long.MaxValue, TimerNotes.Absolute | TimerNotes.Nanoseconds));
        kq.Apply(Change.Timer(2, EventFlags.Add, long.MaxValue, TimerNotes.Absolute | TimerNotes.Seconds));
        kq.Clock.Advance(TimeSpan.FromDays(36500));

        Assert.That(kq.Poll(), Is.Empty);
    }
}
