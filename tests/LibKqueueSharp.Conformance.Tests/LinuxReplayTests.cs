using System.Runtime.Versioning;
using LibKqueueSharp.Linux;

namespace LibKqueueSharp.Conformance.Tests;

/// <summary>The Linux backend answers every scenario as the recorded systems did, or deviates as it is written.</summary>
[Platform("Linux"), SupportedOSPlatform("linux")]
public sealed class LinuxReplayTests
{
    private static readonly ScenarioSuite s_suite = ScenarioSuite.Load();

    private static readonly KqueueCapabilities s_capabilities = new LinuxBackend().Capabilities;

    private static IEnumerable<TestCaseData> Cases =>
        from scenario in s_suite.Scenarios
        where !ScenarioSuite.FiltersMissing(scenario, s_capabilities).Any()
        from system in s_suite.SystemsOf(scenario)
        where s_suite.Closest(scenario, system) == system
        select new TestCaseData(scenario, system).SetArgDisplayNames(scenario.Name, system.Name);

    [TestCaseSource(nameof(Cases))]
    public void AnswersAsRecorded(Scenario scenario, TraceSystem system)
    {
        ScenarioResult result = s_suite.Run(scenario, system, new LinuxBackend(), () => new PosixHost());
        if (scenario.Commands.Any(c => c.Verb == "revoke"))
            Assert.That(result.Outcome, Is.EqualTo(ScenarioOutcome.Skipped), result.ToString());
        else
            Assert.That(result.Outcome, Is.AnyOf(ScenarioOutcome.Passed, ScenarioOutcome.Deviation), result.ToString());
    }

    [Test]
    public void OnlyScenariosOfFiltersThatAreNotServedAreLeftOut()
    {
        string[] leftOut = [.. s_suite.Scenarios.Where(s => ScenarioSuite.FiltersMissing(s, s_capabilities).Any()).Select(s => s.Name)];
        Assert.That(leftOut, Has.All.Match("^(bad_args|signal|proc_.*)$"));
        Assert.That(Cases.Count(), Is.GreaterThan(190));
    }
}
