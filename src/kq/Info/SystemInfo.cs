using System.Reflection;
using System.Text.Json.Serialization;

namespace LibKqueueSharp.Kq.Info;

/// <summary>What <c>kq info</c> tells; its properties are those of the JSON.</summary>
/// <param name="Version">The version of the library.</param>
/// <param name="Backend">The backend's name.</param>
/// <param name="System">The system in words.</param>
/// <param name="Dialects">The dialects; the first is the default.</param>
/// <param name="Filters">One entry a filter, in the order of the numbers.</param>
/// <param name="Limits">Limits of the system, with their present values.</param>
/// <param name="QueueDescriptors">The descriptors that a queue holds open for itself.</param>
internal sealed record SystemInfo(
    string Version,
    string Backend,
    string System,
    IReadOnlyList<string> Dialects,
    IReadOnlyList<FilterInfo> Filters,
    IReadOnlyDictionary<string, string> Limits,
    QueueDescriptors QueueDescriptors)
{
    /// <summary>Asks a backend.</summary>
    /// <param name="backend">The backend.</param>
    public static SystemInfo Of(KqueueBackend backend)
    {
        KqueueCapabilities capabilities = backend.Capabilities;
        return new(
            typeof(Kqueue).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0],
            capabilities.Backend,
            capabilities.System,
            capabilities.Dialects,
            [.. capabilities.Filters.Select(FilterInfo.Of)],
            capabilities.Limits.ToDictionary(l => l.Key, l => l.Value),
            QueueDescriptors.Of(backend));
    }
}

/// <summary>Writes <see cref="SystemInfo"/> as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SystemInfo))]
internal sealed partial class SystemInfoJson : JsonSerializerContext;
