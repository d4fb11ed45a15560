using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Scan;

/// <summary>EV_CLEAR, EV_ONESHOT and EV_DISPATCH, alone and together (CORE-ONE, CORE-CLR, CORE-DSP).</summary>
public sealed class DeliveryAttributesTests
{
    private const EventFlags None = EventFlags.None;
    private const EventFlags Clear = EventFlags.Clear;
    private const EventFlags Dispatch = EventFlags.Dispatch;
    private const EventFlags OneShot = EventFlags.OneShot;

    /// <summary>What a user event does after its first delivery: next call, after another trigger, after EV_ENABLE.</summary>
    [TestCase(Dialects.FreeBsd, None, true, true, true)]
    [TestCase(Dialects.FreeBsd, Clear, false, true, false)]
    [TestCase(Dialects.FreeBsd, Dispatch, false, false, true)]
    [TestCase(Dialects.FreeBsd, Clear | Dispatch, false, false, true)]
    [TestCase(Dialects.NetBsd, None, true, true, true)]
    [TestCase(Dialects.NetBsd, Clear, false, true, false)]
    [TestCase(Dialects.NetBsd, Dispatch, false, false, true)]
    [TestCase(Dialects.NetBsd, Clear | Dispatch, false, true, false)]
    [TestCase(Dialects.OpenBsd, None, true, true, true)]
    [TestCase(Dialects.OpenBsd, Clear, false, true, false)]
    [TestCase(Dialects.OpenBsd, Dispatch, false, false, true)]
    [TestCase(Dialects.OpenBsd, Clear | Dispatch, false, false, true)]
    [TestCase(Dialects.MacOs, None, true, true, true)]
    [TestCase(Dialects.MacOs, Clear, false, true, false)]
    [TestCase(Dialects.MacOs, Dispatch, false, false, true)]
    [TestCase(Dialects.MacOs, Clear | Dispatch, false, false, true)]
    public void UserEvent(string dialect, EventFlags attributes, bool next, bool afterTrigger, bool afterEnable)
    {
        using TestQueue kq = new(dialect);
        KEvent expected = Change.User(1, Dialects.Shown(dialect, EventFlags.Add) | attributes);
        kq.Apply(Change.User(1, EventFlags.Add | attributes), Change.Trigger(1));

        Check(kq, "first", expected, true);
        Check(kq, "next call", expected, next);
        kq.Apply(Change.Trigger(1));
        Check(kq, "after another trigger", expected, afterTrigger);
        kq.Apply(Change.User(1, EventFlags.Enable));
        Check(kq, "after EV_ENABLE", expected, afterEnable);
    }

    /// <summary>What a source with unread bytes does: next call, after more bytes, after EV_ENABLE, after a second EV_ENABLE.</summary>
    [TestCase(Dialects.FreeBsd, None, true, true, true, true)]
    [TestCase(Dialects.FreeBsd, Clear, false, true, true, true)]
    [TestCase(Dialects.FreeBsd, Dispatch, false, false, true, true)]
    [TestCase(Dialects.FreeBsd, Clear | Dispatch, false, false, true, true)]
    [TestCase(Dialects.NetBsd, None, true, true, true, true)]
    [TestCase(Dialects.NetBsd, Clear, false, true, false, false)]
    [TestCase(Dialects.NetBsd, Dispatch, false, false, true, false)]
    [TestCase(Dialects.NetBsd, Clear | Dispatch, false, true, false, false)]
    [TestCase(Dialects.OpenBsd, None, true, true, true, true)]
    [TestCase(Dialects.OpenBsd, Clear, false, true, false, false)]
    [TestCase(Dialects.OpenBsd, Dispatch, false, false, true, false)]
    [TestCase(Dialects.OpenBsd, Clear | Dispatch, false, false, true, false)]
    [TestCase(Dialects.MacOs, None, true, true, true, true)]
    [TestCase(Dialects.MacOs, Clear, false, true, true, true)]
    [TestCase(Dialects.MacOs, Dispatch, false, false, true, true)]
    [TestCase(Dialects.MacOs, Clear | Dispatch, false, false, true, true)]
    public void Source(string dialect, EventFlags attributes, bool next, bool afterMore, bool afterEnable, bool afterSecondEnable)
    {
        using TestQueue kq = new(dialect);
        KEvent expected = Change.Read(3, Dialects.Shown(dialect, EventFlags.Add) | attributes, data: 5);
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add | attributes));

        kq.Poller.Write(3, 5);
        Check(kq, "first", expected, true);
        Check(kq, "next call", expected, next);
        kq.Poller.Write(3, 3);
        Check(kq, "after more bytes", expected with { Data = 8 }, afterMore);
        kq.Apply(Change.Read(3, EventFlags.Enable));
        Check(kq, "after EV_ENABLE", expected with { Data = 8 }, afterEnable);
        kq.Apply(Change.Read(3, EventFlags.Enable));
        Check(kq, "after a second EV_ENABLE", expected with { Data = 8 }, afterSecondEnable);
    }

    [Test]
    public void OneShotIsGoneAfterItsDelivery_WhateverElseIsSet(
        [Values(Dialects.FreeBsd, Dialects.NetBsd, Dialects.OpenBsd, Dialects.MacOs)] string dialect,
        [Values(OneShot, OneShot | Clear, OneShot | Dispatch, OneShot | Clear | Dispatch)] EventFlags attributes)
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);
        kq.Poller.Write(3, 5);
        kq.Apply(Change.Read(3, EventFlags.Add | attributes));

        Check(kq, "first", Change.Read(3, Dialects.Shown(dialect, EventFlags.Add) | attributes, data: 5), true);
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
        Assert.That(kq.Try(Change.Read(3, EventFlags.Enable)), Is.EqualTo(Errno.ENOENT));
        kq.Apply(Change.Read(3, EventFlags.Add));
        Assert.That(kq.Poll(), Has.Length.EqualTo(1), "added again");
    }

    [Test]
    public void SeveralActivitiesBeforeADeliveryAreOneEvent([Values(None, Clear)] EventFlags attribute)
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add | attribute), Change.User(1, EventFlags.Add | attribute));
        kq.Poller.Write(3, 1);
        kq.Poller.Write(3, 1);
        kq.Apply(Change.Trigger(1), Change.Trigger(1));

        Assert.That(
            kq.Poll(), Is.EquivalentTo(new[] { Change.Read(3, attribute, data: 2), Change.User(1, attribute) }));
    }

    /// <summary>CORE-CLR-008.</summary>
    [Test]
    public void EndOfAnEdgeIsReportedOnce_OfALevelAlways()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3, 4);
        kq.Apply(Change.Read(3, EventFlags.Add | Clear), Change.Read(4, EventFlags.Add));
        kq.Poller.HangUp(3);
        kq.Poller.HangUp(4);
        KEvent level = Change.Read(4, EventFlags.Eof);

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, Clear | EventFlags.Eof), level }));
        Assert.That(kq.Poll(), Is.EqualTo(new[] { level }));
        Assert.That(kq.Poll(), Is.EqualTo(new[] { level }));
    }

    private static void Check(TestQueue kq, string step, KEvent expected, bool present) =>
        Assert.That(kq.Poll(), Is.EqualTo(present ? [expected] : Array.Empty<KEvent>()), step);
}
