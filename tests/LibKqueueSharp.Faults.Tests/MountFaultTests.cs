using System.Diagnostics;

namespace LibKqueueSharp.Linux.Tests;

/// <summary>Mounts change while calls fail: in a process of its own, which may mount what it likes.</summary>
internal sealed class MountFaultTests
{
    private const string Marker = "KQ_OWN_MOUNTS";

    private static IEnumerable<string> Names => Scenarios.OfMounts.Select(s => s.Name).Where(n => n != "mounts");

    private static bool IsChild => Environment.GetEnvironmentVariable(Marker) is not null;

    [Test]
    public void MountsChangeWhileCallsFail()
    {
        string path = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(path) == "dotnet";
        string[] self = isHost ? [path, typeof(MountFaultTests).Assembly.Location] : [path];
        (int exit, string output) = Execute("unshare", [.. Namespace(), .. self, "--filter", "Name~InTheChild", "--no-ansi"]);
        Assert.That(exit, Is.Zero, output);
    }

    [TestCaseSource(nameof(Names))]
    public void InTheChild(string name)
    {
        if (!IsChild)
            Assert.Ignore($"{nameof(MountsChangeWhileCallsFail)} runs it");
        new FaultTests().EachCallFailsOnce(name);
    }

    private static (int Exit, string Output) Execute(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Marker] = "1";
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = child.StandardOutput.ReadToEnd() + errors.Result;
        child.WaitForExit();
        return (child.ExitCode, output);
    }

    /// <summary>How a namespace is had here: as root, or as the root of a user namespace.</summary>
    private static string[] Namespace()
    {
        List<string> reasons = [];
        foreach (string[] options in (string[][])[["-m"], ["-r", "-m"]])
        {
            (int exit, string output) = Execute("unshare", [.. options, "mount", "-t", "tmpfs", "probe", "/mnt"]);
            if (exit == 0)
                return options;
            reasons.Add(output.Trim());
        }

        Assert.Inconclusive($"a mount namespace of its own is not to be had: {string.Join("; ", reasons)}");
        return [];
    }
}
