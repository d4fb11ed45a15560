using System.Diagnostics;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>A signal that every thread blocks, and its signalfd, while calls fail: in a process that was started so.</summary>
internal sealed class BlockedSignalFaultTests
{
    private const string Marker = "KQ_BLOCKED_SIGNALS";

    private static IEnumerable<string> Names => Scenarios.OfBlockedSignals.Select(s => s.Name);

    [Test]
    public void BlockedSignalsComeWhileCallsFail()
    {
        string path = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(path) == "dotnet";
        string[] self = isHost ? [path, typeof(BlockedSignalFaultTests).Assembly.Location] : [path];
        ProcessStartInfo start = new("env", ["--block-signal=USR1", .. self, "--filter", "Name~InTheBlockingChild", "--no-ansi"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Marker] = "1";
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = child.StandardOutput.ReadToEnd() + errors.Result;
        child.WaitForExit();
        if (output.Contains("unrecognized option", StringComparison.Ordinal))
            Assert.Inconclusive("env(1) cannot block signals here (coreutils 8.31)");
        Assert.That(child.ExitCode, Is.Zero, output);
    }

    [TestCaseSource(nameof(Names))]
    public void InTheBlockingChild(string name)
    {
        if (Environment.GetEnvironmentVariable(Marker) is null)
            Assert.Ignore($"{nameof(BlockedSignalsComeWhileCallsFail)} runs it");
        new FaultTests().EachCallFailsOnce(name);
        Assert.That(Faults.Counts, Does.ContainKey("signalfd"));
    }
}
