using LibKqueueSharp.Conformance.Clauses;
using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Kernels.Tests;

/// <summary>
/// The clauses through the backend, in each ABI over the emulation in that system's dialect: what the emulation passes
/// has to pass, whatever struct and numbers lie between.
/// </summary>
[NonParallelizable]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ConformanceTests
{
    // EVFILT_EXCEPT, which the emulation offers in every dialect, is not there where the ABI has no number for it.
    private const string NoLongerThere = "except-everywhere";

    // libkqueue has no NOTE_OPEN and its kin, and ignores unknown notes of timers: differences of that library, which the ABI stands for.
    private static readonly string[] s_lacking = ["VNODE-OPEN-001", "VNODE-CLOSE-001", "VNODE-CLOSE-002", "VNODE-READ-001", "TIMER-UNIT-004"];

    private static readonly string[] s_names = ["freebsd", "freebsd11", "netbsd", "openbsd", "macos", "libkqueue"];

    private static IEnumerable<TestCaseData> Emulated() =>
    [
        .. s_names.Select(name => new TestCaseData(KqueueAbi.Find(name)!, false).SetArgDisplayNames(name)),
        new TestCaseData(KqueueAbi.LibKqueue, true).SetArgDisplayNames("libkqueue with FreeBSD's notes"),
    ];

    [TestCaseSource(nameof(Emulated))]
    public void ClausesHoldThroughTheAbi(KqueueAbi abi, bool hasFreeBsdNotes)
    {
        ClauseDeviations known = ClauseDeviations.Load(Path.Combine(AppContext.BaseDirectory, "deviations"), "linux");
        ClauseSuite suite = new(EmulatedKernel.Backend(abi, hasFreeBsdNotes), () => new PosixHost())
        {
            Deviations = new([.. known.All.Where(d => !d.Reason.StartsWith(NoLongerThere, StringComparison.Ordinal))]),
        };
        ClauseResult[] results = [.. suite.Run(abi.Dialect)];
        string[] lacking = abi == KqueueAbi.LibKqueue && !hasFreeBsdNotes ? s_lacking : [];
        ClauseResult[] failed = [.. results.Where(r => r.Outcome == ClauseOutcome.Failed && !lacking.Contains(r.Clause.Id))];
        Assert.That(lacking, Is.SubsetOf(results.Where(r => r.Outcome == ClauseOutcome.Failed).Select(r => r.Clause.Id)), "is there by now");
        TestContext.Out.WriteLine(string.Join(", ", results.GroupBy(r => r.Outcome).Select(g => $"{g.Count()} {g.Key}")));
        Assert.That(failed, Is.Empty, string.Join(Environment.NewLine, failed.Select(r => $"{r.Clause.Id}: {r.Reason}")));
        Assert.That(results.Count(r => r.Outcome == ClauseOutcome.Passed), Is.GreaterThan(300));
        Assert.That(SpinWait.SpinUntil(() => EmulatedKernel.Queues == 0, TimeSpan.FromSeconds(60)), "queues are still open");
    }
}
