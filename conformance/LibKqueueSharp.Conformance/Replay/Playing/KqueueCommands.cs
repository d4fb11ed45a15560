namespace LibKqueueSharp.Conformance.Replay;

/// <summary>kqueue(2) and kevent(2).</summary>
internal static class KqueueCommands
{
    public static KeyValuePair<string, PlayCommand>[] All { get; } =
    [
        new("kq", Create),
        new("add", Add),
        new("queue", PutAside),
        new("kevent", Kevent),
    ];

    private static LineAnswer Create(ScenarioCommand command, PlayState state)
    {
        try
        {
            state.AddQueue(command.Arguments[0], state.Backend.CreateQueue(state.Dialect));
            return LineAnswer.Returned(0);
        }
        catch (KqueueException e)
        {
            return LineAnswer.Returned(-1, ErrnoNames.Format(e.Error));
        }
    }

    private static LineAnswer Add(ScenarioCommand command, PlayState state)
    {
        if (!ChangeReader.TryRead(command, state.Names, out KEvent change, out string problem))
            return LineAnswer.Skipped(problem);
        int result = QueueCall.Make(command.Arguments[0], state, [change], [], KeventTimeout.Zero, out Errno error);
        return LineAnswer.Changed(result, result < 0 ? ErrnoNames.Format(error) : null);
    }

    private static LineAnswer PutAside(ScenarioCommand command, PlayState state)
    {
        if (!ChangeReader.TryRead(command, state.Names, out KEvent change, out string problem))
            return LineAnswer.Skipped(problem);
        if (state.Names.Find(command.Arguments[0]) is not { Kind: NamedKind.Queue } queue)
            return LineAnswer.Skipped($"'{command.Arguments[0]}' is no queue");
        queue.PutAside.Add(change);
        return LineAnswer.PutAside(queue.PutAside.Count);
    }

    private static LineAnswer Kevent(ScenarioCommand command, PlayState state)
    {
        NamedThing? thing = state.Names.Find(command.Arguments[0]);
        KEvent[] changes = thing is null ? [] : [.. thing.PutAside];
        thing?.PutAside.Clear();

        KEvent[] events = new KEvent[command.NumberOption("max")];
        KeventTimeout timeout = Durations.ToTimeout(command.Options.GetValueOrDefault("timeout"));
        int count = QueueCall.Make(command.Arguments[0], state, changes, events, timeout, out Errno error);
        return count < 0
            ? LineAnswer.Changed(count, ErrnoNames.Format(error))
            : LineAnswer.Delivered([.. events.Take(count).Select(e => EventAnswer.Of(e, state.Names.NameOf(e.Filter, e.Ident)))]);
    }
}
