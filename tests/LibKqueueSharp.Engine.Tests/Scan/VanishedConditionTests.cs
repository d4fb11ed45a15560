using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Scan;

/// <summary>ORD-007, ORD-008, FD-CLOSE: a queued knote is asked once more when it is handed out.</summary>
[TestFixtureSource(typeof(Dialects), nameof(Dialects.All))]
public sealed class VanishedConditionTests(string dialect)
{
    private EventFlags Shown => Dialects.Shown(dialect, EventFlags.Add);

    [Test]
    public void QueuedKnoteIsDropped_AndFiresAgainLater([Values(EventFlags.None, EventFlags.Clear)] EventFlags attribute)
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add | attribute));
        kq.Poller.Write(3, 1);
        kq.Poller.Drain(3);
        Assert.That(kq.Poll(), Is.Empty);

        kq.Poller.Write(3, 2);

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, Shown | attribute, data: 2) }));
    }

    [Test]
    public void DataIsThatOfTheDelivery_NotOfTheActivation()
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 5);
        kq.Apply(Change.Read(3, EventFlags.Add));
        kq.Poller.Write(3, 5);

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, Shown, data: 10) }));
    }

    /// <summary>Whether a queued one-shot is asked again is left open (CORE-ONE-004); a true event must not be lost by it.</summary>
    [Test]
    public void OneShotWhoseConditionWentIsDeliveredNowOrLater()
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 5);
        kq.Apply(Change.Read(3, EventFlags.Add | EventFlags.OneShot));
        kq.Poller.Drain(3);
        int early = kq.Poll().Length;

        kq.Poller.Write(3, 7);

        Assert.That(early + kq.Poll().Length, Is.EqualTo(1));
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void EventOfAClosedSourceIsNeverReturned_AndItsKnoteGoes([Values(EventFlags.None, EventFlags.Clear)] EventFlags attribute)
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 1);
        kq.Apply(Change.Read(3, EventFlags.Add | attribute), Change.User(1, EventFlags.Add), Change.Trigger(1));
        kq.Poller.Close(3);

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, Shown) }));
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(1));
    }

    [Test]
    public void ReusedNumberStartsClean()
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add | EventFlags.OneShot | EventFlags.Disable, udata: 1));
        kq.Poller.Close(3);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 6);

        kq.Apply(Change.Read(3, EventFlags.Add, udata: 2));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, Shown, data: 6, udata: 2) }));
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(1));
    }

    [Test]
    public void KnoteThatItsOwnFilterDiscardsDuringAScanCanBeReused()
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3, 4);
        kq.Poller.Write(3, 1);
        kq.Poller.Write(4, 1);
        kq.Apply(Change.Read(3, EventFlags.Add), Change.Read(4, EventFlags.Add));
        Expect.Count(kq.Poll(), 2);
        kq.Poller.Close(3);
        Expect.Idents(kq.Poll(), 4);

        kq.Apply(Change.User(9, EventFlags.Add));
        Expect.Idents(kq.Poll(), 4);
        kq.Apply(Change.Trigger(9));

        Expect.IdentsInAnyOrder(kq.Poll(), 4, 9);
    }
}
