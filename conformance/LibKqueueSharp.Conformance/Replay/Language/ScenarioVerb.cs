namespace LibKqueueSharp.Conformance.Replay;

/// <summary>What each command of the language takes, and what it needs.</summary>
internal sealed class ScenarioVerb
{
    private static readonly string[] s_change = ["fflags", "data", "udata"];

    private static readonly Dictionary<string, ScenarioVerb> s_all = new(StringComparer.Ordinal)
    {
        ["kq"] = new(1, 1),
        ["add"] = new(4, 4, options: s_change),
        ["queue"] = new(4, 4, options: s_change),
        ["kevent"] = new(1, 1, options: ["max", "timeout"]),
        ["sleep"] = new(1, 1),
        ["pipe"] = new(1, 1, ScenarioNeeds.Pipes),
        ["socketpair"] = new(1, 2, ScenarioNeeds.Sockets),
        ["listen"] = new(1, 1, ScenarioNeeds.Sockets, ["backlog"]),
        ["tcpsock"] = new(1, 1, ScenarioNeeds.Sockets),
        ["connect"] = new(2, 2, ScenarioNeeds.Sockets),
        ["accept"] = new(2, 2, ScenarioNeeds.Sockets),
        ["udp"] = new(1, 1, ScenarioNeeds.Sockets),
        ["udpsend"] = new(3, 3, ScenarioNeeds.Sockets),
        ["oob"] = new(2, 2, ScenarioNeeds.Sockets),
        ["peek"] = new(2, 2, ScenarioNeeds.Sockets),
        ["shutdown"] = new(2, 2, ScenarioNeeds.Sockets),
        ["linger0"] = new(1, 1, ScenarioNeeds.Sockets),
        ["rcvlowat"] = new(2, 2, ScenarioNeeds.Sockets),
        ["sndlowat"] = new(2, 2, ScenarioNeeds.Sockets),
        ["write"] = new(2, 2),
        ["read"] = new(2, 2),
        ["fill"] = new(1, 2),
        ["drain"] = new(1, 1),
        ["close"] = new(1, 1),
        ["dup"] = new(2, 2),
        ["dup2"] = new(2, 2),
        ["mkfile"] = new(1, 2, ScenarioNeeds.Files),
        ["open"] = new(2, 9, ScenarioNeeds.Files),
        ["append"] = new(2, 2, ScenarioNeeds.Files),
        ["overwrite"] = new(2, 2, ScenarioNeeds.Files),
        ["unlink"] = new(1, 1, ScenarioNeeds.Files),
        ["rename"] = new(2, 2, ScenarioNeeds.Files),
        ["link"] = new(2, 2, ScenarioNeeds.Files),
        ["symlink"] = new(2, 2, ScenarioNeeds.Files),
        ["mkdir"] = new(1, 1, ScenarioNeeds.Files),
        ["rmdir"] = new(1, 1, ScenarioNeeds.Files),
        ["chmod"] = new(2, 2, ScenarioNeeds.Files),
        ["truncate"] = new(2, 2, ScenarioNeeds.Files),
        ["ftruncate"] = new(2, 2, ScenarioNeeds.Files),
        ["utimes"] = new(1, 1, ScenarioNeeds.Files),
        ["revoke"] = new(1, 1, ScenarioNeeds.Files),
        ["fsync"] = new(1, 1, ScenarioNeeds.Files),
        ["seek"] = new(2, 3, ScenarioNeeds.Files),
        ["spawn"] = new(1, 1, ScenarioNeeds.Processes, ["start", "life", "fork", "exec", "exit"]),
        ["wait"] = new(1, 1, ScenarioNeeds.Processes),
        ["kill"] = new(2, 2, ScenarioNeeds.Signals),
        ["sigign"] = new(1, 1, ScenarioNeeds.Signals),
    };

    private readonly int _fewest;
    private readonly int _most;
    private readonly string[] _options;

    private ScenarioVerb(int fewest, int most, ScenarioNeeds needs = ScenarioNeeds.None, string[]? options = null)
    {
        _fewest = fewest;
        _most = most;
        Needs = needs;
        _options = options ?? [];
    }

    public ScenarioNeeds Needs { get; }

    public static ScenarioVerb Of(ScenarioCommand command) => s_all[command.Verb];

    public static void Check(ScenarioCommand command)
    {
        string place = $"line {command.Line}";
        if (!s_all.TryGetValue(command.Verb, out ScenarioVerb? verb))
            throw new ScenarioFormatException(place, $"there is no command '{command.Verb}'");
        if (command.Arguments.Count < verb._fewest || command.Arguments.Count > verb._most)
            throw new ScenarioFormatException(place, $"'{command.Verb}' takes {verb._fewest} to {verb._most} words: '{command.Text}'");
        foreach (string option in command.Options.Keys)
        {
            if (!verb._options.Contains(option))
                throw new ScenarioFormatException(place, $"'{command.Verb}' knows no '{option}='");
        }
    }
}
