using System.Diagnostics;
using System.Runtime.Versioning;
using Mono.Unix.Native;
using Trace = LibKqueueSharp.Conformance.Replay.Trace;

namespace LibKqueueSharp.Conformance.Tests;

[Platform(Exclude = "Win"), UnsupportedOSPlatform("windows")]
public sealed class PosixHostTests
{
    private static readonly ScenarioSuite s_suite = ScenarioSuite.Load();

    private static IEnumerable<TestCaseData> Scenarios =>
        s_suite.Scenarios.Where(s => s_suite.FindTrace(s, TraceSystem.FreeBsd13) is not null)
            .Select(s => new TestCaseData(s).SetArgDisplayNames(s.Name));

    /// <summary>Whatever is no call of kevent must be answered as on FreeBSD, so that a queue sees the same objects.</summary>
    [TestCaseSource(nameof(Scenarios))]
    public void SystemCallsAnswerAsRecorded(Scenario scenario)
    {
        Trace trace = s_suite.FindTrace(scenario, TraceSystem.FreeBsd13)!;
        Playback playback = new ScenarioPlayer(new FakeBackend(), Dialect.FreeBsd, () => new PosixHost()).Play(scenario);
        Dictionary<int, LineAnswer> played = playback.Lines.Where(l => l.Answer.Return is null || IsQueueCall(l)).ToDictionary(l => l.Command.Line, l => l.Answer);
        Comparison comparison = new TraceComparer(TraceSystem.FreeBsd13).Compare(playback, trace.With(played));
        Assert.That(comparison.Differences.Where(d => !IsOfTheSystem(scenario, d)), Is.Empty);
    }

    [Test]
    public void NothingStaysBehind()
    {
        string[] before = OpenDescriptors();
        string folder;
        int child = 0;
        using (PosixHost host = new())
        {
            Assert.That(host.Descriptors.Pipe(out _, out _).Succeeded, Is.True);
            Assert.That(host.Sockets.Pair(false, out _, out _).Succeeded, Is.True);
            Assert.That(host.Sockets.Listen(5).Succeeded, Is.True);
            Assert.That(host.Files.Make("/t/f", 5), Is.EqualTo(HostAnswer.Success()));
            child = (int)host.Processes.Spawn(new(Start: 60_000_000_000, false, false, 0, 0)).Value;
            folder = ((PosixFiles)host.Files).Place("/t");
            Assert.That(folder, Does.Exist);
        }

        Assert.That(folder, Does.Not.Exist);
        Assert.That(OpenDescriptors(), Is.EquivalentTo(before));
        Assert.That(() => Process.GetProcessById(child), Throws.ArgumentException);
    }

    [Test]
    public void ClosedDescriptorIsNeverTouchedAgain()
    {
        using PosixHost host = new();
        host.Descriptors.Pipe(out long reader, out long writer);
        Assert.That(host.Descriptors.Close(writer).Succeeded, Is.True);
        Assert.That(host.Descriptors.Close(writer).Error, Is.EqualTo("EBADF"));
        Assert.That(host.Descriptors.Write(writer, 1).Error, Is.EqualTo("EBADF"));
        Assert.That(host.Descriptors.Write(2, 0).Error, Is.EqualTo("EBADF"));
        Assert.That(host.Descriptors.Read(reader, 1), Is.EqualTo(HostAnswer.Success(0)));
    }

    [Test]
    public void ChildKeepsToItsPlan()
    {
        using PosixHost host = new();
        long began = Stopwatch.GetTimestamp();
        HostAnswer child = host.Processes.Spawn(new(Start: 20_000_000, Forks: true, Executes: false, Life: 30_000_000, ExitCode: 3));
        Assert.That(host.Processes.Wait(child.Value), Is.EqualTo(HostAnswer.Success(3 << 8)));
        Assert.That(Stopwatch.GetElapsedTime(began).TotalMilliseconds, Is.GreaterThan(49));
        Assert.That(host.Processes.Wait(child.Value).Error, Is.EqualTo("ECHILD"));
    }

    [Test]
    public void ChildThatExecutesEndsWithSeven()
    {
        using PosixHost host = new();
        HostAnswer child = host.Processes.Spawn(new(Start: 1_000_000, Forks: false, Executes: true, Life: 0, ExitCode: 0));
        Assert.That(host.Processes.Wait(child.Value), Is.EqualTo(HostAnswer.Success(7 << 8)));
    }

    [Test]
    public void ToldChildTakesAStepEachTimeItIsTold()
    {
        using PosixHost host = new();
        long child = host.Processes.Spawn(new(0, Forks: true, Executes: false, 0, ExitCode: 3) { IsTold = true }).Value;
        for (int step = 0; step < 3; step++)
        {
            Assert.That(Syscall.waitpid((int)child, out int _, WaitOptions.WNOHANG), Is.Zero, $"before step {step}");
            Assert.That(host.Processes.Proceed(child), Is.EqualTo(HostAnswer.Success()));
        }

        Assert.That(host.Processes.Wait(child), Is.EqualTo(HostAnswer.Success(3 << 8)));
        Assert.That(host.Processes.Proceed(child).Error, Is.EqualTo("ECHILD"));
    }

    [Test]
    public void SignalThatWouldEndThisProcessIsNotSent()
    {
        using PosixHost host = new();
        Assert.That(host.Processes.Kill(host.Processes.Self, "30").Unsupported, Is.Not.Null);
        Assert.That(host.Processes.Ignore("30"), Is.EqualTo(HostAnswer.Success()));
        Assert.That(host.Processes.Kill(host.Processes.Self, "30"), Is.EqualTo(HostAnswer.Success()));
    }

    [Test]
    public void KilledChildTellsItsSignal()
    {
        using PosixHost host = new();
        HostAnswer child = host.Processes.Spawn(new(Start: 60_000_000_000, false, false, 0, 0));
        Assert.That(host.Processes.Kill(child.Value, "TERM"), Is.EqualTo(HostAnswer.Success()));
        Assert.That(host.Processes.Wait(child.Value), Is.EqualTo(HostAnswer.Success(15)));
    }

    private static bool IsQueueCall(PlayedLine line) => line.Command.Verb is "kq" or "add" or "queue" or "kevent";

    private static bool IsOfTheSystem(Scenario scenario, LineDifference difference) =>
        OperatingSystem.IsLinux() && scenario.Name == "sockpair_dgram" && difference.Problem == "ECONNREFUSED instead of ECONNRESET";

    private static string[] OpenDescriptors() =>
        Directory.Exists("/proc/self/fd")
            ? [.. Directory.GetFiles("/proc/self/fd").Where(f => new FileInfo(f).LinkTarget is { } target && !target.EndsWith("/fd", StringComparison.Ordinal))]
            : [];
}
