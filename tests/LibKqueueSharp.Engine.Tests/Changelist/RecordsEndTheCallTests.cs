using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Changelist;

/// <summary>CALL-ERR-007, CALL-ERR-008, CORE-RCP-003: a call that wrote a record waits for nothing and takes no event.</summary>
[TestFixtureSource(typeof(Dialects), nameof(Dialects.All))]
public sealed class RecordsEndTheCallTests(string dialect)
{
    [Test]
    public void FailedChangeWithRoomReturnsAtOnce_ThoughTheTimeoutHasNoEnd()
    {
        using TestQueue kq = new(dialect);
        long before = kq.Clock.Now;

        KEvent[] records = kq.Call([Change.Bad(1)], 1, KeventTimeout.Infinite);

        Assert.That(records.Select(r => r.Error), Is.EqualTo(new[] { Errno.ENOENT }));
        Assert.That(kq.Poller.Sleeps, Is.Zero);
        Assert.That(kq.Clock.Now, Is.EqualTo(before));
    }

    [Test]
    public void FailedChangeTakesNoPendingEvent()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add), Change.Trigger(1));

        KEvent[] records = kq.Call([Change.Bad(2)], 8, KeventTimeout.Infinite);

        Expect.Count(records, 1);
        Assert.That(records[0].IsRecord && records[0].Ident == 2, Is.True, records[0].ToString());
        Expect.Idents(kq.Poll(), 1);
    }

    [Test]
    public void ReceiptTakesNoPendingEventAndDoesNotWait()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add), Change.Trigger(1));

        KEvent[] records = kq.Call([Change.User(2, EventFlags.Add | EventFlags.Receipt)], 8, KeventTimeout.Infinite);

        Expect.Count(records, 1);
        Assert.That(records[0].IsRecord && records[0].Ident == 2 && records[0].Data == 0, Is.True, records[0].ToString());
        Assert.That(kq.Poller.Sleeps, Is.Zero);
        Expect.Idents(kq.Poll(), 1);
    }

    [Test]
    public void ChangesAfterAReportedErrorAreApplied()
    {
        using TestQueue kq = new(dialect);

        KEvent[] records = kq.Call(
            [Change.Bad(1), Change.User(2, EventFlags.Add), Change.Bad(3), Change.User(4, EventFlags.Add)], 8, KeventTimeout.Zero);

        Expect.Idents(records, 1, 3);
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(2));
    }

    [Test]
    public void OnlyReceiptsAndFailuresAreReported()
    {
        using TestQueue kq = new(dialect);

        KEvent[] records = kq.Call(
            [
                Change.User(1, EventFlags.Add),
                Change.User(2, EventFlags.Add | EventFlags.Receipt),
                Change.Bad(3),
                Change.User(4, EventFlags.Delete | EventFlags.Receipt),
                Change.User(5, EventFlags.Add | EventFlags.Receipt),
            ],
            8,
            KeventTimeout.Infinite);

        Assert.That(
            records.Select(r => (r.Ident, r.Error)),
            Is.EqualTo(new (nuint, Errno)[] { (2, Errno.None), (3, Errno.ENOENT), (4, Errno.ENOENT), (5, Errno.None) }));
        Assert.That(records, Has.All.Matches<KEvent>(r => r.IsRecord));
    }

    [Test]
    public void SuccessfulChangesAloneLetTheCallTakeEvents()
    {
        using TestQueue kq = new(dialect);

        KEvent[] events = kq.Call([Change.User(1, EventFlags.Add), Change.Trigger(1, data: 9)], 8, KeventTimeout.Infinite);

        Assert.That(events, Is.EqualTo(new[] { Change.User(1, Dialects.Shown(dialect, EventFlags.Add), data: 9) }));
    }
}
