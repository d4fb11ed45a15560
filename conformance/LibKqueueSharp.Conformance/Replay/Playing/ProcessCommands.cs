namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Processes, signals, and the passing of time.</summary>
internal static class ProcessCommands
{
    private const long NanosecondsPerTick = 100;

    public static KeyValuePair<string, PlayCommand>[] All { get; } =
    [
        new("spawn", Spawn),
        new("wait", (c, s) => PlayState.Translate(s.Host.Processes.Wait(ProcessOf(c.Arguments[0], s)))),
        new("kill", (c, s) => PlayState.Translate(s.Host.Processes.Kill(ProcessOf(c.Arguments[0], s), c.Arguments[1]))),
        new("sigign", (c, s) => PlayState.Translate(s.Host.Processes.Ignore(c.Arguments[0]))),
        new("sleep", Sleep),
    ];

    private static LineAnswer Spawn(ScenarioCommand command, PlayState state)
    {
        HostAnswer child = state.Host.Processes.Spawn(new(
            command.DurationOption("start"),
            Forks: command.NumberOption("fork") != 0,
            Executes: command.NumberOption("exec") != 0,
            command.DurationOption("life"),
            (int)command.NumberOption("exit")));
        if (!child.Succeeded)
            return PlayState.Translate(child);
        state.Names.Add(command.Arguments[0], NamedKind.Process, child.Value);
        return LineAnswer.Returned(0);
    }

    private static LineAnswer Sleep(ScenarioCommand command, PlayState state)
    {
        Thread.Sleep(TimeSpan.FromTicks(Durations.Parse(command.Arguments[0]) / NanosecondsPerTick));
        return LineAnswer.Returned(0);
    }

    private static long ProcessOf(string word, PlayState state) => state.Names.TryNumber(word, out long process) ? process : -1;
}
