using LibKqueueSharp.Engine.Tests.Simulation;

namespace LibKqueueSharp.Engine.Tests.Registration;

/// <summary>CORE-ADD-019 for an attach that fails after the knote was built.</summary>
public sealed class FailedTimerTests
{
    [Test]
    public void AttachThatFailsLeavesNothing_AndItsKnoteCanBeUsedAgain()
    {
        using TestQueue kq = new();

        for (int round = 0; round < 10; round++)
            Assert.That(kq.Try(Change.Timer(1, EventFlags.Add | EventFlags.Clear, data: -1, udata: 7)), Is.EqualTo(Errno.EINVAL));
        Assert.That(kq.Queue.KnoteCount, Is.Zero);
        Assert.That(kq.Queue.Timers.Count, Is.Zero);
        Assert.That(kq.Try(Change.Timer(1, EventFlags.Delete)), Is.EqualTo(Errno.ENOENT));
        kq.Apply(Change.User(1, EventFlags.Add), Change.Trigger(1));

        Assert.That(kq.Poll(), Is.EqualTo(new[] { Change.User(1) }));
    }
}
