using System.Globalization;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Turns <c>K FILTER IDENT FLAGS …</c> into a change.</summary>
internal static class ChangeReader
{
    private const string SinceEpoch = "abs+";

    public static bool TryRead(ScenarioCommand command, NameTable names, out KEvent change, out string problem)
    {
        change = default;
        if (!FilterNames.TryParse(command.Arguments[1], out change.Filter))
            problem = $"there is no filter '{command.Arguments[1]}'";
        else if (!names.TryNumber(command.Arguments[2], out long ident))
            problem = $"'{command.Arguments[2]}' stands for nothing";
        else if (!FlagNames.TryParse(command.Arguments[3], out change.Flags, out string unknownFlag))
            problem = $"there is no flag '{unknownFlag}'";
        else if (!NoteNames.TryParse(change.Filter, command.Options.GetValueOrDefault("fflags", "0"), out change.FFlags, out string unknownNote))
            problem = $"the filter has no '{unknownNote}'";
        else
        {
            change.Ident = (nuint)ident;
            change.Data = ReadData(command);
            change.UData = (nint)command.NumberOption("udata");
            problem = "";
            return true;
        }

        return false;
    }

    private static long ReadData(ScenarioCommand command) =>
        command.Options.TryGetValue("data", out string? text) && text.StartsWith(SinceEpoch, StringComparison.Ordinal)
            ? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + long.Parse(text.AsSpan(SinceEpoch.Length), CultureInfo.InvariantCulture)
            : command.NumberOption("data");
}
