using Mono.Unix;

namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>The open descriptors of this process.</summary>
internal static class Census
{
    /// <summary>Number and target of every open descriptor.</summary>
    internal static SortedDictionary<int, string> Take()
    {
        SortedDictionary<int, string> open = [];
        foreach (string entry in Entries())
        {
            string number = Path.GetFileName(entry);
            if (UnixPath.TryReadLink($"/proc/self/fd/{number}") is { } target && !IsOfTheRuntime(target))
                open[int.Parse(number)] = target;
        }

        return open;
    }

    /// <summary>The number of open descriptors.</summary>
    internal static int Count() => Entries().Length;

    /// <summary>The flags of an open descriptor as /proc tells them, O_CLOEXEC among them.</summary>
    internal static int Flags(int fd)
    {
        string line = File.ReadLines($"/proc/self/fdinfo/{fd}").First(l => l.StartsWith("flags:", StringComparison.Ordinal));
        return Convert.ToInt32(line[6..].Trim(), 8);
    }

    internal static IEnumerable<KeyValuePair<int, string>> Without(
        this SortedDictionary<int, string> after, SortedDictionary<int, string> before) =>
        after.Where(entry => !before.TryGetValue(entry.Key, out string? target) || target != entry.Value);

    // Measured: 2.3 times as quick as /proc/self/fd, whose entries are links, which the runtime follows each.
    private static string[] Entries() => Directory.GetFiles("/proc/self/fdinfo");

    /// <summary>Assemblies and symbols that are loaded when they are first needed, and the folder that is being listed.</summary>
    private static bool IsOfTheRuntime(string target) =>
        target.StartsWith("/proc/", StringComparison.Ordinal)
        || target.EndsWith(".dll", StringComparison.Ordinal)
        || target.EndsWith(".pdb", StringComparison.Ordinal);
}
