using static LibKqueueSharp.Conformance.Tests.Recording;

namespace LibKqueueSharp.Conformance.Tests;

public sealed class DeviationTests
{
    private const string Call = "kevent k max=8 timeout=0";
    private static readonly string s_event = Events(Event("1", "USER", "0"));

    [Test]
    public void DeviationThatShowsToTheLetterIsNamed()
    {
        ScenarioResult result = Judge(answered: Events());
        Assert.That(result.Outcome, Is.EqualTo(ScenarioOutcome.Deviation), result.ToString());
        Assert.That(result.Deviations, Is.EqualTo((string[])["no-user-events"]));
    }

    [Test]
    public void DeviationThatHasDisappearedFails()
    {
        ScenarioResult result = Judge(answered: s_event);
        Assert.That(result.Outcome, Is.EqualTo(ScenarioOutcome.Failed), result.ToString());
        Assert.That(result.Differences.Select(d => d.Problem), Has.Some.EqualTo("deviation no-user-events has disappeared"));
    }

    [Test]
    public void AnswerThatIsNeitherFails()
    {
        ScenarioResult result = Judge(answered: Events(Event("1", "USER", "3")));
        Assert.That(result.Outcome, Is.EqualTo(ScenarioOutcome.Failed), result.ToString());
        Assert.That(result.Differences.Select(d => d.Problem), Is.EqualTo((string[])["1 EVFILT_USER is too much"]));
    }

    [Test]
    public void DeviationFromAnotherSystemDoesNotApply()
    {
        ScenarioResult result = Judge(answered: Events(), systems: "\"openbsd51\"");
        Assert.That(result.Outcome, Is.EqualTo(ScenarioOutcome.Failed), result.ToString());
        Assert.That(result.Deviations, Is.Empty);
    }

    [Test]
    public void DeviationOnALineThatIsNotComparedFails()
    {
        ScenarioResult result = Judge(answered: "\"skip\":\"cannot\"");
        Assert.That(result.Outcome, Is.EqualTo(ScenarioOutcome.Failed), result.ToString());
        Assert.That(result.Differences.Select(d => d.Problem), Is.EqualTo((string[])["deviation no-user-events names a line that is not compared"]));
    }

    [Test]
    public void BackendWithoutFileHasNoDeviations() =>
        Assert.That(DeviationCatalog.Load(AppContext.BaseDirectory, "no-such-backend").Deviations, Is.Empty);

    [Test]
    public void DamagedCatalogIsRefused() =>
        Assert.That(() => DeviationCatalog.Parse("x.json", """{"deviations":[{"name":"n"}]}"""), Throws.TypeOf<ScenarioFormatException>());

    private static ScenarioResult Judge(string answered, string systems = "\"netbsd\",\"freebsd13\"")
    {
        Recording recording = new Recording()
            .Line("kq k", "\"ret\":0")
            .Line(Call, s_event, answered);
        DeviationCatalog catalog = DeviationCatalog.Parse("test", $$"""
            {
              "deviations": [
                { // one that a test needs
                  "name": "no-user-events",
                  "reason": "a test",
                  "cases": [{ "scenario": "written", "systems": [{{systems}}], "answers": [{ "line": 2, "rc": 0, "events": [] }] }]
                }
              ]
            }
            """);
        return new ScenarioJudge(TraceSystem.FreeBsd13, catalog).Judge(recording.Playback, recording.Trace);
    }
}
