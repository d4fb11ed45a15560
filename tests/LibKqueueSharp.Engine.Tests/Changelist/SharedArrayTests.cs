using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Changelist;

/// <summary>CALL-ALIAS-001, CALL-ALIAS-002: one array for changes and events.</summary>
public sealed class SharedArrayTests
{
    private static EventFlags Flags(int i) => i % 2 == 0 ? EventFlags.Delete : EventFlags.Add;

    private static KEvent Alternating(int i) => new((nuint)i, EventFilter.User, Flags(i), (uint)i, 100 + i, 1000 + i);

    [Test]
    public void RecordsDoNotOvertakeChangesThatAreStillToBeRead([Values(2, 9, 20, 64)] int count)
    {
        using TestQueue kq = new();
        KEvent[] array = [.. Enumerable.Range(0, count).Select(Alternating)];

        int records = kq.Queue.Kevent(array, array, KeventTimeout.Infinite, null, out _);

        Assert.That(
            array[..records],
            Is.EqualTo(Enumerable.Range(0, count).Where(i => i % 2 == 0).Select(i => Alternating(i).Record(Errno.ENOENT))));
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(count / 2));
        for (int i = 1; i < count; i += 2)
            Assert.That(kq.Try(Change.User((nuint)i)), Is.EqualTo(Errno.None), Alternating(i).ToString());
    }

    [Test]
    public void EveryChangeMayBecomeARecord_WithTheFlagsOfItsOwnChange()
    {
        using TestQueue kq = new(Dialects.MacOs);
        KEvent[] array = [.. Enumerable.Range(0, 20).Select(i => Alternating(i) with { Flags = Flags(i) | EventFlags.Receipt })];
        KEvent[] expected =
        [
            .. array.Select((change, i) => change with
            {
                Flags = change.Flags | EventFlags.Error,
                Data = i % 2 == 0 ? (long)Errno.ENOENT : 0,
            }),
        ];

        int records = kq.Queue.Kevent(array, array, KeventTimeout.Infinite, null, out _);

        Assert.That(array[..records], Is.EqualTo(expected));
    }

    [Test]
    public void EventsReplaceTheChangesThatCausedThem()
    {
        using TestQueue kq = new();
        KEvent[] array = [Change.User(1, EventFlags.Add), Change.User(2, EventFlags.Add), Change.Trigger(2), Change.Trigger(1)];

        int events = kq.Queue.Kevent(array, array, KeventTimeout.Infinite, null, out _);

        Assert.That(array[..events], Is.EqualTo(new[] { Change.User(2), Change.User(1) }));
    }
}
