using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Registration;

/// <summary>CORE-ADD-014: EV_ADD|EV_DISABLE delivers nothing until EV_ENABLE, and then what still holds.</summary>
[TestFixtureSource(typeof(Dialects), nameof(Dialects.All))]
public sealed class AddDisabledNeverFiresTests(string dialect)
{
    private const EventFlags AddDisabled = EventFlags.Add | EventFlags.Disable;

    private EventFlags Shown => Dialects.Shown(dialect, AddDisabled);

    [Test]
    public void UserEventThatIsTriggered()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, AddDisabled));
        kq.Poller.After(10, () => kq.Apply(Change.Trigger(1)));

        Assert.That(kq.Wait(milliseconds: 50), Is.Empty);
        kq.Apply(Change.User(1, EventFlags.Enable));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, Shown) }));
    }

    [Test]
    public void SourceThatIsReadyBeforeAndAfter([Values(EventFlags.None, EventFlags.Clear)] EventFlags attribute)
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 4);
        kq.Apply(Change.Read(3, AddDisabled | attribute, udata: 1));

        Assert.That(kq.Wait(milliseconds: 50), Is.Empty);
        kq.Poller.Write(3, 2);
        Assert.That(kq.Wait(milliseconds: 50), Is.Empty);
        kq.Apply(Change.Read(3, EventFlags.Enable, udata: 1));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, Shown | attribute, data: 6, udata: 1) }));
    }

    [Test]
    public void TimerThatExpires()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.Timer(1, AddDisabled, data: 10));

        Assert.That(kq.Wait(milliseconds: 35), Is.Empty);
        kq.Apply(Change.Timer(1, EventFlags.Enable));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Timer(1, Shown | EventFlags.Clear, data: 3) }));
    }

    [Test]
    public void ConditionThatCameAndWentIsNotDeliveredByEnable()
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, AddDisabled));
        kq.Poller.Write(3, 4);
        Assert.That(kq.Poll(), Is.Empty);
        kq.Poller.Drain(3);

        kq.Apply(Change.Read(3, EventFlags.Enable));

        Assert.That(kq.Poll(), Is.Empty);
    }
}
