using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Kernels.Tests;

/// <summary>All scenarios through the backend, in each ABI over the emulation in that system's dialect, beside what the real kernel answered.</summary>
[NonParallelizable]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ScenarioTests
{
    private static readonly string[] s_names = ["freebsd", "freebsd11", "netbsd", "openbsd", "libkqueue"];

    private static IEnumerable<KqueueAbi> Recorded() => s_names.Select(name => KqueueAbi.Find(name)!);

    [Test]
    public void ScenariosAnswerAsTheRealKernelDid([ValueSource(nameof(Recorded))] KqueueAbi abi)
    {
        BsdBackend backend = EmulatedKernel.Backend(abi, hasFreeBsdNotes: abi == KqueueAbi.LibKqueue);
        ScenarioSuite suite = new(Path.Combine(AppContext.BaseDirectory, "scenarios"), Path.Combine(AppContext.BaseDirectory, "deviations"))
        {
            DeviationsFrom = "linux",
        };
        TraceSystem system = TraceSystem.DefaultFor(abi.Dialect)!;
        ScenarioResult[] results =
        [
            .. suite.Scenarios.Select(s => suite.Run(s, suite.Closest(s, system), backend, () => new PosixHost(), new Kernel(backend))),
        ];
        ScenarioResult[] failed = [.. results.Where(r => r.Outcome == ScenarioOutcome.Failed)];
        TestContext.Out.WriteLine(string.Join(", ", results.GroupBy(r => r.Outcome).Select(g => $"{g.Count()} {g.Key}")));
        Assert.That(failed, Is.Empty, string.Join(Environment.NewLine, failed.Select(r => $"{r.Scenario}: {string.Join("; ", r.Differences)}")));
        Assert.That(results.Count(r => r.Outcome is ScenarioOutcome.Passed or ScenarioOutcome.Deviation), Is.GreaterThan(60));
    }

    private sealed class Kernel(BsdBackend backend) : INumericKevent
    {
        public int Kevent(long descriptor, ReadOnlySpan<KEvent> changes, Span<KEvent> events, KeventTimeout timeout, out Errno error) =>
            backend.Kevent((int)descriptor, changes, events, timeout, out error);
    }
}
