using System.Runtime.Versioning;
using LibKqueueSharp.Conformance.Clauses;

namespace LibKqueueSharp.Conformance.Tests.Clauses;

/// <summary>The suite tells a backend that does wrong from one that does right, and survives both.</summary>
[Platform(Exclude = "Win"), UnsupportedOSPlatform("windows")]
public sealed class ClauseSuiteTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(200);

    private readonly FakeBackend _backend = new();

    [Test]
    public void ClauseThatHoldsPasses()
    {
        Clause clause = New(t =>
        {
            t.Add(1, EventFilter.User);
            t.ExpectNone();
            t.Trigger(1, data: 7);
            t.Expect(1, EventFilter.User, data: 7);
        });
        Assert.That(Run(clause).Outcome, Is.EqualTo(ClauseOutcome.Passed), Run(clause).ToString());
        Assert.That(_backend.OpenQueues, Is.Zero);
    }

    [Test]
    public void FailureShowsTheWholeEventAndTheCalls()
    {
        Clause clause = New(t =>
        {
            t.Add(1, EventFilter.User);
            t.Trigger(1, data: 7);
            t.Expect(1, EventFilter.User, data: 8);
        });
        ClauseResult result = Run(clause);
        Assert.That(result.Outcome, Is.EqualTo(ClauseOutcome.Failed));
        Assert.That(result.Reason, Does.Contain("data=8; there came [{ident=1 filter=User flags=None fflags=0x0 data=7 udata=0}]"));
        Assert.That(result.Reason, Does.Contain("queue 0: kevent([{ident=1 filter=User flags=Add fflags=0x0 data=0 udata=0}], room 0, 0 ns) = 0"));
    }

    [Test]
    public void ClauseThatHangsFailsAndDoesNotHangTheRun()
    {
        using ManualResetEventSlim never = new();
        ClauseSuite suite = new(_backend, () => new PosixHost()) { Limit = s_short };
        ClauseResult result = suite.Run(New(_ => never.Wait()), Dialect.FreeBsd);
        never.Set();
        Assert.That(result.Outcome, Is.EqualTo(ClauseOutcome.Failed));
        Assert.That(result.Reason, Does.StartWith("it hung"));
    }

    [Test]
    public void EventThatMustNotComeFails() =>
        Assert.That(Run(New(t =>
        {
            t.Add(1, EventFilter.User);
            t.Trigger(1);
            t.ExpectNone();
        })).Reason, Does.StartWith("no event was to come: 1 [{ident=1"));

    [Test]
    public void EventThatMustComeFailsWhenItDoesNot() =>
        Assert.That(Run(New(t => t.Collect())).Reason, Does.StartWith("no event came: 0 []"));

    [Test]
    public void WrongErrnoFails()
    {
        Assert.That(Run(New(t => t.ExpectErrno(Errno.ENOENT, 1, EventFilter.User, EventFlags.Delete))).Outcome, Is.EqualTo(ClauseOutcome.Passed));
        Assert.That(Run(New(t => t.ExpectErrno(Errno.EINVAL, 1, EventFilter.User, EventFlags.Delete))).Reason, Does.StartWith("kevent was to return -1 (EINVAL): -1 (ENOENT)"));
    }

    [Test]
    public void ExceptionOfTheBackendIsAFailure() =>
        Assert.That(Run(New(t => t.Add(1, EventFilter.Lio))).Reason, Does.Contain(nameof(NotSupportedException)));

    [Test]
    public void FailureOnAnotherThreadFailsTheClause() =>
        Assert.That(Run(New(t => t.Together(3, i => t.Check(i != 1, "thread 1")))).Reason, Does.StartWith("thread 1"));

    [Test]
    public void ClauseOfAnotherDialectIsNotApplicable()
    {
        Clause clause = new("X-001", "Something.", "a test", ClauseDialects.NetBsd, _ => { });
        Assert.That(Run(clause).Outcome, Is.EqualTo(ClauseOutcome.NotApplicable));
    }

    [Test]
    public void ClauseThatCannotBeObservedIsNotRun()
    {
        ClauseResult result = Run(Clause.NotObservable("X-001", "Something.", "nobody sees it"));
        Assert.That((result.Outcome, result.Reason), Is.EqualTo((ClauseOutcome.NotObservable, "nobody sees it")));
    }

    [Test]
    public void ForksThatTheSystemDoesNotShowAreNotObservable()
    {
        ClauseResult result = Run(New(t => t.Follow(1, (uint)ProcessNotes.Fork)));
        Assert.That(result.Outcome, Is.EqualTo(ClauseOutcome.NotObservable), result.ToString());
        Assert.That(result.Reason, Does.Contain("ENOTSUP"));
    }

    [TestCase("it is so", "", ClauseOutcome.Deviation)]
    [TestCase("it is so", "freebsd", ClauseOutcome.Deviation)]
    [TestCase("it is so", "netbsd", ClauseOutcome.Failed)]
    [TestCase("it is otherwise", "", ClauseOutcome.Failed)]
    public void FailureIsADeviationOnlyAsWritten(string shows, string dialect, ClauseOutcome expected)
    {
        ClauseDeviation deviation = new(["X-001"], dialect.Length == 0 ? [] : [dialect], shows, "the system cannot");
        Assert.That(Run(New(t => t.Check(false, "it is so")), deviation).Outcome, Is.EqualTo(expected));
    }

    [Test]
    public void DeviationThatHasDisappearedFails()
    {
        ClauseDeviation deviation = new(["X-001"], [], "x", "the system cannot");
        ClauseResult result = Run(New(_ => { }), deviation);
        Assert.That((result.Outcome, result.Reason), Is.EqualTo((ClauseOutcome.Failed, "a deviation has disappeared: the system cannot")));
    }

    [Test]
    public void DeviationOfWhatDoesNotApplyHasNotDisappeared()
    {
        ClauseDeviation deviation = new(["X-001"], [], "x", "the system cannot");
        Clause elsewhere = new("X-001", "Something.", "a test", ClauseDialects.NetBsd, _ => { });
        Assert.That(Run(elsewhere, deviation).Outcome, Is.EqualTo(ClauseOutcome.NotApplicable));
        Assert.That(Run(New(t => t.NotApplicable("it is not here")), deviation).Outcome, Is.EqualTo(ClauseOutcome.NotApplicable));
    }

    [Test]
    public void ResultTellsWhichFlagsAndNotesWereUsed()
    {
        ClauseResult result = Run(New(t =>
        {
            t.Add(1, EventFilter.User, EventFlags.Clear);
            t.Trigger(1);
            t.Poll();
        }));
        Assert.That(
            result.Uses.Select(use => $"{use.Filter} {use.Name}"), Is.EqualTo(["User EV_ADD", "User EV_CLEAR", "User NOTE_TRIGGER"]), result.ToString());
    }

    [TestCase("""{ "deviations": [{ "clauses": ["ORD-001"], "shows": "x" }] }""")]
    [TestCase("""{ "deviations": [{ "clauses": ["NO-SUCH-001"], "shows": "x", "reason": "y" }] }""")]
    [TestCase("""{ "deviations": [{ "clauses": ["ORD-001"], "shows": "", "reason": "y" }] }""")]
    [TestCase("[]")]
    public void DamagedDeviationsAreRefused(string text) =>
        Assert.That(() => ClauseDeviations.Parse("x.json", text), Throws.TypeOf<FormatException>());

    private static Clause New(Action<ClauseTest> check) => new("X-001", "Something.", "a test", check);

    private ClauseResult Run(Clause clause, params ClauseDeviation[] deviations) =>
        new ClauseSuite(_backend, () => new PosixHost()) { Patience = s_short, Deviations = new(deviations) }
            .Run(clause, Dialect.FreeBsd);
}
