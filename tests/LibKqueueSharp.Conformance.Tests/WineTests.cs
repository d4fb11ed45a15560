using System.Diagnostics;

namespace LibKqueueSharp.Conformance.Tests;

/// <summary>The Windows backend under Wine, where KQ_WINE is set and Wine is there; it takes some minutes, and no part of the plain run, since Wine is not at ease with the runtime (docs/windows.md).</summary>
[Platform("Linux")]
internal sealed class WineTests
{
    private const int NoWine = 77;

    [Test]
    public void WindowsBackendUnderWine()
    {
        if (Environment.GetEnvironmentVariable("KQ_WINE") is null)
            Assert.Ignore("NOT RUN: KQ_WINE is not set; with it, and by tests/windows/suite, the Windows backend runs under Wine");
        using Process suite = Process.Start(new ProcessStartInfo(Path.Combine(Root(), "tests/windows/suite")) { RedirectStandardOutput = true })!;
        string output = suite.StandardOutput.ReadToEnd();
        suite.WaitForExit();
        if (suite.ExitCode == NoWine)
            Assert.Ignore("NOT RUN: there is no Wine here");
        Assert.That(suite.ExitCode, Is.Zero, output);
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "LibKqueueSharp.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
