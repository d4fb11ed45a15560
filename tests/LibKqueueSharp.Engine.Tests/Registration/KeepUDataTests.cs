using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Registration;

/// <summary>CORE-KEEP-001 to CORE-KEEP-003.</summary>
public sealed class KeepUDataTests
{
    [Test]
    public void ModificationLeavesUDataAndChangesTheRest()
    {
        using TestQueue kq = new();
        kq.Apply(Change.User(1, EventFlags.Add, udata: 5), Change.Trigger(1, EventFlags.KeepUData, data: 8, udata: 6));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, data: 8, udata: 5) }));
    }

    [Test]
    public void EnableLeavesUData()
    {
        using TestQueue kq = new();
        kq.Poller.Open(3);
        kq.Poller.Write(3, 2);
        kq.Apply(Change.Read(3, EventFlags.Add | EventFlags.Disable, udata: 5), Change.Read(3, EventFlags.Enable | EventFlags.KeepUData));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.Read(3, data: 2, udata: 5) }));
    }

    [Test]
    public void WithAddIsRefused_WhetherRegisteredOrNot()
    {
        using TestQueue kq = new();

        Assert.That(kq.Try(Change.User(1, EventFlags.Add | EventFlags.KeepUData)), Is.EqualTo(Errno.EINVAL));
        kq.Apply(Change.User(1, EventFlags.Add, udata: 5));
        Assert.That(kq.Try(Change.User(1, EventFlags.Add | EventFlags.KeepUData, UserNotes.Trigger)), Is.EqualTo(Errno.EINVAL));

        Assert.That(kq.Queue.KnoteCount, Is.EqualTo(1));
        Assert.That(kq.Poll(), Is.Empty);
    }

    [TestCase(Dialects.NetBsd)]
    [TestCase(Dialects.OpenBsd)]
    [TestCase(Dialects.MacOs)]
    public void MeansNothingElsewhere(string dialect)
    {
        using TestQueue kq = new(dialect);
        kq.Apply(
            Change.User(1, EventFlags.Add | EventFlags.KeepUData, udata: 5), Change.Trigger(1, EventFlags.KeepUData, udata: 6));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1, EventFlags.Add, udata: 6) }));
    }
}
