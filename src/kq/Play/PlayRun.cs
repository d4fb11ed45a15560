using System.Diagnostics;
using System.Runtime.Versioning;
using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Kq.Play;

/// <summary>Plays scenarios one after the other.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="report">Who is told.</param>
internal sealed class PlayRun(PlayOptions options, PlayReport report)
{
    /// <summary>Plays them.</summary>
    /// <param name="list">The scenarios.</param>
    /// <returns>The exit code.</returns>
    public int Play(IEnumerable<(ScenarioSuite Suite, Scenario Scenario)> list)
    {
        report.Begin(options);
        foreach ((ScenarioSuite suite, Scenario scenario) in list.Where(entry => options.Wants(entry.Scenario)))
        {
            long start = Stopwatch.GetTimestamp();
            ScenarioResult result = Play(suite, scenario);
            report.Add(result, Stopwatch.GetElapsedTime(start), suite.DeviationsOf(options.Backend.Name));
        }

        report.End();
        return report.HasFailures ? ExitCode.Failed : ExitCode.Done;
    }

    private ScenarioResult Play(ScenarioSuite suite, Scenario scenario)
    {
        if (OperatingSystem.IsWindows())
            return Skipped(scenario, "scenarios are played with POSIX calls, which Windows lacks");
        return suite.Run(scenario, options.IsSystemNamed ? options.System : suite.Closest(scenario, options.System), options.Backend, NewHost, evenUnserved: options.Unserved);
    }

    [UnsupportedOSPlatform("windows")]
    private static PosixHost NewHost() => new();

    private ScenarioResult Skipped(Scenario scenario, string reason) =>
        new(scenario.Name, options.System.Name, options.System.Dialect.Name, ScenarioOutcome.Skipped, [], [], [reason]);
}
