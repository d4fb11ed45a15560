using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Registration;

/// <summary>CORE-DIS-001 to CORE-DIS-007, USER-DIS-001, TIMER-DIS-001.</summary>
[TestFixtureSource(typeof(Dialects), nameof(Dialects.All))]
public sealed class EnableDisableTests(string dialect)
{
    private EventFlags Shown => Dialects.Shown(dialect, EventFlags.Add);

    [Test]
    public void DisableHoldsBackWhatIsQueued_EnableBringsItBack([Values(EventFlags.None, EventFlags.Clear)] EventFlags attribute)
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 5);
        kq.Apply(Change.Read(3, EventFlags.Add | attribute), Change.Read(3, EventFlags.Disable));
        Assert.That(kq.Wait(milliseconds: 10), Is.Empty);

        kq.Apply(Change.Read(3, EventFlags.Enable));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, Shown | attribute, data: 5) }));
    }

    [Test]
    public void DisableAndEnableWithoutAScanBetweenKeepThePlace()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add), Change.User(2, EventFlags.Add), Change.Trigger(1), Change.Trigger(2));

        kq.Apply(Change.User(1, EventFlags.Disable), Change.User(1, EventFlags.Enable));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, Shown), Change.User(2, Shown) }));
    }

    [Test]
    public void ActivityWhileDisabledIsRemembered([Values(EventFlags.None, EventFlags.Clear)] EventFlags attribute)
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add | attribute), Change.Read(3, EventFlags.Disable));
        kq.Poller.Write(3, 5);
        Assert.That(kq.Poll(), Is.Empty);

        kq.Apply(Change.Read(3, EventFlags.Enable));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, Shown | attribute, data: 5) }));
    }

    [Test]
    public void WhatWasSeenWhileDisabledIsQueuedByTheEnable()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(
            Change.Trigger(2, EventFlags.Add | EventFlags.Disable),
            Change.Timer(2, EventFlags.Add, 1),
            Change.User(2, EventFlags.Clear),
            Change.User(2, EventFlags.Enable));
        kq.Clock.AdvanceMilliseconds(27);

        KEvent[] events = kq.Call([Change.Trigger(2)], 16, KeventTimeout.Zero);

        // USER-003: where the creation triggers, OpenBSD has seen it and macOS's EV_CLEAR does not take it back; elsewhere the last change is the first trigger.
        EventFilter first = dialect is Dialects.OpenBsd or Dialects.MacOs ? EventFilter.User : EventFilter.Timer;
        Assert.That(events, Has.Length.EqualTo(2), string.Join(", ", events));
        Assert.That(events[0].Filter, Is.EqualTo(first), string.Join(", ", events));
    }

    [Test]
    public void TriggerWhileDisabledIsRemembered([Values(EventFlags.None, EventFlags.Clear, EventFlags.OneShot)] EventFlags attribute)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add | attribute), Change.User(1, EventFlags.Disable), Change.Trigger(1));
        Assert.That(kq.Poll(), Is.Empty);

        kq.Apply(Change.User(1, EventFlags.Enable));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, Shown | attribute) }));
    }

    [Test]
    public void EnableAndTriggerInOneChange()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.Dispatch), Change.Trigger(1));
        kq.Poll();

        kq.Apply(Change.Trigger(1, EventFlags.Enable, data: 3));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, Shown | EventFlags.Dispatch, data: 3) }));
    }

    [Test]
    public void DisablingTwiceAndEnablingTwiceSucceed()
    {
        using TestQueue kq = new(dialect);

        kq.Apply(
            Change.User(1, EventFlags.Add),
            Change.User(1, EventFlags.Disable),
            Change.User(1, EventFlags.Disable),
            Change.User(1, EventFlags.Enable),
            Change.User(1, EventFlags.Enable),
            Change.Trigger(1));

        Expect.Count(kq.Poll(), 1);
    }

    [Test]
    public void EnableDuringAWaitWakesTheWaiter()
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 5);
        kq.Apply(Change.Read(3, EventFlags.Add | EventFlags.Disable), Change.User(1, EventFlags.Add | EventFlags.Disable), Change.Trigger(1));
        kq.Poller.After(10, () => kq.Apply(Change.Read(3, EventFlags.Enable)));
        kq.Poller.After(20, () => kq.Apply(Change.Read(3, EventFlags.Disable), Change.User(1, EventFlags.Enable)));

        Expect.Idents(kq.Wait(), 3);
        kq.Poller.Drain(3);
        Expect.Idents(kq.Wait(), 1);
    }
}
