using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Scan;

/// <summary>ORD-001, ORD-005: events come in the order in which they became active.</summary>
[TestFixtureSource(typeof(Dialects), nameof(Dialects.All))]
public sealed class ActivationOrderTests(string dialect)
{
    private EventFlags Shown => Dialects.Shown(dialect, EventFlags.Add);

    [Test]
    public void UserEventsInTheOrderOfTheirTriggers()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add), Change.User(2, EventFlags.Add), Change.User(3, EventFlags.Add));

        kq.Apply(Change.Trigger(3), Change.Trigger(1), Change.Trigger(2));

        Expect.Idents(kq.Poll(), 3, 1, 2);
    }

    [Test]
    public void SourcesInTheOrderOfTheirActivity([Values(EventFlags.None, EventFlags.Clear)] EventFlags attribute)
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(1, 2, 3);
        for (nuint ident = 1; ident <= 3; ident++)
            kq.Apply(Change.Read(ident, EventFlags.Add | attribute));

        kq.Poller.Write(2, 1);
        kq.Poller.Write(3, 1);
        kq.Poller.Write(1, 1);

        Expect.Idents(kq.Poll(), 2, 3, 1);
    }

    [Test]
    public void SecondTriggerDoesNotChangeThePlace()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add), Change.User(2, EventFlags.Add));

        kq.Apply(Change.Trigger(1), Change.Trigger(2), Change.Trigger(1, data: 9));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, Shown, data: 9), Change.User(2, Shown) }));
    }

    [Test]
    public void TimerThatFiresAtOnceComesBeforeLaterChangesOfItsCall()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add));
        KEvent timer = Change.Timer(2, EventFlags.Add | EventFlags.OneShot, data: 0);
        if (dialect == Dialects.NetBsd)
        {
            Assert.That(kq.Try(timer), Is.EqualTo(Errno.EINVAL));
            return;
        }

        kq.Apply(timer, Change.Trigger(1));

        Expect.Idents(kq.Poll(), 2, 1);
    }

    [Test]
    public void TimersInTheOrderOfTheirDeadlines()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(
            Change.Timer(1, EventFlags.Add, data: 30), Change.Timer(2, EventFlags.Add, data: 10), Change.Timer(3, EventFlags.Add, data: 20));

        kq.Clock.AdvanceMilliseconds(35);

        EventFlags shown = Shown | EventFlags.Clear;
        Assert.That(
            kq.Poll(),
            Is.EqualTo(new[] { Change.Timer(2, shown, data: 3), Change.Timer(3, shown, data: 1), Change.Timer(1, shown, data: 1) }));
    }

    [Test]
    public void TimerThatExpiredBeforeATriggerComesFirst()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10), Change.User(2, EventFlags.Add));
        kq.Clock.AdvanceMilliseconds(15);

        kq.Apply(Change.Trigger(2));

        Expect.Idents(kq.Poll(), 1, 2);
    }

    [Test]
    public void TriggerThatCameBeforeAnExpiryComesFirst()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.Timer(1, EventFlags.Add, data: 10), Change.User(2, EventFlags.Add), Change.Trigger(2));

        kq.Clock.AdvanceMilliseconds(15);

        Expect.Idents(kq.Poll(), 2, 1);
    }
}
