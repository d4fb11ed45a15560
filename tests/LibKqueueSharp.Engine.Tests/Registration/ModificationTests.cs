using LibKqueueSharp.Emulation;
using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Registration;

/// <summary>CORE-MOD-001 to CORE-MOD-004: changes without EV_ADD. NetBSD and OpenBSD as their traces have it.</summary>
public sealed class ModificationTests
{
    [Test]
    public void AnyChangeRewritesNotesDataAndUData(
        [Values(Dialects.FreeBsd, Dialects.MacOs)] string dialect,
        [Values(EventFlags.None, EventFlags.Enable, EventFlags.Disable)] EventFlags flags)
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add, fflags: 1, data: 2, udata: 3), Change.Read(3, flags, fflags: 4, data: 5, udata: 6));

        Knote kn = kq.Queue.Table.Find(3, EventFilter.Read)!;
        Assert.That((kn.SavedFFlags, kn.SavedData, kn.UData), Is.EqualTo((4u, 5L, (nint)6)));
    }

    [Test]
    public void ChangeWithoutAddRewritesNothing(
        [Values(Dialects.NetBsd, Dialects.OpenBsd)] string dialect,
        [Values(EventFlags.None, EventFlags.Enable, EventFlags.Disable)] EventFlags flags)
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add, fflags: 1, data: 2, udata: 3), Change.Read(3, flags, fflags: 4, data: 5, udata: 6));

        Knote kn = kq.Queue.Table.Find(3, EventFilter.Read)!;
        Assert.That((kn.SavedFFlags, kn.SavedData, kn.UData), Is.EqualTo((1u, 2L, (nint)3)));
    }

    [TestCase(Dialects.FreeBsd, EventFlags.None, 1)]
    [TestCase(Dialects.FreeBsd, EventFlags.Enable, 1)]
    [TestCase(Dialects.MacOs, EventFlags.None, 1)]
    [TestCase(Dialects.MacOs, EventFlags.Enable, 1)]
    [TestCase(Dialects.NetBsd, EventFlags.None, 0)]
    [TestCase(Dialects.NetBsd, EventFlags.Enable, 0)]
    [TestCase(Dialects.OpenBsd, EventFlags.None, 0)]
    [TestCase(Dialects.OpenBsd, EventFlags.Enable, 0)]
    public void EdgeWhoseConditionHoldsIsQueuedAgain(string dialect, EventFlags flags, int events)
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 5);
        kq.Apply(Change.Read(3, EventFlags.Add | EventFlags.Clear));
        Expect.Count(kq.Poll(), 1);

        kq.Apply(Change.Read(3, flags));

        Expect.Count(kq.Poll(), events);
    }

    [Test]
    public void ModificationOfADisabledKnoteDeliversNothing(
        [Values(Dialects.FreeBsd, Dialects.NetBsd, Dialects.OpenBsd, Dialects.MacOs)] string dialect)
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 5);
        kq.Apply(Change.Read(3, EventFlags.Add | EventFlags.Disable), Change.Read(3));

        Assert.That(kq.Wait(milliseconds: 10), Is.Empty);
    }
}
