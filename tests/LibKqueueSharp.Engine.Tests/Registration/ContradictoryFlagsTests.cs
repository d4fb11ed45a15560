using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Registration;

/// <summary>CALL-ERR-015, CALL-ERR-016: EV_ENABLE with EV_DISABLE, and EV_ADD with EV_DELETE.</summary>
public sealed class ContradictoryFlagsTests
{
    private const EventFlags EnableDisable = EventFlags.Enable | EventFlags.Disable;
    private const EventFlags AddDelete = EventFlags.Add | EventFlags.Delete;

    [Test]
    public void FreeBsdRefusesEnableWithDisable_AndAppliesNothing()
    {
        using TestQueue kq = new(Dialects.FreeBsd);
        kq.Apply(Change.User(1, EventFlags.Add, udata: 5));

        Assert.That(kq.Try(Change.Trigger(1, EnableDisable, udata: 6)), Is.EqualTo(Errno.EINVAL));
        Assert.That(kq.Try(Change.User(2, EventFlags.Add | EnableDisable)), Is.EqualTo(Errno.EINVAL));

        Assert.That(kq.Poll(), Is.Empty);
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(1));
        Assert.That(kq.Queue.Table.Find(1, EventFilter.User)!.UData, Is.EqualTo((nint)5));
    }

    [TestCase(Dialects.NetBsd, 1)]
    [TestCase(Dialects.OpenBsd, 1)]
    [TestCase(Dialects.MacOs, 0)]
    public void EnableWithDisableOnANewRegistration(string dialect, int events)
    {
        using TestQueue kq = new(dialect);

        kq.Apply(Change.User(1, EventFlags.Add | EnableDisable), Change.Trigger(1));

        Expect.Count(kq.Poll(), events);
    }

    [TestCase(Dialects.NetBsd, EventFlags.Disable, 1)]
    [TestCase(Dialects.OpenBsd, EventFlags.Disable, 1)]
    [TestCase(Dialects.MacOs, EventFlags.Disable, 0)]
    [TestCase(Dialects.NetBsd, EventFlags.Enable, 1)]
    [TestCase(Dialects.OpenBsd, EventFlags.Enable, 1)]
    [TestCase(Dialects.MacOs, EventFlags.Enable, 0)]
    public void EnableWithDisableOnAnExistingRegistration(string dialect, EventFlags before, int events)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add), Change.User(1, before));

        kq.Apply(Change.Trigger(1, EnableDisable));

        Expect.Count(kq.Poll(), events);
    }

    [TestCase(Dialects.FreeBsd, Errno.None)]
    [TestCase(Dialects.NetBsd, Errno.None)]
    [TestCase(Dialects.OpenBsd, Errno.None)]
    [TestCase(Dialects.MacOs, Errno.ENOENT)]
    public void AddWithDeleteOfWhatIsAbsent(string dialect, Errno expected)
    {
        using TestQueue kq = new(dialect);

        Assert.That(kq.Try(Change.User(1, AddDelete)), Is.EqualTo(expected));
        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(expected == Errno.None ? 1 : 0));
    }

    [TestCase(Dialects.FreeBsd, 0)]
    [TestCase(Dialects.NetBsd, 1)]
    [TestCase(Dialects.OpenBsd, 1)]
    [TestCase(Dialects.MacOs, 0)]
    public void AddWithDeleteOfWhatIsPresent(string dialect, int left)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(Change.User(1, EventFlags.Add, udata: 5), Change.Trigger(1));

        Assert.That(kq.Try(Change.User(1, AddDelete, udata: 6)), Is.EqualTo(Errno.None));

        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(left));
        Assert.That(kq.Poll().Select(e => e.UData), Is.EqualTo(Enumerable.Repeat((nint)6, left)));
    }

    /// <summary>FD-CLOSE-005: the registration that EV_DELETE would find belongs to a file that is gone.</summary>
    [Test]
    public void FreeBsdAddsWithDelete_WhenTheNumberStandsForAnotherFile()
    {
        using TestQueue kq = new(Dialects.FreeBsd);
        kq.Poller.Open(3);
        kq.Apply(Change.Read(3, EventFlags.Add));
        kq.Poller.Close(3);
        kq.Poller.Open(3);

        kq.Apply(Change.Read(3, AddDelete));
        kq.Poller.Write(3, 1);

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, data: 1) }));
    }
}
