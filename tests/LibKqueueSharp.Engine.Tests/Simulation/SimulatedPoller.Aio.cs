using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Engine.Tests.Simulation;

/// <summary>Operations that end when the test says so.</summary>
internal sealed partial class SimulatedPoller
{
    private readonly List<AioJob> _jobs = [];

    internal override bool HasAio => true;

    internal override int MostAio => 8;

    /// <summary>The next submission is refused by the check of the file, or by the start.</summary>
    internal Errno NextCheck { get; set; }

    internal Errno NextStart { get; set; }

    /// <summary>What is under way, in the order in which it was started.</summary>
    internal AioJob[] Jobs
    {
        get
        {
            lock (_kernel)
                return [.. _jobs];
        }
    }

    internal override Errno CheckAio(AioJob job)
    {
        Errno error = NextCheck;
        NextCheck = Errno.None;
        return error;
    }

    internal override Errno StartAio(AioJob job)
    {
        Errno error = NextStart;
        NextStart = Errno.None;
        if (error == Errno.None)
        {
            lock (_kernel)
                _jobs.Add(job);
        }

        return error;
    }

    internal override bool CancelAio(AioJob job, bool inside) => End(job, -(long)Errno.ECANCELED);

    /// <summary>Ends an operation as a thread of a driver's does; false when it has ended before.</summary>
    internal bool End(AioJob job, long result)
    {
        lock (_kernel)
        {
            if (!_jobs.Remove(job))
                return false;
        }

        job.Finish(result);
        job.Post();
        return true;
    }

    /// <summary>The first half of an end: the queue does not know yet.</summary>
    internal void EndUnseen(AioJob job, long result)
    {
        lock (_kernel)
            Assert.That(_jobs.Remove(job), Is.True);
        job.Finish(result);
    }
}
