using System.Reflection;
using LibKqueueSharp.Linux.Tests.Deviations;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests.Signals;

/// <summary>EVFILT_SIGNAL (clauses SIG-001 to SIG-020).</summary>
internal sealed class SignalTests : LinuxFixture
{
    private static readonly Dictionary<string, int> s_endedBy = new()
    {
        [nameof(SignalScenarios.DefaultActionIsLeftAlone)] = 128 + SignalChild.SIGUSR1,
        [nameof(SignalScenarios.TerminationIsLeftToTheRuntime)] = 128 + SignalChild.SIGTERM,
    };

    private static readonly string[] s_deviations =
    [
        nameof(SignalScenarios.LaterHandlerHidesTheSignalUntilItIsAddedAgain),
        nameof(SignalScenarios.IgnoredSignalIsNotInheritedAsIgnored),
        nameof(SignalScenarios.StandardSignalsMergeWhileTheyArePending),
        nameof(SignalScenarios.StopSignalStillStops),
        nameof(SignalScenarios.BlockedSignalIsCountedWhenItIsLetIn),
        nameof(SignalScenarios.SignalToAThreadIsCountedInEveryDialect),
        nameof(SignalScenarios.RuntimeHandlesContinueFromTheFirstRegistrationOn),
    ];

    private static IEnumerable<string> Scenarios => typeof(SignalScenarios).GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Select(m => m.Name)
        .Except(s_deviations);

    [TestCaseSource(nameof(Scenarios))]
    public void Holds(string scenario) => RunAndExpect(scenario);

    [Test]
    [Deviation("later-handler")]
    public void HandlerInstalledLater() => RunAndExpect(nameof(SignalScenarios.LaterHandlerHidesTheSignalUntilItIsAddedAgain));

    [Test]
    [Deviation("watched-is-not-inherited-as-ignored")]
    public void DispositionOfChildren() => RunAndExpect(nameof(SignalScenarios.IgnoredSignalIsNotInheritedAsIgnored));

    [Test]
    [Deviation("runtime-handles-more")]
    public void HandlersOfTheRuntime() => RunAndExpect(nameof(SignalScenarios.RuntimeHandlesContinueFromTheFirstRegistrationOn));

    [Test]
    [Deviation("thread-signals-count")]
    public void SignalsToThreads() => RunAndExpect(nameof(SignalScenarios.SignalToAThreadIsCountedInEveryDialect));

    [Test]
    [Deviation("pending-signals-merge")]
    public void PendingSignals() => RunAndExpect(nameof(SignalScenarios.StandardSignalsMergeWhileTheyArePending));

    [Test]
    [Deviation("stopped-by-sigstop")]
    public void StopSignals() => RunAndExpect(nameof(SignalScenarios.StopSignalStillStops));

    [Test]
    [Deviation("counted-when-handled")]
    public void BlockedSignals() => RunAndExpect(nameof(SignalScenarios.BlockedSignalIsCountedWhenItIsLetIn));

    [Test]
    public void NumbersThatNoProgramCatchesAreRefused([Values(0, 9, 19, 65, 1000)] int signal) =>
        Assert.That(NewQueue().TryAdd(signal, EventFilter.Signal), Is.EqualTo(Errno.EINVAL));

    [Test]
    [Deviation("signals-of-the-runtime")]
    public void SignalsOfTheRuntimeAreRefused([Values(4, 5, 6, 7, 8, 11, 32, 33, 34)] int signal)
    {
        TestQueue q = NewQueue();
        KEvent add = new((nuint)signal, EventFilter.Signal, EventFlags.Add);
        Assert.That(q.TryAdd(signal, EventFilter.Signal), Is.EqualTo(Errno.ENOTSUP));
        KqueueException failure = new(Errno.ENOTSUP, add, q.Queue.Explain(Errno.ENOTSUP, add));
        Assert.That(failure.Explanation, Is.EqualTo("the runtime needs this signal for itself"));
        Assert.That(failure.Message, Does.EndWith(failure.Explanation!));
    }

    private static void RunAndExpect(string scenario)
    {
        (int exit, string errors) = SignalChild.Start(typeof(SignalScenarios), scenario);
        Assert.That(exit, Is.EqualTo(s_endedBy.GetValueOrDefault(scenario)), errors);
    }
}
