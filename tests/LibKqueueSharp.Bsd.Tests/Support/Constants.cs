using System.Globalization;

namespace LibKqueueSharp.Kernels.Tests;

/// <summary>The table of the systems' numbers: what the tests compare with.</summary>
internal static class Constants
{
    private static readonly Dictionary<(string System, string Name), long> s_values = Read();

    private static readonly Dictionary<string, string> s_systems = new()
    {
        ["freebsd11"] = "freebsd",
    };

    /// <summary>The filters by their C names.</summary>
    public static IReadOnlyDictionary<EventFilter, string> FilterNames { get; } = new Dictionary<EventFilter, string>
    {
        [EventFilter.Read] = "EVFILT_READ",
        [EventFilter.Write] = "EVFILT_WRITE",
        [EventFilter.Aio] = "EVFILT_AIO",
        [EventFilter.Vnode] = "EVFILT_VNODE",
        [EventFilter.Process] = "EVFILT_PROC",
        [EventFilter.Signal] = "EVFILT_SIGNAL",
        [EventFilter.Timer] = "EVFILT_TIMER",
        [EventFilter.ProcessDescriptor] = "EVFILT_PROCDESC",
        [EventFilter.FileSystem] = "EVFILT_FS",
        [EventFilter.Lio] = "EVFILT_LIO",
        [EventFilter.User] = "EVFILT_USER",
        [EventFilter.SendFile] = "EVFILT_SENDFILE",
        [EventFilter.Empty] = "EVFILT_EMPTY",
        [EventFilter.Jail] = "EVFILT_JAIL",
        [EventFilter.JailDescriptor] = "EVFILT_JAILDESC",
        [EventFilter.Except] = "EVFILT_EXCEPT",
    };

    /// <summary>A number of a system, or null when it has none.</summary>
    public static long? Find(KqueueAbi abi, string name) =>
        s_values.TryGetValue((s_systems.GetValueOrDefault(abi.Name, abi.Name), name), out long value) ? value : null;

    /// <summary>A number of a system that must be there.</summary>
    public static long Of(KqueueAbi abi, string name) => Find(abi, name) ?? throw new AssertionException($"{abi.Name} has no {name}");

    private static Dictionary<(string, string), long> Read() => File
        .ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "data", "constants.csv"))
        .Skip(1)
        .Select(line => line.Split(','))
        .Where(row => row[1] is "filter" or "flag" or "fflag" or "layout" && row[3] is not ("" or "UNVERIFIED"))
        .ToDictionary(row => (row[0], row[2]), row => Number(row[3]));

    private static long Number(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? long.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        : long.Parse(text, CultureInfo.InvariantCulture);
}
