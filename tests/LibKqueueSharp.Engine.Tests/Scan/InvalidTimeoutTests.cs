using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Scan;

/// <summary>CALL-TMO-006 to CALL-TMO-009: refused before the changes (OpenBSD, macOS) or after them (FreeBSD, NetBSD).</summary>
public sealed class InvalidTimeoutTests
{
    private static readonly KeventTimeout[] s_invalid =
    [
        KeventTimeout.FromTimespec(-1, 0),
        KeventTimeout.FromTimespec(0, -1),
        KeventTimeout.FromTimespec(0, 1_000_000_000),
        KeventTimeout.FromTimespec(long.MaxValue, 1_000_000_000),
        KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(-5)),
    ];

    [TestCase(Dialects.FreeBsd, 1)]
    [TestCase(Dialects.NetBsd, 1)]
    [TestCase(Dialects.OpenBsd, 0)]
    [TestCase(Dialects.MacOs, 0)]
    public void ChangesAreAppliedFirst_OrNotAtAll(string dialect, int applied)
    {
        foreach (KeventTimeout timeout in s_invalid)
        {
            using TestQueue kq = new(dialect);

            int result = kq.Queue.Kevent([Change.User(1, EventFlags.Add)], new KEvent[1], timeout, null, out Errno error);

            Assert.That((result, error), Is.EqualTo((-1, Errno.EINVAL)));
            Assert.That(kq.Queue.KnoteCount, Is.EqualTo(applied));
        }
    }

    [TestCase(Dialects.FreeBsd, 0, Errno.None)]
    [TestCase(Dialects.NetBsd, 0, Errno.None)]
    [TestCase(Dialects.OpenBsd, -1, Errno.EINVAL)]
    [TestCase(Dialects.MacOs, -1, Errno.EINVAL)]
    public void WithoutRoomForEvents(string dialect, int expected, Errno expectedError)
    {
        foreach (KeventTimeout timeout in s_invalid)
        {
            using TestQueue kq = new(dialect);

            int result = kq.Queue.Kevent([], [], timeout, null, out Errno error);

            Assert.That((result, error), Is.EqualTo((expected, expectedError)));
        }
    }

    [TestCase(Dialects.FreeBsd)]
    [TestCase(Dialects.NetBsd)]
    public void RecordComesBeforeTheTimeoutIsLookedAt(string dialect)
    {
        using TestQueue kq = new(dialect);
        KEvent[] events = new KEvent[1];

        int result = kq.Queue.Kevent([Change.Bad(1)], events, s_invalid[0], null, out Errno error);

        Assert.That((result, error), Is.EqualTo((1, Errno.None)));
        Assert.That(events[0], Is.EqualTo(Change.Bad(1).Record(Errno.ENOENT)));
    }

    [TestCase(Dialects.FreeBsd)]
    [TestCase(Dialects.NetBsd)]
    [TestCase(Dialects.OpenBsd)]
    [TestCase(Dialects.MacOs)]
    public void PendingEventsStayWhereTheyAre(string dialect)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.OneShot), Change.Trigger(1));

        Assert.That(kq.Queue.Kevent([], new KEvent[1], s_invalid[0], null, out _), Is.EqualTo(-1));
        Expect.Idents(kq.Poll(), 1);
    }
}
