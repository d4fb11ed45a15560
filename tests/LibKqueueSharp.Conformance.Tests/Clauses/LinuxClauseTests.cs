using System.Runtime.Versioning;
using LibKqueueSharp.Conformance.Clauses;
using LibKqueueSharp.Kq.Clauses;
using LibKqueueSharp.Linux;

namespace LibKqueueSharp.Conformance.Tests.Clauses;

/// <summary>The Linux backend does what each clause says, in each dialect, or deviates as it is written.</summary>
[Platform("Linux"), SupportedOSPlatform("linux")]
public sealed class LinuxClauseTests
{
    private static readonly ClauseSuite s_suite = new(new LinuxBackend(), () => new PosixHost(), new CNamesByNumber());

    private static readonly ClauseSuite s_threads = new(new LinuxBackend { UsesIoUring = false }, () => new PosixHost());

    private static IEnumerable<TestCaseData> Cases => CasesOf(ClauseCatalog.All);

    private static IEnumerable<TestCaseData> AioCases => CasesOf(AsynchronousOperations.Group.Clauses);

    private static IEnumerable<TestCaseData> CasesOf(IEnumerable<Clause> clauses) =>
        from clause in clauses
        where clause.IsObservable
        from dialect in Dialect.All
        where clause.HoldsIn(dialect)
        select new TestCaseData(clause, dialect).SetArgDisplayNames(clause.Id, dialect.Name);

    [TestCaseSource(nameof(Cases))]
    public void DoesWhatTheClauseSays(Clause clause, Dialect dialect) => Check(s_suite.Run(clause, dialect));

    [TestCaseSource(nameof(AioCases))]
    public void DoesWhatTheClauseSaysOnThreads(Clause clause, Dialect dialect) => Check(s_threads.Run(clause, dialect));

    private static void Check(ClauseResult result)
    {
        if (result.Outcome is ClauseOutcome.NotApplicable or ClauseOutcome.NotObservable)
            Assert.Ignore(result.Reason);
        Assert.That(result.Outcome, Is.AnyOf(ClauseOutcome.Passed, ClauseOutcome.Deviation), result.ToString());
    }
}
