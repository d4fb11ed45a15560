namespace LibKqueueSharp.Windows.Tests.Processes;

/// <summary>Threads pass on the messages of a job in any order, and Windows may lose some.</summary>
internal sealed class ProcessJobTests
{
    private const nuint Root = 4;
    private const nuint Child = 8;

    private readonly HashSet<nuint> _running = [];
    private ProcessJob _job = null!;

    [SetUp]
    public void MakeJob()
    {
        _running.Clear();
        _job = new ProcessJob(handle: 0, number: 1_000, Root, _running.Contains);
    }

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

    /// <summary>The late message is of a process that has exited.</summary>
    [Test]
    public void NumberOfOneThatWasMadeUpForIsAnothers()
    {
        Assert.That(_job.MakeUpFor(Child), Is.True);
        _running.Add(Child);
        Assert.That(_job.Joined(Child), Is.True, "it runs, so it is another");
        Assert.That(_job.Left(Child), Is.True);
        Assert.That(_job.Joined(Child), Is.True, "and so is the next");
    }

    /// <summary>An exit that is none of the one that was made up for is another's, whose message was lost as well.</summary>
    [Test]
    public void TwoThatWereLostUnderOneNumberAreMadeUpFor()
    {
        Assert.That((_job.Left(Child), _job.MakeUpFor(Child)), Is.EqualTo((false, true)));
        Assert.That((_job.Left(Child + 4), _job.MakeUpFor(Child + 4)), Is.EqualTo((false, true)));
        Assert.That((_job.Left(Child), _job.MakeUpFor(Child)), Is.EqualTo((false, true)));
    }

    [Test]
    public void RootThatLeavesBeforeItComesIsNoFork()
    {
        Assert.That(_job.Left(Root), Is.False);
        Assert.That(_job.MakeUpFor(Root), Is.False);
        Assert.That(_job.Joined(Root), Is.False);
    }
}
