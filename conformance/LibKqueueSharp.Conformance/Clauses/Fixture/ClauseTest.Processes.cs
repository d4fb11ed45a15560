using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>Processes to watch.</summary>
internal sealed partial class ClauseTest
{
    /// <summary>A child that exits with a code; where it executes something, that exits with 7, and what it forks exits with 9.</summary>
    public Child NewChild(int exitCode = 0, bool forks = false, bool forksTwice = false, bool executes = false)
    {
        ChildPlan plan = new(0, forks, executes, 0, exitCode) { IsTold = true, ForksTwice = forksTwice };
        return new(this, Must("spawn()", Host.Processes.Spawn(plan)));
    }

    /// <summary>
    /// Registers a process for forks and execs. Some systems show them only to some programs; where a queue answers ENOTSUP, the clause
    /// is not observable.
    /// </summary>
    public void Follow(nuint process, uint notes, nint udata = 0)
    {
        KEvent change = new(process, EVFILT_PROC, EV_ADD, notes, 0, udata);
        CallResult result = Call(change);
        if (result is { Count: < 0, Error: Errno.ENOTSUP })
            throw new ClauseNotObservableException("the system does not show this program forks and execs: EV_ADD answers ENOTSUP");
        JudgeService(EVFILT_PROC, succeeded: result.Count == 0);
        Check(result.Count == 0, $"the change {change} was to succeed: {result}");
    }

    /// <summary>Takes events, in as many calls as it needs, until they are enough.</summary>
    public IReadOnlyList<KEvent> CollectUntil(Func<IReadOnlyList<KEvent>, bool> enough)
    {
        List<KEvent> events = [];
        while (!enough(events))
            events.AddRange(Collect());
        return events;
    }
}
