using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Changelist;

/// <summary>CALL-ERR-004 to CALL-ERR-006: an error that finds no room fails the call and stops the changelist.</summary>
[TestFixtureSource(typeof(Dialects), nameof(Dialects.All))]
public sealed class ErrorWithoutRoomTests(string dialect)
{
    [Test]
    public void EarlierChangesStayAndLaterOnesAreNotTried()
    {
        using TestQueue kq = new(dialect);

        int result = kq.Queue.Kevent(
            [Change.User(1, EventFlags.Add), Change.Bad(2), Change.User(3, EventFlags.Add)],
            [],
            KeventTimeout.Zero,
            null,
            out Errno error);

        Assert.That((result, error), Is.EqualTo((-1, Errno.ENOENT)));
        Assert.That(kq.Try(Change.User(1)), Is.EqualTo(Errno.None));
        Assert.That(kq.Try(Change.User(3)), Is.EqualTo(Errno.ENOENT));
    }

    [Test]
    public void CallFailsWithTheFirstErrorThatFoundNoRoom()
    {
        using TestQueue kq = new(dialect);
        KEvent[] events = new KEvent[1];

        int result = kq.Queue.Kevent(
            [Change.Bad(1), Change.User(2, EventFlags.Add), Change.Read(999, EventFlags.Add), Change.User(4, EventFlags.Add)],
            events,
            KeventTimeout.Infinite,
            null,
            out Errno error);

        Assert.That((result, error), Is.EqualTo((-1, Errno.EBADF)));
        Assert.That(events[0].IsRecord && events[0].Ident == 1, Is.True, events[0].ToString());
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(1));
    }

    [Test]
    public void WithoutRoomForEventsTheCallReturnsZeroAtOnce_ThoughTheTimeoutHasNoEnd()
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add), Change.Trigger(1));

        Assert.That(kq.Call([Change.User(2, EventFlags.Add)], 0, KeventTimeout.Infinite), Is.Empty);
        Assert.That(kq.Poller.Sleeps, Is.Zero);
        Expect.Idents(kq.Poll(), 1);
    }
}
