using System.Diagnostics;
using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>
/// Checks clauses on a backend. For one thread at a time in a process, because clauses share the descriptor numbers.
/// </summary>
public sealed class ClauseSuite
{
    private readonly KqueueBackend _backend;
    private readonly KqueueCapabilities _capabilities;
    private readonly Func<IScenarioHost> _newHost;
    private readonly INumericKevent? _numeric;

    /// <summary>Creates a suite.</summary>
    /// <param name="backend">Where the queues come from.</param>
    /// <param name="newHost">Makes a host for each clause; the suite disposes of it.</param>
    /// <param name="numeric">Makes calls on numbers that are no queues; with null clauses about them are not applicable.</param>
    public ClauseSuite(KqueueBackend backend, Func<IScenarioHost> newHost, INumericKevent? numeric = null)
    {
        _backend = backend;
        _capabilities = backend.Capabilities;
        _newHost = newHost;
        _numeric = numeric;
        Deviations = ClauseDeviations.Load(Path.Combine(AppContext.BaseDirectory, "deviations"), backend.Name);
    }

    /// <summary>Where the backend is known to differ; by default what is shipped for it beside this library.</summary>
    public ClauseDeviations Deviations { get; init; }

    /// <summary>A clause that takes longer has failed.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an event that must come is waited for.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Checks clauses one after the other; the results come as they are ready.</summary>
    /// <param name="dialect">The dialect that the queues follow.</param>
    /// <param name="filter">Which clauses; null means all.</param>
    public IEnumerable<ClauseResult> Run(Dialect dialect, Func<Clause, bool>? filter = null) =>
        ClauseCatalog.All.Where(c => filter is null || filter(c)).Select(c => Run(c, dialect));

    /// <summary>Checks one clause.</summary>
    /// <param name="clause">The clause.</param>
    /// <param name="dialect">The dialect that the queues follow.</param>
    public ClauseResult Run(Clause clause, Dialect dialect)
    {
        ClauseDeviation? deviation = Deviations.Find(clause, dialect);
        ClauseResult result = Check(clause, dialect);
        if (deviation is null || result.Outcome is ClauseOutcome.NotApplicable or ClauseOutcome.NotObservable)
            return result;
        if (result.Outcome == ClauseOutcome.Passed)
            return result with { Outcome = ClauseOutcome.Failed, Reason = $"a deviation has disappeared: {deviation.Reason}" };
        return result.Reason.Contains(deviation.Shows, StringComparison.Ordinal)
            ? result with { Outcome = ClauseOutcome.Deviation, Reason = deviation.Reason }
            : result with { Reason = $"{result.Reason}{Environment.NewLine}a deviation was to show '{deviation.Shows}'" };
    }

    private ClauseResult Check(Clause clause, Dialect dialect)
    {
        if (clause.Check is null)
            return new(clause, dialect.Name, ClauseOutcome.NotObservable, clause.WhyNotObservable!, default);
        if (!clause.HoldsIn(dialect))
            return new(clause, dialect.Name, ClauseOutcome.NotApplicable, "it is about other systems", default);
        if (!_capabilities.Dialects.Contains(dialect.Name))
            return new(clause, dialect.Name, ClauseOutcome.NotApplicable, $"{_backend.Name} does not follow {dialect.Name}", default);

        long began = Stopwatch.GetTimestamp();
        ClauseTest test = new(_backend, _capabilities, dialect, _newHost(), _numeric, Patience);
        (ClauseOutcome outcome, string reason) = Execute(clause, test);
        return new(clause, dialect.Name, outcome, reason, Stopwatch.GetElapsedTime(began)) { Uses = test.Uses.All() };
    }

    private (ClauseOutcome Outcome, string Reason) Execute(Clause clause, ClauseTest test)
    {
        (ClauseOutcome, string) outcome = default;
        Thread thread = new(() => outcome = CheckAndCleanUp(clause, test)) { IsBackground = true, Name = "clause " + clause.Id };
        thread.Start();
        if (thread.Join(Limit))
            return outcome;

        // What it opened is closed when it returns; a thread that never does keeps it.
        test.CloseQueues();
        string fate = thread.Join(Limit) ? "returned when its queues were closed" : "did not return when its queues were closed either";
        return (ClauseOutcome.Failed, test.Describe($"it hung for {Limit.TotalSeconds} s, and {fate}"));
    }

    private static (ClauseOutcome Outcome, string Reason) CheckAndCleanUp(Clause clause, ClauseTest test)
    {
        (ClauseOutcome Outcome, string Reason) outcome = Catch(test, () => clause.Check!(test));
        (ClauseOutcome Outcome, string Reason) end = Catch(test, test.Dispose);
        return outcome.Outcome == ClauseOutcome.Passed ? end : outcome;
    }

    private static (ClauseOutcome Outcome, string Reason) Catch(ClauseTest test, Action action)
    {
        try
        {
            action();
            return (ClauseOutcome.Passed, "");
        }
        catch (ClauseNotApplicableException e)
        {
            return (ClauseOutcome.NotApplicable, e.Message);
        }
        catch (ClauseNotObservableException e)
        {
            return (ClauseOutcome.NotObservable, e.Message);
        }
        catch (ClauseFailedException e)
        {
            return (ClauseOutcome.Failed, test.Describe(e.Message));
        }
        catch (Exception e)
        {
            // What a backend throws is its answer: a bad argument may never be more than an errno.
            return (ClauseOutcome.Failed, test.Describe(e.ToString()));
        }
    }
}
