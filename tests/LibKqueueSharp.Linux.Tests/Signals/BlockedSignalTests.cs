using System.Diagnostics;
using System.Reflection;
using LibKqueueSharp.Linux.Signals;
using LibKqueueSharp.Linux.Tests.Deviations;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests.Signals;

/// <summary>EVFILT_SIGNAL where every thread blocks the signal, as a C program may have arranged it.</summary>
internal sealed class BlockedSignalTests : LinuxFixture
{
    private static readonly string[] s_deviations =
    [
        nameof(BlockedSignalScenarios.BurstOfStandardSignalsIsOne),
        nameof(BlockedSignalScenarios.TakenSignalIsPendingAgainAfterTheLastKnote),
        nameof(BlockedSignalScenarios.SignalWithAHandlerIsLeftToIt),
        nameof(BlockedSignalScenarios.SignalFdOfTheProgramIsNotRobbed),
    ];

    private static IEnumerable<string> Names => typeof(BlockedSignalScenarios).GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Select(m => m.Name)
        .Except(s_deviations);

    [TestCaseSource(nameof(Names))]
    public void Holds(string scenario) => RunAndExpect(scenario);

    /// <summary>A thread on its way out is listed for a moment, with empty masks; a signal that was left to it would wake nobody.</summary>
    [Test]
    public void ThreadThatHasEndedLetsNoSignalIn()
    {
        Assert.That(SignalMasks.HasEnded(["Name:\tdotnet", "State:\tX (dead)", "Threads:\t0", "SigBlk:\t0000000000000000"]), Is.True);
        Assert.That(SignalMasks.HasEnded(File.ReadAllLines("/proc/thread-self/status")), Is.False);
    }

    [Test]
    [Deviation("pending-signals-merge")]
    public void PendingSignals() => RunAndExpect(nameof(BlockedSignalScenarios.BurstOfStandardSignalsIsOne));

    [Test]
    [Deviation("blocked-signals-are-taken")]
    public void TakenSignals() => RunAndExpect(nameof(BlockedSignalScenarios.TakenSignalIsPendingAgainAfterTheLastKnote));

    [Test]
    [Deviation("counted-when-handled")]
    public void SignalsOfTheProgram(
        [Values(nameof(BlockedSignalScenarios.SignalWithAHandlerIsLeftToIt), nameof(BlockedSignalScenarios.SignalFdOfTheProgramIsNotRobbed))]
        string scenario) => RunAndExpect(scenario);

    [OneTimeSetUp]
    public void RequireLauncher()
    {
        using Process env = Process.Start(new ProcessStartInfo("env", ["--block-signal=USR1", "true"]) { RedirectStandardError = true })!;
        env.WaitForExit();
        if (env.ExitCode != 0)
            Assert.Inconclusive("env(1) cannot block signals here (coreutils 8.31)");
    }

    private static void RunAndExpect(string scenario)
    {
        string signals = string.Join(',', BlockedSignalScenarios.Blocked);
        (int exit, string errors) = SignalChild.Start(typeof(BlockedSignalScenarios), scenario, "env", $"--block-signal={signals}");
        Assert.That(exit, Is.Zero, errors);
    }
}
