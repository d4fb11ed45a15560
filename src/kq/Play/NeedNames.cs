using System.Text.Json;
using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Kq.Play;

/// <summary>What scenarios need, by the names of the command line.</summary>
internal static class NeedNames
{
    public const ScenarioNeeds Any = (ScenarioNeeds)~0;

    private static readonly Dictionary<string, ScenarioNeeds> s_all = Enum.GetValues<ScenarioNeeds>()
        .Where(n => n != ScenarioNeeds.None)
        .ToDictionary(n => JsonNamingPolicy.KebabCaseLower.ConvertName(n.ToString()));

    public static string All => string.Join(", ", s_all.Keys);

    public static bool TryParse(string list, out ScenarioNeeds needs, out string unknown)
    {
        needs = ScenarioNeeds.None;
        foreach (string name in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!s_all.TryGetValue(name.ToLowerInvariant(), out ScenarioNeeds need))
            {
                unknown = name;
                return false;
            }

            needs |= need;
        }

        unknown = "";
        return true;
    }
}
