using LibKqueueSharp.Emulation;
using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Structures;

public sealed class QueueClockTests
{
    [TestCase(0, 0, 0)]
    [TestCase(5, 7, 12)]
    [TestCase(long.MaxValue - 1, 0, long.MaxValue - 1)]
    [TestCase(long.MaxValue - 1, 1, long.MaxValue)]
    [TestCase(long.MaxValue - 1, 2, long.MaxValue)]
    [TestCase(1, long.MaxValue, long.MaxValue)]
    [TestCase(long.MaxValue, long.MaxValue, long.MaxValue)]
    public void SumsSaturate(long time, long span, long expected) =>
        Assert.That(QueueClock.Add(time, span), Is.EqualTo(expected));

    [Test]
    public void SystemTimeIsMonotonicAndInNanoseconds()
    {
        QueueClock clock = new(TimeProvider.System);
        long before = clock.Now;
        Thread.Sleep(20);
        long after = clock.Now;

        Assert.That(after - before, Is.InRange(20_000_000, 60_000_000_000));
    }

    [Test]
    public void OtherTimeProvidersAreScaled()
    {
        VirtualClock time = new();
        QueueClock clock = new(time);
        long before = clock.Now;
        time.Advance(TimeSpan.FromTicks(3));

        Assert.That(clock.Now - before, Is.EqualTo(300));
        Assert.That(clock.Wall, Is.EqualTo((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100));
    }
}
