using System.Diagnostics;
using System.Text.RegularExpressions;
using LibKqueueSharp.Linux.Tests.Support;

namespace LibKqueueSharp.Linux.Tests.SystemCalls;

/// <summary>
/// What a call costs in system calls, counted by strace(1) in a child process: the goals of the fast path. strace is the one way that needs no
/// rights beyond those of an ordinary user.
/// </summary>
internal sealed partial class SystemCallTests : LinuxFixture
{
    /// <summary>Calls that the runtime makes for itself at any time.</summary>
    private static readonly HashSet<string> s_runtime =
        ["futex", "madvise", "mmap", "munmap", "mprotect", "sched_yield", "membarrier", "rt_sigreturn", "restart_syscall", "getrusage", "clock_gettime"];

    private string[] _log = [];
    private string _main = "";

    [OneTimeSetUp]
    public void RunTheChild()
    {
        if (!IsInstalled("strace"))
            Assert.Ignore("strace is not installed: system calls cannot be counted (CI installs it)");
        string path = Path.GetTempFileName();
        try
        {
            ProcessStartInfo start = new("strace", ["-f", "-qq", "-e", "signal=none", "-o", path, .. Self(), Scenarios.Argument])
            {
                RedirectStandardError = true,
            };

            // Code is compiled once, in the part that is not measured.
            start.Environment["DOTNET_TieredCompilation"] = "0";
            start.Environment["DOTNET_gcServer"] = "0";

            // No collection falls into a measured part: it reads /proc/meminfo and asks for limits.
            start.Environment["DOTNET_GCgen0size"] = "0x20000000";
            using Process child = Process.Start(start)!;
            string errors = child.StandardError.ReadToEnd();
            child.WaitForExit();
            Assert.That(child.ExitCode, Is.Zero, errors);
            _log = File.ReadAllLines(path);
        }
        finally
        {
            File.Delete(path);
        }

        _main = Number().Match(_log.First(l => l.Contains(Scenarios.Begin("idle-level"), StringComparison.Ordinal))).Value;
    }

    [TestCase("idle-level")]
    [TestCase("idle-edge")]
    public void IdleIterationCostsOneCall(string name) =>
        Assert.That(Calls(name), Is.EqualTo(new Dictionary<string, int> { ["epoll_wait"] = Scenarios.Iterations }));

    [TestCase("idle-users-and-timers")]
    [TestCase("idle-after-a-closed-number")]
    [TestCase("disable-enable-level")]
    [TestCase("disable-enable-edge")]
    [TestCase("user-trigger-and-collect")]
    [TestCase("timer-arm-and-disarm")]
    public void CostsNoCall(string name) => Assert.That(Calls(name), Is.Empty);

    [TestCase("ready-level-pipe")]
    [TestCase("ready-level-unix")]
    [TestCase("ready-level-tcp")]
    [TestCase("ready-level-udp")]
    public void DeliveredReadEventsCostOneCallEach(string name) =>
        Assert.That(
            Calls(name),
            Is.EqualTo(new Dictionary<string, int>
            {
                ["epoll_wait"] = Scenarios.Iterations,
                ["ioctl"] = Scenarios.Iterations * Scenarios.Ready,
            }));

    /// <summary>The caller's own write and read beside the wait and the count; re-arming EV_DISPATCH adds none.</summary>
    [TestCase("read-edge-unix", 1)]
    [TestCase("read-edge-tcp", 1)]
    [TestCase("read-level-tcp", 1)]
    [TestCase("read-dispatch-pipe", 1)]
    [TestCase("read-dispatch-tcp", 1)]
    [TestCase("read-dispatch-edge-tcp", 1)]
    [TestCase("read-edge-pipe", 2, Description = "a pipe with EV_CLEAR is looked at once more: its reader's progress is activity")]
    public void ServingOneEventCostsTheWaitAndTheCount(string name, int counts) =>
        Assert.That(
            Calls(name),
            Is.EqualTo(new Dictionary<string, int>
            {
                ["epoll_wait"] = Scenarios.Iterations,
                ["ioctl"] = Scenarios.Iterations * counts,
                ["read"] = Scenarios.Iterations,
                ["write"] = Scenarios.Iterations,
            }));

    [Test]
    public void AddAndDeleteCostOneCallEach() =>
        Assert.That(Calls("add-and-delete"), Is.EqualTo(new Dictionary<string, int> { ["epoll_ctl"] = 2 * Scenarios.Iterations }));

    [Test]
    public void DeliveredWriteEventsCostFourCallsEach()
    {
        // Room, the end of the sending side, whether it listens, and whether the number still stands for what was registered.
        Dictionary<string, int> calls = Calls("ready-write-tcp");
        Assert.That(calls["epoll_wait"], Is.EqualTo(Scenarios.Iterations));
        Assert.That(
            calls.Values.Sum(), Is.LessThanOrEqualTo(Scenarios.Iterations * (1 + 4 * Scenarios.Ready)), string.Join(", ", calls));
    }

    /// <summary>The system calls of the thread that ran the measured part, by name.</summary>
    private Dictionary<string, int> Calls(string name)
    {
        Dictionary<string, int> counts = [];
        bool inside = false;
        foreach (string line in _log)
        {
            if (!line.StartsWith(_main, StringComparison.Ordinal) || line[_main.Length] != ' ')
                continue;
            if (line.Contains(Scenarios.Begin(name), StringComparison.Ordinal))
                inside = true;
            else if (line.Contains(Scenarios.End(name), StringComparison.Ordinal))
                return counts;
            else if (inside && Call().Match(line) is { Success: true } call && !s_runtime.Contains(call.Groups[1].Value))
                counts[call.Groups[1].Value] = counts.GetValueOrDefault(call.Groups[1].Value) + 1;
        }

        Assert.Fail($"the child did not run {name}");
        return counts;
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>How this program is started: by itself, or by dotnet.</summary>
    private static string[] Self()
    {
        string process = Environment.ProcessPath!;
        string assembly = typeof(Program).Assembly.Location;
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, assembly] : [process];
    }

    [GeneratedRegex(@"^\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\d+ +([a-z_0-9]+)\(")]
    private static partial Regex Call();
}
