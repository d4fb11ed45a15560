using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// Taking the name of a file that is open. Windows 10 does so at once; Wine waits for the last handle, so there rm(1) and mv(1) of the system below do it.
/// </summary>
internal static class WineHost
{
    private const string Programs = @"Z:\bin\";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static readonly bool s_isWine = NativeLibrary.TryLoad("ntdll", out nint ntdll)
        && NativeLibrary.TryGetExport(ntdll, "wine_get_version", out _);

    /// <summary>Removes a file or an empty directory.</summary>
    internal static void Delete(string path)
    {
        if (s_isWine)
            Run("rm", "-df", path);
        else if (Directory.Exists(path))
            Directory.Delete(path);
        else
            File.Delete(path);
    }

    /// <summary>Renames a file, over another if there is one.</summary>
    internal static void Move(string from, string to)
    {
        if (s_isWine && File.Exists(to))
            Run("mv", "-fT", from, to);
        else
            File.Move(from, to, overwrite: true);
    }

    // Wine starts programs of the system below, and gives no handle of them.
    private static void Run(string program, string option, string gone, string? other = null)
    {
        string[] arguments = other is null ? [option, "--", Below(gone)] : [option, "--", Below(gone), Below(other)];
        Process.Start(new ProcessStartInfo(Programs + program, arguments) { UseShellExecute = false })?.Dispose();
        if (!SpinWait.SpinUntil(() => !Path.Exists(gone), s_patience))
            throw new IOException($"{gone} did not go");
    }

    // A prefix has a link for each drive.
    private static string Below(string path) =>
        $"{Environment.GetEnvironmentVariable("WINEPREFIX")}/dosdevices/{char.ToLowerInvariant(path[0])}:{path[2..].Replace('\\', '/')}";
}
