using System.Runtime.InteropServices;
using LibKqueueSharp.Linux;

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
        throw new PlatformNotSupportedException(
            $"LibKqueueSharp has no backend for {RuntimeInformation.OSDescription}; it has one for Linux. "
            + "Another one can be given in KqueueOptions.Backend.");
    }
}
