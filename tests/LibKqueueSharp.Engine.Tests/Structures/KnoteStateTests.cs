using LibKqueueSharp.Emulation;
using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Structures;

/// <summary>The table of states in the comment of <see cref="KnoteStatus"/>, row by row.</summary>
public sealed class KnoteStateTests
{
    private const KnoteStatus Observed = KnoteStatus.Active | KnoteStatus.Queued | KnoteStatus.Disabled;
    private const KnoteStatus Idle = KnoteStatus.None;
    private const KnoteStatus Ready = KnoteStatus.Active | KnoteStatus.Queued;

    [Test]
    public void ActivityOfAnEnabledKnoteQueuesIt()
    {
        using TestQueue kq = With(EventFlags.None);
        Expect(kq, Idle);
        kq.Apply(Change.Trigger(1));

        Expect(kq, Ready);
    }

    [Test]
    public void ExpirationsOfADisabledTimerAreRememberedAndWakeNobody()
    {
        using TestQueue kq = new();
        kq.Apply(Change.Timer(1, EventFlags.Add | EventFlags.Disable, data: 1));
        Assert.That(kq.Queue.Timers.Count, Is.Zero, "deadlines that somebody waits for");
        kq.Clock.AdvanceMilliseconds(2);
        Assert.That(kq.Poll(), Is.Empty);

        kq.Apply(Change.Timer(1, EventFlags.Enable));

        Assert.That(kq.Poll().Single().Data, Is.EqualTo(2));
        kq.Apply(Change.Timer(1, EventFlags.Disable));
        Assert.That(kq.Queue.Timers.Count, Is.Zero);
    }

    [Test]
    public void DisableLeavesTheKnoteInTheListUntilAScanMeetsIt()
    {
        using TestQueue kq = With(EventFlags.None);
        kq.Apply(Change.Trigger(1), Change.User(1, EventFlags.Disable));
        Expect(kq, Ready | KnoteStatus.Disabled);
        kq.Poll();

        Expect(kq, KnoteStatus.Active | KnoteStatus.Disabled);
    }

    [Test]
    public void EnableQueuesWhatIsActive()
    {
        using TestQueue kq = With(EventFlags.None);
        kq.Apply(Change.Trigger(1), Change.User(1, EventFlags.Disable));
        kq.Poll();
        kq.Apply(Change.User(1, EventFlags.Enable));

        Expect(kq, Ready);
    }

    [Test]
    public void ScanDropsAKnoteWhoseConditionWent()
    {
        using TestQueue kq = With(EventFlags.None);
        kq.Apply(Change.Trigger(1), Change.User(1, EventFlags.Clear));
        Expect(kq, Ready);
        kq.Poll();

        Expect(kq, Idle);
    }

    [TestCase(EventFlags.None, Ready)]
    [TestCase(EventFlags.Clear, Idle)]
    [TestCase(EventFlags.Dispatch, KnoteStatus.Disabled)]
    [TestCase(EventFlags.Dispatch | EventFlags.Clear, KnoteStatus.Disabled)]
    public void ScanThatDelivered(EventFlags attributes, object expected)
    {
        using TestQueue kq = With(attributes);
        kq.Apply(Change.Trigger(1));
        Assert.That(kq.Poll(), Has.Length.EqualTo(1));

        Expect(kq, (KnoteStatus)expected);
    }

    private static TestQueue With(EventFlags attributes)
    {
        TestQueue kq = new();
        kq.Apply(Change.User(1, EventFlags.Add | attributes));
        return kq;
    }

    private static void Expect(TestQueue kq, KnoteStatus expected, EventFilter filter = EventFilter.User) =>
        Assert.That(kq.Queue.Table.Find(1, filter)!.Status & Observed, Is.EqualTo(expected));
}
