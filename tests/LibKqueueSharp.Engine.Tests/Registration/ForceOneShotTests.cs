using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Registration;

/// <summary>CORE-FORCE-001 to CORE-FORCE-004.</summary>
public sealed class ForceOneShotTests
{
    [Test]
    public void IdleKnoteIsDeliveredOnceAndGone()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add, udata: 1));

        kq.Apply(Change.Read(3, EventFlags.ForceOneShot, udata: 2));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, EventFlags.OneShot, udata: 2) }));
        Assert.That(kq.Try(Change.Read(3, EventFlags.Delete)), Is.EqualTo(Errno.ENOENT));
    }

    [Test]
    public void CarriesWhatTheChangeSaw_AndIsNotAskedAgain()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Poller.Write(3, 5);
        kq.Apply(Change.Read(3, EventFlags.Add), Change.Read(3, EventFlags.ForceOneShot));
        kq.Poller.Drain(3);

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, EventFlags.OneShot, data: 5) }));
    }

    [Test]
    public void WakesAWaiter()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add));
        kq.Poller.After(10, () => kq.Apply(Change.Read(3, EventFlags.ForceOneShot)));

        Assert.That(kq.Wait(), Is.EqualTo(new[] { Change.Read(3, EventFlags.OneShot) }));
    }

    [Test]
    public void KnoteThatIsQueuedButNotReadyAnyMoreIsDeliveredToAWaiter()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Poller.Write(3, 5);
        kq.Apply(Change.Read(3, EventFlags.Add));
        Expect.Idents(kq.Poll(), 3);
        kq.Poller.Drain(3);

        kq.Apply(Change.Read(3, EventFlags.ForceOneShot));

        Assert.That(kq.Wait(), Is.EqualTo(new[] { Change.Read(3, EventFlags.OneShot) }));
    }

    [Test]
    public void UserEventCarriesNothing()
    {
        using TestQueue kq = new();
        kq.Apply(Change.User(1, EventFlags.Add, (UserNotes)5, data: 6), Change.User(1, EventFlags.ForceOneShot, data: 7));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, EventFlags.OneShot) }));
    }

    [Test]
    public void TimerLeavesTheHeap()
    {
        using TestQueue kq = new();
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 50), Change.Timer(1, EventFlags.ForceOneShot));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Timer(1, EventFlags.OneShot | EventFlags.Clear) }));
        Assert.That(kq.Queue.Timers.Count, Is.Zero);
        Assert.That(kq.Wait(milliseconds: 200), Is.Empty);
    }

    [Test]
    public void AbsentIsNotFound_AndWithAddOfANewOneItHasNoEffect()
    {
        using TestQueue kq = new();

        Assert.That(kq.Try(Change.User(1, EventFlags.ForceOneShot)), Is.EqualTo(Errno.ENOENT));
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.ForceOneShot));
        Assert.That(kq.Poll(), Is.Empty);
        kq.Apply(Change.Trigger(1));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1) }));
        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1) }));
    }

    [Test]
    public void DisabledKnoteIsDeliveredAfterEnable()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add | EventFlags.Disable), Change.Read(3, EventFlags.ForceOneShot));
        Assert.That(kq.Poll(), Is.Empty);

        kq.Apply(Change.Read(3, EventFlags.Enable));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, EventFlags.OneShot) }));
    }

    [Test]
    public void TogetherWithDisableItWaitsForEnable()
    {
        using TestQueue kq = new();
        kq.Apply(Change.User(1, EventFlags.Add), Change.User(1, EventFlags.ForceOneShot | EventFlags.Disable));
        Assert.That(kq.Poll(), Is.Empty);

        kq.Apply(Change.User(1, EventFlags.Enable));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, EventFlags.OneShot) }));
    }

    [TestCase(Dialects.NetBsd)]
    [TestCase(Dialects.OpenBsd)]
    [TestCase(Dialects.MacOs)]
    public void MeansNothingElsewhere(string dialect)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add), Change.User(1, EventFlags.ForceOneShot));
        Assert.That(kq.Poll(), Is.Empty);
        kq.Apply(Change.Trigger(1));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, EventFlags.Add) }));
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(1));
    }
}
