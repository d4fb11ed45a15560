namespace LibKqueueSharp.Conformance.Replay;

/// <summary>A script that is played on a queue: one command a line. Immutable.</summary>
public sealed class Scenario
{
    /// <summary>How the name of a file with a scenario ends.</summary>
    public const string Extension = ".scenario";

    private Scenario(string name, IReadOnlyList<ScenarioCommand> commands)
    {
        Name = name;
        Commands = commands;
        Needs = commands.Aggregate(ScenarioNeeds.None, (needs, command) => needs | NeedsOf(command));
        if (commands.Where(c => c.Verb == "kq").Select(c => c.Arguments[0]).Distinct(StringComparer.Ordinal).Skip(1).Any())
            Needs |= ScenarioNeeds.SeveralQueues;
    }

    /// <summary>The name, for example <c>oneshot</c>.</summary>
    public string Name { get; }

    /// <summary>The commands in their order.</summary>
    public IReadOnlyList<ScenarioCommand> Commands { get; }

    /// <summary>What it needs.</summary>
    public ScenarioNeeds Needs { get; }

    /// <summary>Reads a scenario.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="text">The script.</param>
    /// <exception cref="ScenarioFormatException">A line is not a command.</exception>
    public static Scenario Parse(string name, string text)
    {
        List<ScenarioCommand> commands = [];
        int line = 0;
        foreach (string row in text.ReplaceLineEndings("\n").Split('\n'))
        {
            line++;
            try
            {
                if (ScenarioCommand.Parse(line, row) is { } command)
                    commands.Add(command);
            }
            catch (ScenarioFormatException e)
            {
                throw new ScenarioFormatException(name, e.Message, e);
            }
        }

        return new(name, commands);
    }

    /// <summary>Reads a scenario from a file named NAME.scenario.</summary>
    /// <param name="path">The file.</param>
    public static Scenario Load(string path) => Parse(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path));

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static ScenarioNeeds NeedsOf(ScenarioCommand command)
    {
        if (command.Verb is not ("add" or "queue") || !FilterNames.TryParse(command.Arguments[1], out EventFilter filter))
            return ScenarioVerb.Of(command).Needs;
        return filter switch
        {
            EventFilter.Vnode => ScenarioNeeds.Vnode,
            EventFilter.Process or EventFilter.ProcessDescriptor => ScenarioNeeds.Processes,
            EventFilter.Signal => ScenarioNeeds.Signals,
            EventFilter.Timer => ScenarioNeeds.Timers,
            EventFilter.User => ScenarioNeeds.UserEvents,
            EventFilter.Empty => ScenarioNeeds.Empty,
            _ => ScenarioNeeds.None,
        };
    }
}
