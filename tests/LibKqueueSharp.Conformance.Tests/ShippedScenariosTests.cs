namespace LibKqueueSharp.Conformance.Tests;

public sealed class ShippedScenariosTests
{
    private static readonly ScenarioSuite s_suite = ScenarioSuite.Load();

    private static IEnumerable<TestCaseData> Traces =>
        from scenario in s_suite.Scenarios
        from system in s_suite.SystemsOf(scenario)
        select new TestCaseData(scenario, system).SetArgDisplayNames(scenario.Name, system.Name);

    [Test]
    public void AllScenariosParse() => Assert.That(s_suite.Scenarios, Has.Count.EqualTo(93));

    [Test]
    public void AllTracesAreFound() => Assert.That(Traces.Count(), Is.EqualTo(267));

    [TestCaseSource(nameof(Traces))]
    public void TraceHasTheLinesOfItsScenario(Scenario scenario, TraceSystem system)
    {
        Trace trace = s_suite.FindTrace(scenario, system)!;
        Assert.That(
            trace.Entries.Select(e => (e.Line, e.Command)),
            Is.EqualTo(scenario.Commands.Select(c => (c.Line, c.Text))));
    }

    [TestCaseSource(nameof(Traces))]
    public void TraceComparedWithItselfIsEqual(Scenario scenario, TraceSystem system)
    {
        Trace trace = s_suite.FindTrace(scenario, system)!;
        Playback playback = new(scenario, [.. scenario.Commands.Select(c => new PlayedLine(c, trace.Find(c.Line)!.Answer, 0, 0))]);
        Assert.That(new TraceComparer(system).Compare(playback, trace).Differences, Is.Empty);
    }

    [Test]
    public void DeviationsNameScenariosLinesAndSystemsThatExist()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "deviations");
        foreach (string path in Directory.EnumerateFiles(folder, "*.json").Where(p => !Path.GetFileName(p).StartsWith("clauses.", StringComparison.Ordinal)))
        {
            foreach (DeviationCase @case in s_suite.DeviationsOf(Path.GetFileNameWithoutExtension(path)).Deviations.SelectMany(d => d.Cases))
            {
                Scenario? scenario = s_suite.Find(@case.Scenario);
                Assert.That(scenario, Is.Not.Null, $"{path}: {@case.Scenario}");
                Assert.That(@case.Answers.Keys, Is.SubsetOf(scenario!.Commands.Select(c => c.Line)), $"{path}: {@case.Scenario}");
                Assert.That(@case.Systems, Is.SubsetOf(TraceSystem.All.Select(s => s.Name)), $"{path}: {@case.Scenario}");
            }
        }
    }
}
