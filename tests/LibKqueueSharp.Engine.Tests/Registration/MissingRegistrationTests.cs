using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Registration;

/// <summary>CALL-ERR-017 to CALL-ERR-019, CORE-ADD-017, CORE-ADD-019: changes to what is not there.</summary>
[TestFixtureSource(typeof(Dialects), nameof(Dialects.All))]
public sealed class MissingRegistrationTests(string dialect)
{
    [Test]
    public void AnyChangeWithoutAddIsNotFound(
        [Values(EventFlags.None, EventFlags.Delete, EventFlags.Enable, EventFlags.Disable, EventFlags.Clear)] EventFlags flags)
    {
        using TestQueue kq = new(dialect);

        Assert.That(kq.Try(Change.User(1, flags, UserNotes.Trigger)), Is.EqualTo(Errno.ENOENT));
        Assert.That(kq.Try(Change.Timer(1, flags, data: 5)), Is.EqualTo(Errno.ENOENT));
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
    }

    [Test]
    public void OpenDescriptorWithoutARegistrationIsNotFound()
    {
        using TestQueue kq = new(dialect);
        kq.Poller.Open(3);

        Assert.That(kq.Try(Change.Read(3, EventFlags.Delete)), Is.EqualTo(Errno.ENOENT));
    }

    [Test]
    public void ClosedDescriptorIsABadOne()
    {
        using TestQueue kq = new(dialect);
        Errno expected = dialect == Dialects.MacOs ? Errno.ENOENT : Errno.EBADF;

        Assert.That(kq.Try(Change.Read(3, EventFlags.Add)), Is.EqualTo(Errno.EBADF));
        Assert.That(kq.Try(Change.Read(3, EventFlags.Delete)), Is.EqualTo(expected));
        Assert.That(kq.Try(Change.Read(3, EventFlags.Enable)), Is.EqualTo(expected));
    }

    [Test]
    public void FailedAddLeavesNothing()
    {
        using TestQueue kq = new(dialect);

        Assert.That(kq.Try(Change.Read(3, EventFlags.Add)), Is.Not.EqualTo(Errno.None));
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
        kq.Poller.Open(3);
        Assert.That(kq.Try(Change.Read(3, EventFlags.Delete)), Is.EqualTo(Errno.ENOENT));
    }

    [Test]
    public void QueuesKnowNothingOfEachOther()
    {
        using TestQueue one = new(dialect);
        using TestQueue other = new(dialect);
        one.Apply(Change.User(1, EventFlags.Add));

        Assert.That(other.Try(Change.Trigger(1)), Is.EqualTo(Errno.ENOENT));
        Assert.That(one.Poll(), Is.Empty);
    }
}
