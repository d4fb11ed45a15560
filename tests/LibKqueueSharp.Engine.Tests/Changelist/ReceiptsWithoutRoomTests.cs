using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Changelist;

/// <summary>CORE-RCP-005: a receipt without room ends the call with 0; macOS goes on and returns what fitted.</summary>
public sealed class ReceiptsWithoutRoomTests
{
    private static readonly KEvent[] s_three =
    [
        Change.User(1, EventFlags.Add | EventFlags.Receipt),
        Change.User(2, EventFlags.Add | EventFlags.Receipt),
        Change.User(3, EventFlags.Add | EventFlags.Receipt),
    ];

    [TestCase(Dialects.FreeBsd, 0, 0, 1)]
    [TestCase(Dialects.FreeBsd, 1, 0, 2)]
    [TestCase(Dialects.FreeBsd, 2, 0, 3)]
    [TestCase(Dialects.FreeBsd, 3, 3, 3)]
    [TestCase(Dialects.NetBsd, 1, 0, 2)]
    [TestCase(Dialects.OpenBsd, 1, 0, 2)]
    [TestCase(Dialects.MacOs, 0, 0, 3)]
    [TestCase(Dialects.MacOs, 1, 1, 3)]
    [TestCase(Dialects.MacOs, 2, 2, 3)]
    [TestCase(Dialects.MacOs, 3, 3, 3)]
    public void AppliesAndReturns(string dialect, int room, int returned, int applied)
    {
        using TestQueue kq = new(dialect);

        KEvent[] records = kq.Call(s_three, room, KeventTimeout.Infinite);

        Expect.Count(records, returned);
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(applied));
    }

    [Test]
    public void ReceiptsThatFittedAreInTheArrayThoughNotCounted()
    {
        using TestQueue kq = new();
        KEvent[] events = new KEvent[1];

        int result = kq.Queue.Kevent(s_three, events, KeventTimeout.Infinite, null, out Errno error);

        Assert.That((result, error), Is.EqualTo((0, Errno.None)));
        Assert.That(events, Is.EqualTo(new[] { s_three[0].Record(Errno.None) }));
    }

    [TestCase(Dialects.FreeBsd)]
    [TestCase(Dialects.NetBsd)]
    [TestCase(Dialects.OpenBsd)]
    [TestCase(Dialects.MacOs)]
    public void PendingEventIsLeftAloneWithoutRoom(string dialect)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(9, EventFlags.Add), Change.Trigger(9));

        KEvent[] records = kq.Call(s_three, 1, KeventTimeout.Infinite);

        Assert.That(records, Has.None.Matches<KEvent>(r => r.Ident == 9));
        Expect.Idents(kq.Poll(), 9);
    }
}
