using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Registration;

/// <summary>CORE-ADD-004, CORE-ADD-008 to CORE-ADD-016: EV_ADD of what is registered already.</summary>
[TestFixtureSource(typeof(Dialects), nameof(Dialects.All))]
public sealed class ReAddTests(string dialect)
{
    private EventFlags Shown => Dialects.Shown(dialect, EventFlags.Add);

    [Test]
    public void RegistrationIsUnique()
    {
        using TestQueue kq = new(dialect);

        kq.Apply(Change.User(1, EventFlags.Add), Change.User(1, EventFlags.Add), Change.Trigger(1));

        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(1));
        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, Shown) }));
    }

    [Test]
    public void DisabledKnoteStaysDisabled_UntilEnable()
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 1);
        kq.Apply(Change.Read(3, EventFlags.Add), Change.Read(3, EventFlags.Disable));

        kq.Apply(Change.Read(3, EventFlags.Add));
        Assert.That(kq.Wait(milliseconds: 20), Is.Empty);
        kq.Apply(Change.Read(3, EventFlags.Add | EventFlags.Enable));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, Shown, data: 1) }));
    }

    [Test]
    public void DispatchedKnoteStaysDisabled()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.Dispatch), Change.Trigger(1));
        Expect.Count(kq.Poll(), 1);

        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.Dispatch, UserNotes.Trigger));

        Assert.That(kq.Poll(), Is.Empty);
    }

    [Test]
    public void UDataAndParametersAreReplaced()
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add, fflags: 5, data: 6, udata: 7), Change.Read(3, EventFlags.Add, fflags: 8, data: 9, udata: 10));
        kq.Poller.Write(3, 1);

        Emulation.Knote kn = kq.Queue.Table.Find(3, EventFilter.Read)!;
        Assert.That((kn.SavedFFlags, kn.SavedData), Is.EqualTo((8u, 9L)));
        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, Shown, data: 1, udata: 10) }));
    }

    [Test]
    public void EdgeWhoseConditionStillHoldsIsQueuedAgain()
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 5);
        KEvent expected = Change.Read(3, Shown | EventFlags.Clear, data: 5);
        Assert.That(kq.Call([Change.Read(3, EventFlags.Add | EventFlags.Clear)], 4, KeventTimeout.Zero), Is.EqualTo(new[] { expected }));
        Assert.That(kq.Poll(), Is.Empty);

        kq.Apply(Change.Read(3, EventFlags.Add));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void QueuedEventKeepsItsPlace()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add), Change.User(2, EventFlags.Add), Change.Trigger(1), Change.Trigger(2));

        kq.Apply(Change.User(1, EventFlags.Add, udata: 5));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, Shown, udata: 5), Change.User(2, Shown) }));
    }

    [Test]
    public void SameIdentUnderOtherFiltersIsAnotherRegistration()
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 1);
        kq.Apply(Change.User(3, EventFlags.Add), Change.Timer(3, EventFlags.Add, data: 5), Change.Read(3, EventFlags.Add), Change.Trigger(3));

        kq.Clock.AdvanceMilliseconds(5);

        Assert.That(
            kq.Poll(),
            Is.EquivalentTo(new[]
            {
                Change.User(3, Shown), Change.Read(3, Shown, data: 1), Change.Timer(3, Shown | EventFlags.Clear, data: 1),
            }));
    }

    [Test]
    public void IdentAndUDataComeBackBitForBit()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(nuint.MaxValue, EventFlags.Add), Change.Trigger(nuint.MaxValue, udata: nint.MinValue));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(nuint.MaxValue, Shown, udata: nint.MinValue) }));
    }
}
