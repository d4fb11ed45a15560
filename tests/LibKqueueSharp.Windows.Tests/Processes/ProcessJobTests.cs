namespace LibKqueueSharp.Windows.Tests.Processes;

/// <summary>Threads pass on the messages of a job in any order, and Windows may lose some.</summary>
internal sealed class ProcessJobTests
{
    private const nuint Root = 4;
    private const nuint Child = 8;

    private ProcessJob _job = null!;

    [SetUp]
    public void MakeJob() => _job = new ProcessJob(handle: 0, number: 1_000, Root);

    [Test]
    public void ForkThatWasMadeUpForIsNotToldAgain()
    {
        Assert.That(_job.Left(Child), Is.False);
        Assert.That(_job.MakeUpFor(Child), Is.True);
        Assert.That(_job.Joined(Child), Is.False, "the message was late, not lost");
        Assert.That(_job.Joined(Child), Is.True, "another process has the number now");
    }

    [Test]
    public void ForkThatWasLostIsMadeUpForEachTime()
    {
        Assert.That(_job.MakeUpFor(Child), Is.True);
        Assert.That(_job.Joined(Child), Is.False, "taken for the late message of the first");
        Assert.That((_job.Left(Child + 4), _job.Left(Child)), Is.EqualTo((false, false)));
        Assert.That(_job.MakeUpFor(Child), Is.True, "so it is told with the exit");
    }

    [Test]
    public void RootThatLeavesBeforeItComesIsNoFork()
    {
        Assert.That(_job.Left(Root), Is.False);
        Assert.That(_job.MakeUpFor(Root), Is.False);
        Assert.That(_job.Joined(Root), Is.False);
    }
}
