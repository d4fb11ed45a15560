namespace LibKqueueSharp.CAbi.Tests;

/// <summary>
/// The published library. It is published once for all tests, and not again while no source is newer. KQ_CABI names a folder with one that
/// is published already.
/// </summary>
[SetUpFixture]
public sealed class Library
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);

    /// <summary>Where the library, the header and the pkg-config file are.</summary>
    internal static string Folder { get; private set; } = "";

    /// <summary>The root of the repository.</summary>
    internal static string Root { get; } = FindRoot();

    internal static string SharedObject => Path.Combine(Folder, "libkqueue.so.0");

    [OneTimeSetUp]
    public void Publish()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("the library is for Linux");
        if (!Tool.Exists("gcc"))
            Assert.Inconclusive("there is no gcc");
        if (Environment.GetEnvironmentVariable("KQ_CABI") is { Length: > 0 } published)
        {
            Folder = published;
            return;
        }

        Folder = Path.Combine(AppContext.BaseDirectory, "published");
        if (IsCurrent())
            return;
        string architecture = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
        Tool.Result result = Tool.Run(
            "dotnet",
            ["publish", Path.Combine(Root, "src/LibKqueueSharp.CAbi"), "-c", "Release", "-r", $"linux-{architecture}", "-o", Folder],
            s_patience);
        if (result.ExitCode != 0 && result.Output.Contains("Platform linker", StringComparison.Ordinal))
            Assert.Inconclusive(result.Output);
        Assert.That(result.ExitCode, Is.Zero, result.Output);
    }

    private static bool IsCurrent()
    {
        if (!File.Exists(SharedObject))
            return false;
        DateTime published = File.GetLastWriteTimeUtc(SharedObject);
        return new[] { "src/LibKqueueSharp.Core", "src/LibKqueueSharp.CAbi", "backends/LibKqueueSharp.Linux" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .All(file => File.GetLastWriteTimeUtc(file) <= published);
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LibKqueueSharp.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("the tests are not inside the repository");
    }
}
