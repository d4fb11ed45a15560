namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// All scenarios with their traces. Reading from it is safe on any thread; <see cref="Run"/> is for one thread at a
/// time in a process, because scenarios share the descriptor numbers.
/// </summary>
public sealed class ScenarioSuite
{
    // A run in which the machine stood still says nothing where time matters, so it is repeated.
    private const int MostRuns = 5;

    private static readonly (ScenarioNeeds Need, EventFilter Filter)[] s_filtersNeeded =
    [
        (ScenarioNeeds.Vnode, EventFilter.Vnode),
        (ScenarioNeeds.Processes, EventFilter.Process),
        (ScenarioNeeds.Signals, EventFilter.Signal),
        (ScenarioNeeds.Timers, EventFilter.Timer),
        (ScenarioNeeds.UserEvents, EventFilter.User),
        (ScenarioNeeds.Empty, EventFilter.Empty),
    ];

    private readonly string _folder;
    private readonly string _deviationFolder;

    /// <summary>Reads all scenarios of a folder.</summary>
    /// <param name="folder">Holds NAME.scenario and NAME.SYSTEM.trace.</param>
    /// <param name="deviationFolder">Holds BACKEND.json.</param>
    public ScenarioSuite(string folder, string deviationFolder)
    {
        _folder = folder;
        _deviationFolder = deviationFolder;
        Scenarios = [.. Directory.EnumerateFiles(folder, "*" + Scenario.Extension).Order(StringComparer.Ordinal).Select(Scenario.Load)];
    }

    /// <summary>The scenarios in the order of their names.</summary>
    public IReadOnlyList<Scenario> Scenarios { get; }

    /// <summary>Reads the scenarios that are shipped beside this library.</summary>
    public static ScenarioSuite Load() =>
        new(Path.Combine(AppContext.BaseDirectory, "scenarios"), Path.Combine(AppContext.BaseDirectory, "deviations"));

    /// <summary>Finds a scenario by its name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The scenario, or null.</returns>
    public Scenario? Find(string name) => Scenarios.FirstOrDefault(s => s.Name == name);

    /// <summary>The scenarios that need nothing but what is given.</summary>
    /// <param name="available">What is there.</param>
    public IEnumerable<Scenario> WithNeeds(ScenarioNeeds available) => Scenarios.Where(s => (s.Needs & ~available) == 0);

    /// <summary>The systems that were recorded playing a scenario.</summary>
    /// <param name="scenario">The scenario.</param>
    public IEnumerable<TraceSystem> SystemsOf(Scenario scenario) => TraceSystem.All.Where(s => File.Exists(TracePath(scenario, s)));

    /// <summary>
    /// The system to compare a scenario with by default. What NetBSD says of files depends on its file system: where FFS was recorded
    /// too, that is the one that its dialect follows.
    /// </summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="system">The system of the dialect.</param>
    public TraceSystem Closest(Scenario scenario, TraceSystem system)
    {
        TraceSystem ffs = TraceSystem.NetBsdFfs with { Dialect = system.Dialect };
        return system.Name == TraceSystem.NetBsd.Name && (scenario.Needs & ScenarioNeeds.Vnode) != 0 && File.Exists(TracePath(scenario, ffs))
            ? ffs
            : system;
    }

    /// <summary>What a system answered to a scenario, or null when it was not recorded.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="system">The system.</param>
    public Trace? FindTrace(Scenario scenario, TraceSystem system)
    {
        string path = TracePath(scenario, system);
        return File.Exists(path) ? Trace.Load(path) : null;
    }

    /// <summary>The deviations of a backend, unless <see cref="DeviationsFrom"/> says whose.</summary>
    /// <param name="backend">Its name.</param>
    public DeviationCatalog DeviationsOf(string backend) => DeviationCatalog.Load(_deviationFolder, DeviationsFrom ?? backend);

    /// <summary>Whose deviations count, in place of those of the backend that plays; null for those.</summary>
    public string? DeviationsFrom { get; init; }

    /// <summary>Plays a scenario and compares it with the trace of a system.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="system">The system; the queues follow its dialect.</param>
    /// <param name="backend">Where the queues come from.</param>
    /// <param name="newHost">Makes a host for each playing.</param>
    /// <param name="numeric">Answers calls on numbers that are no queues; with null they are EBADF.</param>
    /// <param name="evenUnserved">Play it also when the backend does not serve a filter that it needs.</param>
    public ScenarioResult Run(
        Scenario scenario,
        TraceSystem system,
        KqueueBackend backend,
        Func<IScenarioHost> newHost,
        INumericKevent? numeric = null,
        bool evenUnserved = false)
    {
        if (FindTrace(scenario, system) is not { } trace)
            return Skipped(scenario, system, $"{system.Name} was not recorded playing it");
        EventFilter[] missing = [.. FiltersMissing(scenario, backend.Capabilities)];
        if (missing.Length != 0 && !evenUnserved)
            return Skipped(scenario, system, $"the backend {backend.Name} does not serve {string.Join(" and ", missing.Select(FilterNames.Format))}");

        ScenarioPlayer player = new(backend, system.Dialect, newHost, numeric);
        ScenarioJudge judge = new(system, DeviationsOf(backend.Name));
        HashSet<int> omitted = [.. trace.Entries.Where(e => e.Answer.Skip is not null).Select(e => e.Line)];
        for (int run = 1; ; run++)
        {
            Playback playback = player.Play(scenario, omitted);
            ScenarioResult result = judge.Judge(playback, trace);
            if (result.Outcome != ScenarioOutcome.Failed || run == MostRuns || !Delay.IsDisturbed(playback))
                return run == 1 ? result : result with { Remarks = [.. result.Remarks, $"played {run} times, because the machine stood still meanwhile"] };
        }
    }

    /// <summary>The filters that a scenario needs and a backend does not serve, or not with the notes that follow forks: it is not played there.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="capabilities">What the backend serves.</param>
    public static IEnumerable<EventFilter> FiltersMissing(Scenario scenario, KqueueCapabilities capabilities) =>
        from need in s_filtersNeeded
        where (scenario.Needs & need.Need) != 0
        where !capabilities.Supports(need.Filter) || (need.Filter == EventFilter.Process && NeedsForks(scenario) && !TellsForks(capabilities))
        select need.Filter;

    private static bool NeedsForks(Scenario scenario) => scenario.Commands.Any(c => c.Options.TryGetValue("fflags", out string? notes)
        && notes.Split('|').Any(n => n is "NOTE_FORK" or "NOTE_EXEC" or "NOTE_TRACK"));

    private static bool TellsForks(KqueueCapabilities capabilities) =>
        capabilities.Filters.Any(f => f.Filter == EventFilter.Process && f.Notes.Contains("NOTE_FORK"));

    private static ScenarioResult Skipped(Scenario scenario, TraceSystem system, string reason) =>
        new(scenario.Name, system.Name, system.Dialect.Name, ScenarioOutcome.Skipped, [], [], [reason]);

    private string TracePath(Scenario scenario, TraceSystem system) =>
        Path.Combine(_folder, $"{scenario.Name}.{system.Name}{Trace.Extension}");
}
