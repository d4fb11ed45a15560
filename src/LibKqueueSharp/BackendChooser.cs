using System.Runtime.InteropServices;
using LibKqueueSharp.Kernels;
using LibKqueueSharp.Linux;
using LibKqueueSharp.Windows;

namespace LibKqueueSharp;

/// <summary>The only place that looks at which operating system this is.</summary>
internal static class BackendChooser
{
    private static readonly Lazy<KqueueBackend> s_default = new(Choose, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The backend of this system, created on first use.</summary>
    /// <exception cref="PlatformNotSupportedException">There is none.</exception>
    internal static KqueueBackend Default => s_default.Value;

    private static KqueueBackend Choose()
    {
        if (OperatingSystem.IsLinux())
            return new LinuxBackend();
        if (OperatingSystem.IsWindows())
            return new WindowsBackend();
        if (AbiOfThisSystem() is { } abi)
            return new BsdBackend(null, abi);
        throw new PlatformNotSupportedException(
            $"LibKqueueSharp has no backend for {RuntimeInformation.OSDescription}; it has some for Linux, Windows, macOS and the BSDs. "
            + "Another one can be given in KqueueOptions.Backend.");
    }

    private static KqueueAbi? AbiOfThisSystem() =>
        OperatingSystem.IsMacOS() ? KqueueAbi.MacOs
        : OperatingSystem.IsFreeBSD() ? OperatingSystem.IsFreeBSDVersionAtLeast(12) ? KqueueAbi.FreeBsd : KqueueAbi.FreeBsd11
        : RuntimeInformation.OSDescription.StartsWith("NetBSD", StringComparison.Ordinal) ? KqueueAbi.NetBsd
        : RuntimeInformation.OSDescription.StartsWith("OpenBSD", StringComparison.Ordinal) ? KqueueAbi.OpenBsd
        : null;
}
