using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Registration;

/// <summary>CORE-DEL-001 to CORE-DEL-006.</summary>
[TestFixtureSource(typeof(Dialects), nameof(Dialects.All))]
public sealed class DeletionTests(string dialect)
{
    [Test]
    public void QueuedEventGoesWithItsRegistration()
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 1);
        kq.Apply(
            Change.User(1, EventFlags.Add), Change.Trigger(1), Change.Timer(1, EventFlags.Add, data: 1), Change.Read(3, EventFlags.Add));
        kq.Clock.AdvanceMilliseconds(5);
        Expect.Count(kq.Poll(), 3);

        kq.Apply(Change.User(1, EventFlags.Delete), Change.Timer(1, EventFlags.Delete), Change.Read(3, EventFlags.Delete));

        Assert.That(kq.Queue.KnoteCount, Is.Zero);
        Assert.That(kq.Wait(milliseconds: 20), Is.Empty);
    }

    [Test]
    public void SecondDeletionFindsNothing()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add), Change.User(1, EventFlags.Delete));

        Assert.That(kq.Try(Change.User(1, EventFlags.Delete)), Is.EqualTo(Errno.ENOENT));
    }

    [Test]
    public void OtherFieldsOfTheChangeDoNotMatter()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 1, udata: 2));

        Assert.That(kq.Try(Change.Timer(1, EventFlags.Delete, data: -9, (TimerNotes)0xFFFF, udata: 7)), Is.EqualTo(Errno.None));
    }

    [Test]
    public void DisabledKnoteCanBeDeleted()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.Disable), Change.Trigger(1), Change.User(1, EventFlags.Delete));

        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void QueuedOneShotCanBeDeletedAndDisabled()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.OneShot), Change.Trigger(1), Change.User(1, EventFlags.Disable));
        Assert.That(kq.Poll(), Is.Empty);

        kq.Apply(Change.User(1, EventFlags.Delete));

        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void WaiterIsNotDisturbed()
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add), Change.User(1, EventFlags.Add));
        kq.Poller.After(10, () => kq.Apply(Change.Read(3, EventFlags.Delete), Change.User(1, EventFlags.Delete)));
        long before = kq.Clock.Now;

        Assert.That(kq.Wait(milliseconds: 50), Is.Empty);
        Assert.That(kq.Clock.Now - before, Is.EqualTo(50_000_000));
    }

    [Test]
    public void FirstOfTwoEventsDeletedDuringTheWaitLeavesTheSecond()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add), Change.User(2, EventFlags.Add));
        kq.Poller.After(10, () => kq.Apply(Change.Trigger(1), Change.Trigger(2), Change.User(1, EventFlags.Delete)));

        Expect.Idents(kq.Wait(), 2);
    }
}
