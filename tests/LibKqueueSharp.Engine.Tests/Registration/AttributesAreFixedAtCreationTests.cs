using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Registration;

/// <summary>CORE-ADD-010: EV_ONESHOT, EV_CLEAR, EV_DISPATCH and EV_RECEIPT are those of the first EV_ADD.</summary>
[TestFixtureSource(typeof(Dialects), nameof(Dialects.All))]
public sealed class AttributesAreFixedAtCreationTests(string dialect)
{
    private const EventFlags All = EventFlags.OneShot | EventFlags.Clear | EventFlags.Dispatch;

    [Test]
    public void SecondAddTakesNothingOn([Values(EventFlags.OneShot, EventFlags.Clear, EventFlags.Dispatch, All)] EventFlags second)
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 1);
        kq.Apply(Change.Read(3, EventFlags.Add), Change.Read(3, EventFlags.Add | second));
        KEvent expected = Change.Read(3, Dialects.Shown(dialect, EventFlags.Add), data: 1);

        for (int call = 0; call < 3; call++)
            Assert.That(kq.Poll(), Is.EqualTo(new[] { expected }), $"call {call}");
    }

    [Test]
    public void SecondAddTakesNothingOff([Values(EventFlags.OneShot, EventFlags.Clear, EventFlags.Dispatch)] EventFlags first)
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 1);
        kq.Apply(Change.Read(3, EventFlags.Add | first), Change.Read(3, EventFlags.Add));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, Dialects.Shown(dialect, EventFlags.Add) | first, data: 1) }));
        Assert.That(kq.Poll(), Is.Empty);
    }

    [Test]
    public void ReceiptOfTheFirstAddShowsInEvents()
    {
        using TestQueue kq = new(dialect);
        kq.Call([Change.User(1, EventFlags.Add | EventFlags.Receipt)], 1, KeventTimeout.Zero);
        kq.Apply(Change.Trigger(1));

        Assert.That(
            kq.Poll(), Is.EqualTo(new[] { Change.User(1, Dialects.Shown(dialect, EventFlags.Add) | EventFlags.Receipt) }));
    }

    [Test]
    public void ReceiptOfALaterChangeDoesNotShowInEvents()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add));
        kq.Call([Change.Trigger(1, EventFlags.Receipt)], 1, KeventTimeout.Zero);

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, Dialects.Shown(dialect, EventFlags.Add)) }));
    }

    [Test]
    public void ResultFlagsOfAChangeAreIgnored()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(
            Change.User(1, EventFlags.Add | EventFlags.Eof | EventFlags.Error | (EventFlags)0x3000),
            Change.Trigger(1, EventFlags.Eof));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, Dialects.Shown(dialect, EventFlags.Add)) }));
    }

    [Test]
    public void ActionsOfTheFirstAddShow_ExceptInFreeBsd()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.Enable), Change.Trigger(1));

        EventFlags expected = dialect == Dialects.FreeBsd ? EventFlags.None : EventFlags.Add | EventFlags.Enable;
        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, expected) }));
    }
}
