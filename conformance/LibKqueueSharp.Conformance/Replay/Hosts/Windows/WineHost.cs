using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// Removing a name while the file is open. Windows 10 does so at once; Wine waits for the last handle, so there rm(1) of the system below does it.
/// </summary>
internal static class WineHost
{
    private const string Remover = @"Z:\bin\rm";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static readonly bool s_isWine = NativeLibrary.TryLoad("ntdll", out nint ntdll)
        && NativeLibrary.TryGetExport(ntdll, "wine_get_version", out _);

    /// <summary>Removes a file or an empty directory.</summary>
    internal static void Delete(string path)
    {
        if (s_isWine)
            Run(path);
        else if (Directory.Exists(path))
            Directory.Delete(path);
        else
            File.Delete(path);
    }

    // Wine starts programs of the system below, and gives no handle of them.
    private static void Run(string path)
    {
        Process.Start(new ProcessStartInfo(Remover, ["-df", "--", Below(path)]) { UseShellExecute = false })?.Dispose();
        if (!SpinWait.SpinUntil(() => !Path.Exists(path), s_patience))
            throw new IOException($"{path} was not removed");
    }

    // A prefix has a link for each drive.
    private static string Below(string path) =>
        $"{Environment.GetEnvironmentVariable("WINEPREFIX")}/dosdevices/{char.ToLowerInvariant(path[0])}:{path[2..].Replace('\\', '/')}";
}
