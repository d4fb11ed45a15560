using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// Taking the name of a file that is open. Windows 10 does so at once; Wine waits for the last handle, so there Perl of the system below does it, as rename(2)
/// and not as mv(1), which has rules of its own.
/// </summary>
internal static class WineHost
{
    private const string Perl = "/usr/bin/perl";

    /// <summary>Makes a call and leaves its error in a file, which has its name when it is whole. No quotes, which would be lost on the way.</summary>
    private const string Script =
        "my ($call, $answer, @paths) = @ARGV;"
        + " my $ok = $call eq q(rename) ? rename($paths[0], $paths[1]) : $call eq q(rmdir) ? rmdir($paths[0]) : unlink($paths[0]);"
        + " my $error = $ok ? 0 : $! + 0;"
        + " open(my $file, q(>), $answer . q(.new)); print $file $error; close($file); rename($answer . q(.new), $answer);";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static readonly bool s_isWine = NativeLibrary.TryLoad("ntdll", out nint ntdll)
        && NativeLibrary.TryGetExport(ntdll, "wine_get_version", out _);

    /// <summary>Removes a file or an empty directory.</summary>
    internal static HostAnswer Delete(string path)
    {
        bool folder = Directory.Exists(path);
        if (s_isWine)
            return Run(folder ? "rmdir" : "unlink", path);
        if (folder)
            Directory.Delete(path);
        else
            File.Delete(path);
        return HostAnswer.Success();
    }

    /// <summary>Renames a file, over another if there is one.</summary>
    internal static HostAnswer Move(string from, string to)
    {
        if (s_isWine && File.Exists(to))
            return Run("rename", from, to);
        File.Move(from, to, overwrite: true);
        return HostAnswer.Success();
    }

    // CreateProcess of Wine 8 leaves the handles of a program of the system below as they were in memory, and who closes them closes somebody else's.
    // So Wine's own start(1) does it, whose handles nobody minds.
    private static HostAnswer Run(string call, params string[] paths)
    {
        string answer = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        string[] arguments = ["/unix", Perl, "-e", Script, call, Below(answer), .. paths.Select(Below)];
        Process.Start(new ProcessStartInfo("start.exe", arguments) { UseShellExecute = false })?.Dispose();
        if (!SpinWait.SpinUntil(() => File.Exists(answer), s_patience))
            throw new IOException($"{call} of {paths[0]} was not answered");
        int error = int.Parse(File.ReadAllText(answer), CultureInfo.InvariantCulture);
        File.Delete(answer);
        return error == 0 ? HostAnswer.Success() : HostAnswer.Failure(Name(error));
    }

    // The numbers of the system below.
    private static string Name(int error) => error switch
    {
        1 => "EPERM",
        2 => "ENOENT",
        13 => "EACCES",
        17 => "EEXIST",
        20 => "ENOTDIR",
        21 => "EISDIR",
        39 => "ENOTEMPTY",
        _ => "EIO",
    };

    // A prefix has a link for each drive.
    private static string Below(string path) =>
        $"{Environment.GetEnvironmentVariable("WINEPREFIX")}/dosdevices/{char.ToLowerInvariant(path[0])}:{path[2..].Replace('\\', '/')}";
}
