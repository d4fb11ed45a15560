using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Scan;

/// <summary>CALL-TMO-001 to CALL-TMO-005, CALL-TMO-010 to CALL-TMO-012: how long a call waits.</summary>
public sealed class TimeoutTests
{
    [Test]
    public void ZeroNeverSleeps()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        Assert.That(kq.Poll(), Is.Empty);
        kq.Apply(Change.Read(3, EventFlags.Add));
        Assert.That(kq.Poll(), Is.Empty);

        Assert.That(kq.Poller.Sleeps, Is.Zero);
    }

    [Test]
    public void WaitIsNeverShorterThanAsked(
        [Values(1, 99, 100, 101, 12_345, 999_999_999)] long nanoseconds, [Values] bool withInterest)
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        if (withInterest)
            kq.Apply(Change.Read(3, EventFlags.Add));
        long before = kq.Clock.Now;

        Assert.That(kq.Call([], 1, KeventTimeout.FromTimespec(0, nanoseconds)), Is.Empty);

        Assert.That(kq.Clock.Now - before, Is.InRange(nanoseconds, nanoseconds + 100));
    }

    [Test]
    public void FirstEventEndsTheWait([Values] bool infinite)
    {
        using TestQueue kq = new();
        kq.Apply(Change.User(1, EventFlags.Add));
        kq.Poller.After(20, () => kq.Apply(Change.Trigger(1)));
        long before = kq.Clock.Now;

        Assert.That(infinite ? kq.Wait() : kq.Wait(milliseconds: 5000), Is.EqualTo(new[] { Change.User(1) }));
        Assert.That(kq.Clock.Now - before, Is.EqualTo(20_000_000));
    }

    [Test]
    public void PendingEventIsReturnedWithoutASleep([Values] bool source)
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Poller.Write(3, 1);
        kq.Apply(source ? [Change.Read(3, EventFlags.Add)] : [Change.User(1, EventFlags.Add), Change.Trigger(1)]);
        long before = kq.Clock.Now;

        Expect.Count(kq.Wait(milliseconds: 5000), 1);
        Assert.That(kq.Clock.Now, Is.EqualTo(before));
    }

    [Test]
    public void WakeUpsForNothingDoNotShortenTheWait()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add), Change.User(1, EventFlags.Add), Change.Timer(2, EventFlags.Add, data: 30));
        kq.Poller.After(10, () =>
        {
            kq.Poller.Write(3, 1);
            kq.Poller.Drain(3);
        });
        kq.Poller.After(20, () => kq.Apply(Change.Trigger(1), Change.User(1, EventFlags.Clear)));
        kq.Poller.After(25, () => kq.Apply(Change.Timer(2, EventFlags.Delete)));
        kq.Poller.After(35, () =>
        {
            kq.Poller.Write(3, 1);
            Expect.Count(kq.Poll(), 1);
            kq.Poller.Drain(3);
        });
        long before = kq.Clock.Now;

        Assert.That(kq.Wait(milliseconds: 50), Is.Empty);
        Assert.That(kq.Clock.Now - before, Is.EqualTo(50_000_000));
    }

    [Test]
    public void SettingTheWallClockDoesNotMatter([Values(-3600, 3600)] int seconds)
    {
        using TestQueue kq = new();
        kq.Poller.After(10, () => kq.Clock.StepWall(TimeSpan.FromSeconds(seconds)));
        long before = kq.Clock.Now;

        Assert.That(kq.Wait(milliseconds: 50), Is.Empty);
        Assert.That(kq.Clock.Now - before, Is.EqualTo(50_000_000));
    }

    [TestCase(1L << 40)]
    [TestCase(long.MaxValue / 1_000_000_000 - 1)]
    [TestCase(long.MaxValue / 1_000_000_000)]
    [TestCase(long.MaxValue)]
    public void HugeTimeoutWaitsUntilSomethingHappens(long seconds)
    {
        using TestQueue kq = new();
        kq.Apply(Change.User(1, EventFlags.Add));
        kq.Poller.After(TimeSpan.FromDays(1000).TotalMilliseconds, () => kq.Apply(Change.Trigger(1)));

        Expect.Idents(kq.Call([], 1, KeventTimeout.FromTimespec(seconds, 999_999_999)), 1);
    }

    [Test]
    public void TimeSpansBecomeTimeouts()
    {
        Assert.That(KeventTimeout.FromTimeSpan(Timeout.InfiniteTimeSpan).IsInfinite, Is.True);
        Assert.That(KeventTimeout.FromTimeSpan(TimeSpan.MaxValue).IsInfinite, Is.True);
        Assert.That(KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(-2)).IsValid, Is.False);
        Assert.That(KeventTimeout.FromTimeSpan(TimeSpan.FromTicks(3)).Nanoseconds, Is.EqualTo(300));
        Assert.That(KeventTimeout.FromTimespec(2, 5).Nanoseconds, Is.EqualTo(2_000_000_005));
    }
}
