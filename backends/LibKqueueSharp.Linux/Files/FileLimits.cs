using System.Globalization;

namespace LibKqueueSharp.Linux;

/// <summary>The limits of inotify(7) behind an ENOMEM, for messages.</summary>
internal static class FileLimits
{
    private const string Folder = "/proc/sys/fs/inotify/";

    internal static string? Explain(Errno error) => error == Errno.ENOMEM
        ? $"the system's limits of watched files (sysctl {Describe("max_user_watches")}) and of queues that watch files "
            + $"({Describe("max_user_instances")}) hold for all programs of a user together; a queue that watches files takes one descriptor more"
        : null;

    private static string Describe(string name)
    {
        try
        {
            return string.Create(CultureInfo.InvariantCulture, $"fs.inotify.{name} = {File.ReadAllText(Folder + name).Trim()}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"fs.inotify.{name}, which cannot be read here";
        }
    }
}
