namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Pipes, and what all descriptors share.</summary>
internal static class DescriptorCommands
{
    private const int DefaultChunk = 4096;

    // More than any pipe or socket buffer holds: a regular file can be filled for ever.
    private const long MostToFill = 64 << 20;

    public static KeyValuePair<string, PlayCommand>[] All { get; } =
    [
        new("pipe", Pipe),
        new("write", (c, s) => PlayState.Translate(s.Host.Descriptors.Write(s.Descriptor(c.Arguments[0]), c.Number(1)))),
        new("read", (c, s) => PlayState.Translate(s.Host.Descriptors.Read(s.Descriptor(c.Arguments[0]), c.Number(1)))),
        new("fill", Fill),
        new("drain", Drain),
        new("close", Close),
        new("dup", (c, s) => s.Adopt(c.Arguments[0], s.Host.Descriptors.Duplicate(s.Descriptor(c.Arguments[1])))),
        new("dup2", DuplicateOver),
    ];

    private static LineAnswer Pipe(ScenarioCommand command, PlayState state)
    {
        HostAnswer pipe = state.Host.Descriptors.Pipe(out long reader, out long writer);
        if (pipe.Succeeded)
        {
            state.Names.Add(command.Arguments[0] + ".r", NamedKind.Descriptor, reader);
            state.Names.Add(command.Arguments[0] + ".w", NamedKind.Descriptor, writer);
        }

        return PlayState.Translate(pipe);
    }

    private static LineAnswer Fill(ScenarioCommand command, PlayState state)
    {
        long descriptor = state.Descriptor(command.Arguments[0]);
        int chunk = command.Number(1, DefaultChunk);
        return Repeat(() => state.Host.Descriptors.Write(descriptor, chunk));
    }

    private static LineAnswer Drain(ScenarioCommand command, PlayState state)
    {
        long descriptor = state.Descriptor(command.Arguments[0]);
        return Repeat(() => state.Host.Descriptors.Read(descriptor, DefaultChunk));
    }

    private static LineAnswer Repeat(Func<HostAnswer> call)
    {
        long total = 0;
        while (total < MostToFill)
        {
            HostAnswer answer = call();
            if (answer.Unsupported is not null)
                return PlayState.Translate(answer);
            if (!answer.Succeeded || answer.Value == 0)
                break;
            total += answer.Value;
        }

        return LineAnswer.Returned(total);
    }

    private static LineAnswer Close(ScenarioCommand command, PlayState state)
    {
        if (state.Names.Find(command.Arguments[0]) is not { IsOpen: true } thing)
            return LineAnswer.Returned(-1, nameof(Errno.EBADF));
        thing.IsOpen = false;
        if (thing.Queue is null)
            return PlayState.Translate(state.Host.Descriptors.Close(thing.Number));
        thing.Queue.Dispose();
        return LineAnswer.Returned(0);
    }

    private static LineAnswer DuplicateOver(ScenarioCommand command, PlayState state)
    {
        if (state.Names.Find(command.Arguments[1]) is not { Kind: NamedKind.Descriptor, IsOpen: true } target)
            return LineAnswer.Returned(-1, nameof(Errno.EBADF));
        HostAnswer answer = state.Host.Descriptors.DuplicateOver(state.Descriptor(command.Arguments[0]), target.Number);
        return answer.Succeeded ? LineAnswer.Returned(0) : PlayState.Translate(answer);
    }
}
