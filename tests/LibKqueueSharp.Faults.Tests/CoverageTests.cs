using System.Reflection;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>No import escapes the faults, and no place that calls one.</summary>
internal sealed class CoverageTests
{
    /// <summary>Calls that no scenario reaches, and why.</summary>
    private static readonly Dictionary<(string Caller, string Callee), string> s_unreached = new()
    {
        [("FileMonitor.FindWatchAgain", "Native.InotifyRmWatch")] = "inotify_rm_watch, which does not fail; needs another file with the same inode number at the right moment",
        [("EpollPoller.DisposeProcesses", "Sys.Close")] = "close, in the finalizer of a queue that nobody disposed of",
        [("ProcFilter.StillThere", "Sys.Close")] = "close; needs a process with the id of one that was reaped (FaultTests.ReusedIdWithoutADescriptorIsNotTakenForTheOldProcess)",
        [("Uring.TryTake", "Sys.UringEnter")] = "io_uring_enter, for more results than fit the ring (AioFaultTests.ResultsThatTheKernelKeepsAsideComeLater)",
        [("WriteFilter.OtherEvent", "Sys.IsOpen")] = "F_GETFD, which cannot fail; needs a device that can be written and polled, which CI may lack",
    };

    /// <summary>Imports without a hook, and why.</summary>
    private static readonly Dictionary<string, string> s_withoutHook = new()
    {
        ["SignalAction."] = "sigaction(2), and kill(2) of the process itself, have no error for a signal that exists; dladdr(3) makes no system call",
    };

    /// <summary>
    /// What is reached in a child process (<see cref="BlockedSignalFaultTests"/>), and what has no scenario yet, as docs/decisions/0010-faults.md says: what only the C library uses.
    /// </summary>
    private static readonly string[] s_withoutScenario =
    [
        "SignalFd.", "SignalInfo.", "ProcessConnector.AbandonInChild", "EpollPoller.AbandonInChild", "EpollPoller.OpenBell", "EpollPoller.ForgetBells", "EpollPoller.RegisterBellsAgain",
    ];

    /// <summary>Calls that are made only after one has failed.</summary>
    private static readonly (string Scenario, string Call)[] s_afterFailure =
        [("both-edges-Tcp", "epoll_ctl ADD"), ("rebuilt", "dup3"), ("eventfd", "open"), ("forks", "bind"), ("exit", "epoll_ctl ADD"), ("mounts", "epoll_ctl ADD"),
            ("aio-first-threads", "thread"), ("aio-file-io_uring", "mmap")];

    /// <summary>Reached only where the kernel's process connector answers.</summary>
    private static readonly string[] s_ofConnector = ["ProcessConnector."];

    /// <summary>Reached only where io_uring is allowed.</summary>
    private static readonly string[] s_ofIoUring = ["Uring.", "UringDriver."];

    private const int MostRounds = 10;

    [Test]
    public void EachCallSiteIsReached()
    {
        Faults.Sites.Clear();
        foreach ((string name, Action<Trial> run) in Scenarios.All)
            Assert.That(FaultTests.Failure(run, null, traced: true), Is.Null, name);
        foreach ((string name, string call) in s_afterFailure.Where(f => Scenarios.All.Any(s => s.Name == f.Scenario)))
        {
            Action<Trial> run = Scenarios.All.First(s => s.Name == name).Run;
            foreach (int number in Enumerable.Range(1, 8))
                Assert.That(FaultTests.Failure(run, new Fault(call, number, Faults.Plausible[call][^1]), traced: true), Is.Null, name);
        }

        HashSet<(string Caller, string Callee)> sites = [.. Sites()];
        Assert.That(sites, Has.Count.GreaterThan(60), "the calls were found");
        (string Caller, string Callee)[] Missing() => [.. sites.Except(Faults.Sites).Where(s => !IsExempt(s.Caller))];

        // A call that a thread of the library makes counts only while the scenario is inside a call of its own.
        for (int round = 0; round < MostRounds && Missing().Except(s_unreached.Keys).Any(); round++)
        {
            foreach ((string name, Action<Trial> run) in Scenarios.All.Where(s => s.Name.StartsWith("aio-", StringComparison.Ordinal)))
                Assert.That(FaultTests.Failure(run, null, traced: true), Is.Null, name);
        }

        (string Caller, string Callee)[] missing = Missing();
        Assert.That(missing.Except(s_unreached.Keys), Is.Empty, $"of {sites.Count} never reached:\n{string.Join("\n", missing.Except(s_unreached.Keys))}");
        Assert.That(s_unreached.Keys.Where(s => !IsExempt(s.Caller)).Except(missing), Is.Empty, "reached by now, or gone");
    }

    [Test]
    public void ListOfWhatHasNoHookIsTrue() =>
        Assert.That(
            s_withoutHook.Keys,
            Has.All.Matches<string>(caller => Methods().Any(m => m.IsPInvokeImpl && $"{m.DeclaringType.Name}.{m.Name}".StartsWith(caller, StringComparison.Ordinal))));

    [TestCaseSource(nameof(s_withoutScenario))]
    public void ListOfWhatHasNoScenarioIsTrue(string caller) =>
        Assert.That(Methods().Select(m => $"{m.DeclaringType.Name}.{m.Name}"), Has.Some.StartsWith(caller));

    private static bool IsExempt(string caller) =>
        s_withoutScenario.Any(w => caller.StartsWith(w, StringComparison.Ordinal))
        || (!ProcessConnector.IsAvailable() && s_ofConnector.Any(w => caller.StartsWith(w, StringComparison.Ordinal)))
        || (!Uring.IsAllowed && s_ofIoUring.Any(w => caller.StartsWith(w, StringComparison.Ordinal)));

    private static bool IsWithoutHook(string caller) => s_withoutHook.Keys.Any(w => caller.StartsWith(w, StringComparison.Ordinal));

    [Test]
    public void EachImportCanFail()
    {
        // What Sys.cs would take from Tmds.LibC by itself, and imports beside those that count.
        string[] escaped =
        [
            .. from method in Methods()
               where method.DeclaringType.Name != "Native/Real" && method.DeclaringType.Name != "Real"
               from callee in Calls(method)
               where callee.DeclaringType.FullName == "Tmds.Linux.LibC" && !callee.Name.StartsWith("get_", StringComparison.Ordinal)
               where callee.Name != method.Name
               select $"{method.Name} calls {callee.Name}",
            .. from method in Methods()
               where method.IsPInvokeImpl && !IsWithoutHook($"{method.DeclaringType.Name}.{method.Name}") && !method.FullName.Contains("Native/Real", StringComparison.Ordinal)
               select $"import {method.FullName}",
        ];
        Assert.That(escaped, Is.Empty);
    }

    [Test]
    public void NothingElseIsCalled()
    {
        string[] unknown = [.. Faults.Counts.Keys.Except(Faults.Plausible.Keys)];
        Assert.That(unknown, Is.Empty, "calls without a list of errors");
    }

    /// <summary>Every call of Sys and Native that the backend's code holds.</summary>
    private static IEnumerable<(string Caller, string Callee)> Sites() =>
        from method in Methods()
        where !IsHook(method)
        from callee in Calls(method)
        where callee.DeclaringType.FullName is "LibKqueueSharp.Linux.Sys" or "LibKqueueSharp.Linux.Native" && Reaches(callee.Resolve(), 3)
        select ($"{method.DeclaringType.Name}.{method.Name}", $"{callee.DeclaringType.Name}.{callee.Name}");

    private static bool IsHook(MethodDefinition method) => Calls(method).Any(c => c.DeclaringType.Name == nameof(Faults));

    /// <summary>The method makes a system call, itself or by another of Sys.</summary>
    private static bool Reaches(MethodDefinition method, int depth) =>
        IsHook(method)
        || (depth > 0 && Calls(method).Any(c => c.DeclaringType.Namespace == "LibKqueueSharp.Linux" && Reaches(c.Resolve(), depth - 1)));

    private static IEnumerable<MethodReference> Calls(MethodDefinition method) =>
        method.HasBody
            ? method.Body.Instructions.Where(i => i.OpCode == OpCodes.Call || i.OpCode == OpCodes.Callvirt).Select(i => (MethodReference)i.Operand)
            : [];

    private static IEnumerable<MethodDefinition> Methods() =>
        AssemblyDefinition.ReadAssembly(Assembly.GetExecutingAssembly().Location).MainModule.GetTypes()
            .Where(t => t.FullName.StartsWith("LibKqueueSharp.Linux.", StringComparison.Ordinal) && !t.FullName.StartsWith("LibKqueueSharp.Linux.Tests", StringComparison.Ordinal))
            .SelectMany(t => t.Methods);
}
