using System.Globalization;

namespace LibKqueueSharp.Linux;

/// <summary>The limits of inotify(7) behind an ENOMEM, for messages.</summary>
internal static class FileLimits
{
    private const string Proc = "/proc/sys/";

    internal static string? Explain(Errno error) => error == Errno.ENOMEM
        ? $"the limits of watched files (sysctl {Describe("fs.inotify.max_user_watches", "user.max_inotify_watches")}) and of queues that watch files "
            + $"({Describe("fs.inotify.max_user_instances", "user.max_inotify_instances")}) hold for all programs of a user together; "
            + "a queue that watches files takes one descriptor more"
        : null;

    /// <summary>The system's limit, or that of the user namespace where it is smaller (user_namespaces(7)).</summary>
    private static string Describe(string system, string ofNamespace)
    {
        long? value = Read(system);
        long? smaller = Read(ofNamespace);
        if (smaller < value)
            (system, value) = (ofNamespace, smaller);
        return value is { } known ? string.Create(CultureInfo.InvariantCulture, $"{system} = {known}") : $"{system}, which cannot be read here";
    }

    private static long? Read(string name)
    {
        try
        {
            return long.Parse(File.ReadAllText(Proc + name.Replace('.', '/')), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }
}
