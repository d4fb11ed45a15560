namespace LibKqueueSharp.Linux.Tests.Support;

/// <summary>How often what is left to chance is tried: few times for a developer, many with KQ_THOROUGH, as <c>.ci/run</c> sets it.</summary>
internal static class Rounds
{
    private static readonly bool s_thorough = Environment.GetEnvironmentVariable("KQ_THOROUGH") is { Length: > 0 } asked && asked != "0";

    internal static int Of(int quick, int thorough) => s_thorough ? thorough : quick;
}
