namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Plays one command.</summary>
/// <param name="command">The command.</param>
/// <param name="state">What the playing holds.</param>
internal delegate LineAnswer PlayCommand(ScenarioCommand command, PlayState state);

/// <summary>All commands by their verbs.</summary>
internal static class CommandTable
{
    private static readonly Dictionary<string, PlayCommand> s_all = new(
        [
            .. KqueueCommands.All,
            .. DescriptorCommands.All,
            .. SocketCommands.All,
            .. FileCommands.All,
            .. ProcessCommands.All,
        ],
        StringComparer.Ordinal);

    public static LineAnswer Play(ScenarioCommand command, PlayState state) => s_all[command.Verb](command, state);
}
