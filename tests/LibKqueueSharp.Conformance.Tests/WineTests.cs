using System.Diagnostics;

namespace LibKqueueSharp.Conformance.Tests;

/// <summary>The Windows backend under Wine (docs/windows.md), where Wine is there, unless KQ_WINE is 0; it takes some minutes.</summary>
[Platform("Linux")]
internal sealed class WineTests
{
    private const int NoWine = 77;

    [Test]
    public void WindowsBackendUnderWine()
    {
        if (Environment.GetEnvironmentVariable("KQ_WINE") == "0")
            Assert.Ignore("NOT RUN: KQ_WINE is 0");
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "wine"))))
            Assert.Ignore("NOT RUN: there is no Wine here; tests/windows/suite installs it");
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
