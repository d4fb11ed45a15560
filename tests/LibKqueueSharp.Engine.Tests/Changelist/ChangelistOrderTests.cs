using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Changelist;

/// <summary>CALL-NCH-003, CALL-NCH-004, CORE-DEL-007: changes are applied in order, all of them, before events are taken.</summary>
public sealed class ChangelistOrderTests
{
    [Test]
    public void AddDeleteAddLeavesOneRegistration()
    {
        using TestQueue kq = new();

        kq.Apply(Change.User(1, EventFlags.Add), Change.User(1, EventFlags.Delete), Change.User(1, EventFlags.Add));

        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(1));
    }

    [Test]
    public void DeleteThenAddStartsAfresh()
    {
        using TestQueue kq = new();
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.Clear, (UserNotes)7), Change.Trigger(1), Change.User(1, EventFlags.Disable));

        kq.Apply(Change.User(1, EventFlags.Delete), Change.User(1, EventFlags.Add));
        Assert.That(kq.Poll(), Is.Empty);
        kq.Apply(Change.Trigger(1));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1) }));
        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1) }));
    }

    [Test]
    public void HundredChangesInOneCallAllTakeEffect()
    {
        using TestQueue kq = new();
        KEvent[] adds = [.. Enumerable.Range(0, 100).Select(i => Change.User((nuint)i, EventFlags.Add))];
        KEvent[] triggers = [.. Enumerable.Range(0, 100).Select(i => Change.Trigger((nuint)i))];

        KEvent[] events = kq.Call([.. adds, .. triggers], 200, KeventTimeout.Infinite);

        Assert.That(events.Select(e => (int)e.Ident), Is.EqualTo(Enumerable.Range(0, 100)));
    }

    [Test]
    public void ConditionThatHoldsAtRegistrationIsReturnedByTheSameCall()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Poller.Write(3, 12);

        Assert.That(
            kq.Call([Change.Read(3, EventFlags.Add, udata: 5)], 4, KeventTimeout.Zero),
            Is.EqualTo(new[] { Change.Read(3, data: 12, udata: 5) }));
    }
}
