using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Benchmarks.Reports;

/// <summary>What the figures were taken on.</summary>
/// <param name="Processor">Its model.</param>
/// <param name="Processors">How many there are.</param>
/// <param name="System">The operating system.</param>
/// <param name="Kernel">Its kernel.</param>
/// <param name="Runtime">The version of .NET.</param>
/// <param name="Commit">Of this program and of the library.</param>
/// <param name="Load">The load average when the run began: other work makes figures worthless.</param>
/// <param name="CLibrary">Where the C library came from, null when it takes no part.</param>
internal sealed record Machine(
    string Processor,
    int Processors,
    string System,
    string Kernel,
    string Runtime,
    string Commit,
    double Load,
    string? CLibrary)
{
    internal static Machine Current { get; } = new(
        Find("/proc/cpuinfo", "model name", ':') ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        Find("/etc/os-release", "PRETTY_NAME", '=') ?? "Linux",
        Environment.OSVersion.VersionString,
        RuntimeInformation.FrameworkDescription,
        FindCommit(),
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture),
        Native.CLibrary.Path);

    private static string? Find(string file, string key, char separator) =>
        !File.Exists(file)
            ? null
            : File.ReadLines(file)
                .Where(line => line.StartsWith(key, StringComparison.Ordinal))
                .Select(line => line[(line.IndexOf(separator, StringComparison.Ordinal) + 1)..].Trim(' ', '\t', '"'))
                .FirstOrDefault();

    // The SDK writes the commit behind the version.
    private static string FindCommit()
    {
        string version = Assembly.GetExecutingAssembly()
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        int at = version.IndexOf('+', StringComparison.Ordinal);
        return at < 0 ? "unknown" : version.Substring(at + 1, Math.Min(12, version.Length - at - 1));
    }
}
