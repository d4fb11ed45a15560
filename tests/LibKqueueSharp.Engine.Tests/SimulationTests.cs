using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests;

/// <summary>The simulated kernel itself: what other tests build on.</summary>
public sealed class SimulationTests
{
    [Test]
    public void LevelIsReportedInEachCall_EdgeOnce()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3, 4);
        kq.Apply(Change.Read(3, EventFlags.Add), Change.Read(4, EventFlags.Add | EventFlags.Clear));
        kq.Poller.Write(3, 7);
        kq.Poller.Write(4, 8);

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, data: 7), Change.Read(4, EventFlags.Clear, data: 8) }));
        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, data: 7) }));
        kq.Poller.Drain(3);
        Assert.That(kq.Poll(), Is.Empty);
    }

    [Test]
    public void SleepMovesTheVirtualClockToItsEnd()
    {
        using TestQueue kq = new();
        long before = kq.Clock.Now;

        Assert.That(kq.Wait(milliseconds: 1500), Is.Empty);
        Assert.That(kq.Clock.Now - before, Is.EqualTo(1_500_000_000));
    }

    [Test]
    public void ScheduledActionHappensDuringASleep()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add));
        long before = kq.Clock.Now;
        kq.Poller.After(20, () => kq.Poller.Write(3, 1));

        Assert.That(kq.Wait(), Is.EqualTo(new[] { Change.Read(3, data: 1) }));
        Assert.That(kq.Clock.Now - before, Is.EqualTo(20_000_000));
    }

    [Test]
    public void SleepWithoutEndOrPlanFailsLoudly()
    {
        using TestQueue kq = new();

        Assert.That(() => kq.Wait(), Throws.InvalidOperationException);
    }

    [Test]
    public void BackendMakesQueuesOfItsDialect()
    {
        SimulatedBackend backend = new(new VirtualClock());
        using BackendQueue queue = backend.CreateQueue(Dialect.OpenBsd);

        Assert.That(queue.Dialect, Is.SameAs(Dialect.OpenBsd));
        Assert.That(backend.Capabilities.Supports(EventFilter.Timer), Is.True);
        Assert.That(backend.Capabilities.Supports(EventFilter.Vnode), Is.False);
    }
}
