using System.Diagnostics;
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
        TraceSystem system = options.IsSystemNamed ? options.System : suite.Closest(scenario, options.System);
        return suite.Run(scenario, system, options.Backend, ScenarioHosts.Create, evenUnserved: options.Unserved);
    }
}
