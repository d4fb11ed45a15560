using System.Text.Json.Serialization;

namespace LibKqueueSharp.Kq.Watch;

/// <summary>One line of <c>kq watch --json</c>.</summary>
/// <param name="Kind"><c>event</c>, or <c>refused</c> for a registration that the system refused.</param>
/// <param name="Time">The time of day.</param>
/// <param name="Elapsed">Seconds since the watch began.</param>
/// <param name="Name">What is watched.</param>
/// <param name="Filter">The C name of the filter.</param>
/// <param name="Ident">The number of what is watched; absent when it could not be opened.</param>
/// <param name="Flags">The C names of the flags.</param>
/// <param name="FFlags">The C names of the notes.</param>
/// <param name="Data">The filter's data.</param>
/// <param name="Meaning">What happened, in words for people: they may change.</param>
/// <param name="Error">The errno of a refusal; absent in events.</param>
internal sealed record WatchLine(
    string Kind,
    DateTimeOffset Time,
    double Elapsed,
    string Name,
    string Filter,
    ulong? Ident,
    string[] Flags,
    [property: JsonPropertyName("fflags")] string[] FFlags,
    long Data,
    string Meaning,
    string? Error);

/// <summary>Writes <see cref="WatchLine"/> as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WatchLine))]
internal sealed partial class WatchLineJson : JsonSerializerContext;
