using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.UserEvents;

/// <summary>USER-001 to USER-010, USER-DATA-001, USER-DATA-002: what triggers, and what an event carries.</summary>
[TestFixtureSource(typeof(Dialects), nameof(Dialects.All))]
public sealed class UserTriggerTests(string dialect)
{
    private EventFlags Shown => Dialects.Shown(dialect, EventFlags.Add);

    private bool TriggersOnAdd => dialect is Dialects.OpenBsd or Dialects.MacOs;

    [Test]
    public void FirstAddAloneDoesNotTrigger()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add));

        Assert.That(kq.Poll(), Is.Empty);
    }

    [Test]
    public void TriggerInTheFirstAdd()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.Trigger(1, EventFlags.Add));

        Expect.Count(kq.Poll(), TriggersOnAdd ? 1 : 0);
    }

    [Test]
    public void TriggerInTheFirstAddOfADisabledOne()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.Trigger(1, EventFlags.Add | EventFlags.Disable));
        Assert.That(kq.Poll(), Is.Empty);

        kq.Apply(Change.User(1, EventFlags.Enable));

        Expect.Count(kq.Poll(), TriggersOnAdd ? 1 : 0);
    }

    [Test]
    public void TriggerInALaterAdd()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add), Change.Trigger(1, EventFlags.Add));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, Shown) }));
    }

    [Test]
    public void WithoutClearItIsReturnedByEveryCall()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add), Change.Trigger(1));

        for (int call = 0; call < 3; call++)
            Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, Shown) }), $"call {call}");
    }

    [Test]
    public void WithClearOncePerTrigger()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.Clear));

        for (int round = 0; round < 3; round++)
        {
            kq.Apply(Change.Trigger(1), Change.Trigger(1));
            Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, Shown | EventFlags.Clear) }), $"round {round}");
            Assert.That(kq.Poll(), Is.Empty, $"round {round}");
        }
    }

    [Test]
    public void ClearInALaterChangeWithdrawsTheTrigger_ExceptInMacOs([Values] bool withTrigger, [Values] bool add)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add), Change.Trigger(1));

        kq.Apply(Change.User(
            1,
            add ? EventFlags.Add | EventFlags.Clear : EventFlags.Clear,
            withTrigger ? UserNotes.Trigger : UserNotes.None));

        Expect.Count(kq.Poll(), dialect == Dialects.MacOs ? 1 : 0);
    }

    [Test]
    public void WithdrawnTriggerCanBeGivenAgain()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add), Change.Trigger(1), Change.User(1, EventFlags.Clear), Change.Trigger(1, data: 4));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, Shown, data: 4) }));
    }

    [Test]
    public void DataAndUDataAreThoseOfTheLastChange()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(
            Change.User(1, EventFlags.Add | EventFlags.Clear, data: 1, udata: 1),
            Change.Trigger(1, data: 2, udata: 2),
            Change.User(1, data: 3, udata: 3));
        KEvent expected = Change.User(1, Shown | EventFlags.Clear, data: 3, udata: 3);
        Assert.That(kq.Poll(), Is.EqualTo(new[] { expected }));

        kq.Apply(Change.Trigger(1));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { expected with { Data = 0, UData = 0 } }));
    }

    [Test]
    public void OneShotCarriesItsFlagsAndData_ExceptInFreeBsd()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(
            Change.User(1, EventFlags.Add | EventFlags.OneShot),
            Change.User(1, notes: UserNotes.Trigger | UserNotes.Copy | (UserNotes)5, data: 7, udata: 8));

        KEvent bare = Change.User(1, Shown | EventFlags.OneShot, udata: 8);
        KEvent expected = dialect == Dialects.FreeBsd ? bare : bare with { FFlags = 5, Data = 7 };
        Assert.That(kq.Poll(), Is.EqualTo(new[] { expected }));
        Assert.That(kq.Try(Change.Trigger(1)), Is.EqualTo(Errno.ENOENT));
    }

    /// <summary>NetBSD and OpenBSD end each change with a look, of what is disabled, too: EV_ENABLE queues what was found, at its own time. macOS keeps the trigger.</summary>
    [Test]
    public void WhatAChangeFoundWhileDisabledIsQueuedByEnabling()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(
            Change.User(1, EventFlags.Add),
            Change.User(2, EventFlags.Add),
            Change.Trigger(1, EventFlags.Disable),
            Change.User(1, EventFlags.Clear),
            Change.User(1, EventFlags.Enable),
            Change.Trigger(2),
            Change.Trigger(1));

        Expect.Idents(kq.Poll(), dialect == Dialects.FreeBsd ? [2, 1] : [1, 2]);
    }

    [Test]
    public void HundredThousandUserEvents()
    {
        const int count = 100_000;
        using TestQueue kq = new(dialect);
        kq.Apply([.. Enumerable.Range(0, count).Select(i => Change.User((nuint)i * 4096, EventFlags.Add | EventFlags.Clear, udata: i))]);
        kq.Apply([.. Enumerable.Range(0, count).Select(i => Change.Trigger((nuint)(count - 1 - i) * 4096, udata: i))]);

        KEvent[] events = kq.Poll(count + 1);

        Assert.That(events, Has.Length.EqualTo(count));
        for (int i = 0; i < count; i++)
        {
            if (events[i] != Change.User((nuint)(count - 1 - i) * 4096, Shown | EventFlags.Clear, udata: i))
                Assert.Fail($"event {i} is {events[i]}");
        }

        Assert.That(kq.Poll(), Is.Empty);
        kq.Apply([.. Enumerable.Range(0, count).Select(i => Change.User((nuint)i * 4096, EventFlags.Delete))]);
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }
}
