using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>
/// All that one clause needs: <c>t</c>. Its own verbs act on <see cref="Queue"/>. It is fresh for each clause, and
/// everything that it opened is closed afterwards.
/// </summary>
internal sealed partial class ClauseTest : QueueVerbs, IDisposable
{
    private readonly KqueueBackend _backend;
    private readonly INumericKevent? _numeric;
    private readonly Lock _gate = new();
    private readonly List<TestQueue> _queues = [];
    private readonly List<Waiter> _waiters = [];
    private readonly List<BackendAio> _operations = [];
    private readonly TimeSpan _patience;
    private TestQueue? _queue;

    public ClauseTest(
        KqueueBackend backend,
        KqueueCapabilities capabilities,
        Dialect dialect,
        IScenarioHost host,
        INumericKevent? numeric,
        TimeSpan patience)
    {
        _backend = backend;
        _numeric = numeric;
        _patience = patience;
        Dialect = dialect;
        Host = host;
        Capabilities = capabilities;
        Patience = KeventTimeout.FromTimeSpan(patience);
    }

    /// <summary>The dialect under test. Which answer it expects is best told by <see cref="ByDialect"/>.</summary>
    public Dialect Dialect { get; }

    /// <summary>The operating system. Most of it is reached through the methods here.</summary>
    public IScenarioHost Host { get; }

    public Transcript Transcript { get; } = new();

    public UseRecorder Uses { get; } = new();

    /// <summary>What the backend says that it can do.</summary>
    public KqueueCapabilities Capabilities { get; }

    /// <summary>The clause's first queue.</summary>
    public TestQueue Queue
    {
        get
        {
            lock (_gate)
                return _queue ??= NewQueue();
        }
    }

    /// <summary>Calls of kevent on numbers that are no queues; without them the clause is not applicable.</summary>
    public INumericKevent Numeric => _numeric ?? throw new ClauseNotApplicableException("the backend has no calls by descriptor number");

    /// <summary>How long an event that must come is waited for.</summary>
    public KeventTimeout Patience { get; }

    protected override ClauseTest Test => this;

    /// <inheritdoc/>
    public override CallResult Call(ReadOnlySpan<KEvent> changes, int room, KeventTimeout timeout) => Queue.Call(changes, room, timeout);

    /// <summary>Another queue.</summary>
    public TestQueue NewQueue()
    {
        BackendQueue created = _backend.CreateQueue(Dialect);
        lock (_gate)
        {
            TestQueue queue = new(this, created, $"queue {_queues.Count}");
            _queues.Add(queue);
            return queue;
        }
    }

    /// <summary>The answer that the dialect under test gives, where they differ.</summary>
    public T ByDialect<T>(T freeBsd, T netBsd, T openBsd, T macOs) =>
        Dialect.Name == Dialect.FreeBsd.Name ? freeBsd
        : Dialect.Name == Dialect.NetBsd.Name ? netBsd
        : Dialect.Name == Dialect.OpenBsd.Name ? openBsd
        : Dialect.Name == Dialect.MacOs.Name ? macOs
        : throw new ClauseNotApplicableException($"it tells no answer for {Dialect.Name}");

    /// <summary>Ends the clause: the backend or the system lacks what it is about.</summary>
    public void NotApplicable(string reason) => throw new ClauseNotApplicableException(reason);

    /// <summary>Ends the clause as not applicable unless the backend says that it serves a filter.</summary>
    public void Needs(EventFilter filter)
    {
        if (!Capabilities.Supports(filter))
            throw new ClauseNotApplicableException($"{_backend.Name} does not serve {FilterNames.Format(filter)}");
    }

    /// <summary>The clause fails unless this holds.</summary>
    public void Check(bool holds, string problem)
    {
        if (!holds)
            throw new ClauseFailedException(problem);
    }

    /// <summary>The clause fails unless both are equal.</summary>
    public void Equal<T>(T expected, T actual, string what) =>
        Check(EqualityComparer<T>.Default.Equals(expected, actual), $"{what} was to be {expected}, and is {actual}");

    /// <summary>The problem with the calls that led there.</summary>
    public string Describe(string problem) => Transcript.Describe(problem);

    /// <summary>The value of a call of the host, which must succeed.</summary>
    public long Must(string call, HostAnswer answer)
    {
        Transcript.Write($"{call} = {(answer.Succeeded ? answer.Value : answer.Error ?? answer.Unsupported)}");
        if (answer.Unsupported is { } reason)
            throw new ClauseNotApplicableException(reason);
        return answer.Succeeded ? answer.Value : throw new ClauseFailedException($"the system could not {call}: {answer.Error}");
    }

    /// <summary>The name of the error of a call of the host, which must fail.</summary>
    public string MustFail(string call, HostAnswer answer)
    {
        Transcript.Write($"{call} = {answer.Error ?? answer.Unsupported ?? $"{answer.Value}"}");
        if (answer.Unsupported is { } reason)
            throw new ClauseNotApplicableException(reason);
        return answer.Error ?? throw new ClauseFailedException($"{call} was to fail, and returned {answer.Value}");
    }

    /// <summary>Closes all queues, so that whoever waits in one returns.</summary>
    public void CloseQueues()
    {
        TestQueue[] queues;
        lock (_gate)
            queues = [.. _queues];
        foreach (TestQueue queue in queues)
            queue.Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            foreach (Waiter waiter in _waiters)
                waiter.Cancel();
            foreach (BackendAio aio in _operations)
                aio.Abandon();
            CloseQueues();
            foreach (Waiter waiter in _waiters)
                waiter.Result();
        }
        finally
        {
            Host.Dispose();
        }
    }

    internal void Settle() => Host.Settle();

    internal Waiter Wait(TestQueue queue, int room, KeventTimeout timeout)
    {
        Waiter waiter = new(queue, room, timeout, _patience);
        _waiters.Add(waiter);
        Waiter.Moment();
        return waiter;
    }

    /// <summary>Holds an EV_ADD against what the backend says of the filter.</summary>
    internal void JudgeService(EventFilter filter, bool succeeded)
    {
        if (!Capabilities.Filters.Any(f => f.Filter == filter && !f.Supported))
            return;
        if (succeeded)
            throw new ClauseFailedException($"{_backend.Name} accepted {FilterNames.Format(filter)}, which it says it does not serve");
        Needs(filter);
    }
}
