using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Scan;

/// <summary>ORD-003, ORD-006, CALL-NEV-005, CALL-NEV-007: how a scan fills the eventlist.</summary>
public sealed class OneScanNeverReturnsAKnoteTwiceTests
{
    [Test]
    public void LevelKnotesAreReturnedOnce_HoweverMuchRoomThereIs()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Poller.Write(3, 1);
        kq.Apply(Change.Read(3, EventFlags.Add), Change.User(1, EventFlags.Add), Change.Trigger(1));

        for (int call = 0; call < 3; call++)
            Assert.That(kq.Poll(100), Is.EquivalentTo(new[] { Change.Read(3, data: 1), Change.User(1) }), $"call {call}");
    }

    [Test]
    public void TwentyEventsComeInOneCall()
    {
        using TestQueue kq = new();
        for (nuint ident = 0; ident < 20; ident++)
            kq.Apply(Change.User(ident, EventFlags.Add), Change.Trigger(ident));

        Assert.That(kq.Poll(64).Select(e => (int)e.Ident), Is.EqualTo(Enumerable.Range(0, 20)));
    }

    [Test]
    public void AllReadySourcesComeInOneCall([Values(EventFlags.None, EventFlags.Clear)] EventFlags attribute, [Values(600, 4000)] int count)
    {
        using TestQueue kq = new();
        for (nuint ident = 0; ident < (nuint)count; ident++)
        {
            kq.Poller.Open(ident);
            kq.Poller.Write(ident, 1);
            kq.Apply(Change.Read(ident, EventFlags.Add | attribute));
            kq.Poll(1);
        }

        // Again, so that nothing is left in the queue and the kernel has to report each of them.
        for (nuint ident = 0; ident < (nuint)count; ident++)
            kq.Poller.Drain(ident);
        Assert.That(kq.Poll(count), Is.Empty);
        for (nuint ident = 0; ident < (nuint)count; ident++)
            kq.Poller.Write(ident, 1);

        Assert.That(kq.Poll(count + 1).Select(e => (int)e.Ident), Is.EqualTo(Enumerable.Range(0, count)));
    }

    [Test]
    public void ElementsBeyondTheCountAreUntouched()
    {
        using TestQueue kq = new();
        kq.Apply(Change.User(1, EventFlags.Add), Change.Trigger(1));
        KEvent sentinel = new(77, (EventFilter)99, (EventFlags)0x5555, 88, 99, 111);
        KEvent[] events = [.. Enumerable.Repeat(sentinel, 6)];

        int count = kq.Queue.Kevent([], events.AsSpan(0, 5), KeventTimeout.Zero, null, out _);

        Assert.That(count, Is.EqualTo(1));
        Assert.That(events[1..], Has.All.EqualTo(sentinel));
    }

    [Test]
    public void DisabledAndVanishedKnotesUseNoSlot()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Poller.Write(3, 1);
        kq.Apply(
            Change.User(1, EventFlags.Add),
            Change.User(2, EventFlags.Add),
            Change.Trigger(1),
            Change.Read(3, EventFlags.Add),
            Change.Trigger(2),
            Change.User(1, EventFlags.Disable));
        kq.Poller.Drain(3);

        Assert.That(kq.Poll(1), Is.EqualTo(new[] { Change.User(2) }));
    }

    [Test]
    public void RoomOfOneMeetsOnlyDisabledKnotes_AndTheCallWaitsOn()
    {
        using TestQueue kq = new();
        for (nuint ident = 0; ident < 5; ident++)
            kq.Apply(Change.User(ident, EventFlags.Add), Change.Trigger(ident), Change.User(ident, EventFlags.Disable));
        kq.Poller.After(10, () => kq.Apply(Change.User(4, EventFlags.Enable)));
        long before = kq.Clock.Now;

        Expect.Idents(kq.Wait(room: 1), 4);
        Assert.That(kq.Clock.Now - before, Is.EqualTo(10_000_000));
    }

    [Test]
    public void ScanNumberWrapsAroundWithoutLosingAnEvent()
    {
        using TestQueue kq = new();
        kq.Apply(Change.User(1, EventFlags.Add | EventFlags.Clear));
        System.Reflection.FieldInfo scan = kq.Queue.GetType().GetField(
            "_scan", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!;
        scan.SetValue(kq.Queue, uint.MaxValue - 2);

        for (int call = 0; call < 5; call++)
        {
            kq.Apply(Change.Trigger(1));
            Assert.That(kq.Poll(), Has.Length.EqualTo(1), $"scan {scan.GetValue(kq.Queue)}");
        }
    }
}
