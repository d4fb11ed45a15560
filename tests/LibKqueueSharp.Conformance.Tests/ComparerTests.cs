using static LibKqueueSharp.Conformance.Tests.Recording;

namespace LibKqueueSharp.Conformance.Tests;

public sealed class ComparerTests
{
    private const string Call = "kevent k max=8 timeout=0";
    private const string Skipped = "\"skip\":\"not here\"";

    [Test]
    public void EqualAnswersAreEqual() => new Recording()
        .Line("kq k", "\"ret\":0")
        .Line("add k user 1 EV_ADD", "\"rc\":0")
        .Line("queue k user 1 EV_DELETE", "\"pending\":1")
        .Line(Call, Events(Event("1", "USER", "0", "EV_CLEAR", "0x5", 7)))
        .MustBeEqual();

    [Test]
    public void OtherErrorDiffers() => new Recording()
        .Line("add k read 999 EV_ADD", "\"rc\":-1,\"errno\":\"EBADF\"", "\"rc\":-1,\"errno\":\"EINVAL\"")
        .MustDiffer("EINVAL instead of EBADF");

    [Test]
    public void TwoNamesOfOneErrorAreEqual() => new Recording()
        .Line("add k signal 0 EV_ADD", "\"rc\":-1,\"errno\":\"EOPNOTSUPP\"", "\"rc\":-1,\"errno\":\"ENOTSUP\"")
        .MustBeEqual();

    [Test]
    public void FailedCallInsteadOfNoEventsDiffers() => new Recording()
        .Line(Call, Events(), "\"rc\":-1,\"errno\":\"EINTR\"")
        .MustDiffer("EINTR instead of 0 events");

    [Test]
    public void MissingEventDiffers() => new Recording()
        .Line(Call, Events(Event("1", "USER", "0")), Events())
        .MustDiffer("1 EVFILT_USER is missing");

    [Test]
    public void SurplusEventDiffers() => new Recording()
        .Line(Call, Events(), Events(Event("1", "USER", "0")))
        .MustDiffer("1 EVFILT_USER is too much");

    [Test]
    public void SameEventTwiceDiffers() => new Recording()
        .Line(Call, Events(Event("1", "USER", "0")), Events(Event("1", "USER", "0"), Event("1", "USER", "0")))
        .MustDiffer("1 EVFILT_USER is too much");

    [Test]
    public void RecordInsteadOfEventDiffers() => new Recording()
        .Line(Call, Events(Event("1", "USER", "0")), Events(Event("1", "USER", "0", "EV_ERROR")))
        .MustDiffer("1 EVFILT_USER is missing; 1 EVFILT_USER is too much");

    [Test]
    public void EachFieldOfAnEventIsCompared() => new Recording()
        .Line(Call, Events(Event("p", "PROC", "768", "EV_EOF", "NOTE_EXIT", 1)), Events(Event("p", "PROC", "0", "EV_CLEAR", "NOTE_FORK", 2)))
        .MustDiffer("p EVFILT_PROC: flags are EV_CLEAR instead of EV_EOF; p EVFILT_PROC: fflags are NOTE_FORK instead of NOTE_EXIT; "
            + "p EVFILT_PROC: data is 0 instead of 768; p EVFILT_PROC: udata is 2 instead of 1");

    [Test]
    public void NothingIsComparedAfterASkippedLineThatChangesState()
    {
        Comparison comparison = new Recording()
            .Line("kq k", "\"ret\":0")
            .Line("add k user 1 EV_ADD", Skipped, "\"rc\":0")
            .Line(Call, Events(), Events(Event("1", "USER", "0")))
            .Compare();
        Assert.That(comparison.Differences, Is.Empty);
        Assert.That(comparison.LastLine, Is.EqualTo(1));
        Assert.That(comparison.Remarks, Is.EqualTo((string[])["line 2 (add k user 1 EV_ADD) is not compared, nor is what follows: not here"]));
    }

    [Test]
    public void LineThatCouldNotBePlayedEndsTheComparison()
    {
        Comparison comparison = new Recording()
            .Line("revoke /t/f", "\"ret\":0", Skipped)
            .Line(Call, Events(), Events(Event("1", "USER", "0")))
            .Compare();
        Assert.That(comparison.Differences, Is.Empty);
        Assert.That(comparison.LastLine, Is.Zero);
    }

    [Test]
    public void ScenarioThatTheHostCannotPlayToItsEndHasNotPassed()
    {
        Recording recording = new Recording()
            .Line("kq k", "\"ret\":0")
            .Line(Call, Events())
            .Line("dup d s.a", "\"ret\":0", Skipped)
            .Line(Call, Events(), Events(Event("1", "USER", "0")));
        ScenarioResult result = new ScenarioJudge(TraceSystem.FreeBsd13, DeviationCatalog.Empty).Judge(recording.Playback, recording.Trace);
        Assert.That((result.Outcome, result.Remarks[0]), Is.EqualTo((ScenarioOutcome.Skipped, "line 3 (dup d s.a) is not compared, nor is what follows: not here")));
    }

    [Test]
    public void ScenarioThatTheHostCannotPlayToItsEndMayHaveFailedBefore()
    {
        Recording recording = new Recording()
            .Line(Call, Events(), Events(Event("1", "USER", "0")))
            .Line("dup d s.a", "\"ret\":0", Skipped);
        ScenarioResult result = new ScenarioJudge(TraceSystem.FreeBsd13, DeviationCatalog.Empty).Judge(recording.Playback, recording.Trace);
        Assert.That(result.Outcome, Is.EqualTo(ScenarioOutcome.Failed), result.ToString());
    }

    [Test]
    public void ComparisonGoesOnAfterASkippedLineThatChangesNothing() => new Recording()
        .Line("peek s.a 5", Skipped, "\"ret\":5")
        .Line(Call, Events(), Events(Event("1", "USER", "0")))
        .MustDiffer("1 EVFILT_USER is too much");

    [Test]
    public void EveryRuleHasANameAndAReason()
    {
        foreach (ComparisonRule rule in TraceComparer.RulesFor(TraceSystem.NetBsd))
        {
            Assert.That(rule.Name, Is.Not.Empty);
            Assert.That(rule.Reason, Has.Length.GreaterThan(40), rule.Name);
        }
    }
}
