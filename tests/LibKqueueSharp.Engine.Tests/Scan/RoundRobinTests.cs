using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Scan;

/// <summary>ORD-002, CALL-NEV-006: with fewer slots than ready level-triggered knotes, all are served in turn.</summary>
[TestFixtureSource(typeof(Dialects), nameof(Dialects.All))]
public sealed class RoundRobinTests(string dialect)
{
    private const int Ready = 5;

    [Test]
    public void SourcesAreServedInTurn([Values(1, 2, 3, 4, 7)] int room) => ServesInTurn(AddSources, room);

    [Test]
    public void UserEventsAreServedInTurn([Values(1, 2, 3, 4, 7)] int room) => ServesInTurn(AddUserEvents, room);

    [Test]
    public void SourcesAndUserEventsAreServedInTurn([Values(1, 2, 3)] int room)
    {
        using TestQueue kq = new(dialect);
        AddSources(kq);
        for (nuint ident = 100; ident < 100 + Ready; ident++)
            kq.Apply(Change.User(ident, EventFlags.Add), Change.Trigger(ident));

        Dictionary<nuint, int> seen = [];
        for (int taken = 0; taken < 20 * Ready * room; taken += room)
        {
            foreach (KEvent e in kq.Poll(room))
                seen[e.Ident] = seen.GetValueOrDefault(e.Ident) + 1;
        }

        Assert.That(seen.Values.Max() - seen.Values.Min(), Is.LessThanOrEqualTo(1), string.Join(' ', seen));
        Assert.That(seen, Has.Count.EqualTo(2 * Ready));
    }

    [Test]
    public void RestStaysQueuedWhenTheRoomIsUsedUp()
    {
        using TestQueue kq = new(dialect);
        for (nuint ident = 0; ident < Ready; ident++)
            kq.Apply(Change.User(ident, EventFlags.Add | EventFlags.Clear), Change.Trigger(ident));

        Expect.Idents(kq.Poll(2), 0, 1);
        Expect.Idents(kq.Poll(2), 2, 3);
        Expect.Idents(kq.Poll(2), 4);
        Assert.That(kq.Poll(2), Is.Empty);
    }

    private void ServesInTurn(Action<TestQueue> add, int room)
    {
        using TestQueue kq = new(dialect);
        add(kq);

        List<nuint> served = [];
        for (int call = 0; call < 3 * Ready; call++)
            served.AddRange(kq.Poll(room).Select(e => e.Ident));

        int perCall = Math.Min(room, Ready);
        Assert.That(served, Has.Count.EqualTo(3 * Ready * perCall));
        for (int i = 0; i < served.Count; i++)
            Assert.That(served[i], Is.EqualTo((nuint)(i % Ready)), string.Join(' ', served));
    }

    private static void AddSources(TestQueue kq)
    {
        for (nuint ident = 0; ident < Ready; ident++)
        {
            kq.Poller.Open(ident);
            kq.Poller.Write(ident, 1);
            kq.Apply(Change.Read(ident, EventFlags.Add));
        }
    }

    private static void AddUserEvents(TestQueue kq)
    {
        for (nuint ident = 0; ident < Ready; ident++)
            kq.Apply(Change.User(ident, EventFlags.Add), Change.Trigger(ident));
    }
}
