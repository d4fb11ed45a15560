using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Timers;

/// <summary>
/// TIMER-READD-002: EV_ADD of a running timer with values that make no sense. FreeBSD's filt_timertouch stops the timer, drops its
/// expirations and lets an event carry the error; the others refuse the change.
/// </summary>
public sealed class TimerLateErrorTests
{
    private static readonly KEvent s_failure =
        Change.Timer(1, EventFlags.Clear | EventFlags.Error, data: (long)Errno.EINVAL, udata: 2);

    [Test]
    public void FreeBsdReportsItInAnEvent([Values] bool expired)
    {
        using TestQueue kq = new();
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10, udata: 1));
        if (expired)
            kq.Clock.AdvanceMilliseconds(25);

        kq.Apply(Change.Timer(1, EventFlags.Add, data: -1, udata: 2));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { s_failure }));
        Assert.That(kq.Poll(), Is.Empty);
    }

    [Test]
    public void ErrnoIsNotMixedWithExpirationsOfTheOldTimer()
    {
        using TestQueue kq = new();
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10, udata: 1), Change.Timer(1, EventFlags.Add, data: -1, udata: 2));

        kq.Clock.AdvanceMilliseconds(35);

        Assert.That(kq.Poll(), Is.EqualTo(new[] { s_failure }));
    }

    [Test]
    public void OldTimerIsStopped()
    {
        using TestQueue kq = new();
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10), Change.Timer(1, EventFlags.Add, data: -1));
        Expect.Count(kq.Poll(), 1);

        Assert.That(kq.Wait(milliseconds: 1000), Is.Empty);
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(1));
    }

    [Test]
    public void GoodValuesStartItAgainWithoutTheError([Values] bool taken)
    {
        using TestQueue kq = new();
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10), Change.Timer(1, EventFlags.Add, data: -1));
        if (taken)
            Expect.Count(kq.Poll(), 1);

        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10));

        Assert.That(kq.Poll(), Is.Empty);
        Assert.That(kq.Wait(), Is.EqualTo(new[] { Change.Timer(1, EventFlags.Clear, data: 1) }));
    }

    [TestCase(Dialects.OpenBsd)]
    [TestCase(Dialects.MacOs)]
    public void OthersRefuseTheChange_AndTheTimerGoesOn(string dialect)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10));
        kq.Clock.AdvanceMilliseconds(25);

        Assert.That(
            kq.Try(Change.Timer(1, EventFlags.Add, data: 5, TimerNotes.Seconds | TimerNotes.Microseconds | TimerNotes.Absolute | (TimerNotes)0x100)),
            Is.EqualTo(Errno.EINVAL));

        KEvent expected = Change.Timer(1, EventFlags.Add | EventFlags.Clear, data: 2);
        Assert.That(kq.Poll(), Is.EqualTo(new[] { expected }));
        Assert.That(kq.Wait(), Is.EqualTo(new[] { expected with { Data = 1 } }));
    }
}
