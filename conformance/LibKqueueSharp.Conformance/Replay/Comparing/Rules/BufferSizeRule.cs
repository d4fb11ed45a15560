namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Sizes of buffers, and the byte counts that follow from them.</summary>
internal sealed class BufferSizeRule(ScriptModel model) : ComparisonRule
{
    private const string NoRoom = nameof(Errno.EAGAIN);

    public override string Name => "buffer-sizes";

    public override string Reason =>
        "How much a pipe or a socket holds is the system's own business. Where the recorded system took more or fewer "
        + "bytes, exactly so many more or fewer can be read later; and a WRITE event's room is compared as none or some.";

    internal override bool AllowsAnswer(LinePair line)
    {
        if (line.Expected.Return is not { } expected || line.Answered.Return is not { } answered)
            return false;
        if (model.Find(line.Command.Arguments[0]) is not { Kind: EndpointKind.Pipe or EndpointKind.Stream } endpoint)
            return false;
        return line.Command.Verb switch
        {
            "fill" => expected > 0 && answered > 0,
            "write" => IsWrite(line.Expected, line.Command.Number(1)) && IsWrite(line.Answered, line.Command.Number(1)),
            "drain" => endpoint.WaitingInPlay != endpoint.WaitingInTrace && answered == endpoint.WaitingInPlay,
            "read" => endpoint.WaitingInPlay != endpoint.WaitingInTrace && IsRead(line.Answered, endpoint.WaitingInPlay, line.Command.Number(1)),
            _ => false,
        };
    }

    internal override bool AllowsData(LinePair line, EventAnswer expected, EventAnswer answered)
    {
        if (model.Find(expected.Ident) is not { } endpoint
            || !long.TryParse(expected.Data, out long before) || !long.TryParse(answered.Data, out long now))
            return false;
        return expected.Filter switch
        {
            "EVFILT_WRITE" => endpoint.Kind is EndpointKind.Pipe or EndpointKind.Stream or EndpointKind.Datagram && before > 0 && now > 0,
            "EVFILT_READ" => endpoint.Kind is EndpointKind.Pipe or EndpointKind.Stream
                && endpoint.WaitingInPlay != endpoint.WaitingInTrace && now == endpoint.WaitingInPlay,
            _ => false,
        };
    }

    private static bool IsWrite(LineAnswer answer, int asked) =>
        answer.Error == NoRoom || (answer.Error is null && answer.Return > 0 && answer.Return <= asked);

    private static bool IsRead(LineAnswer answer, long waiting, int asked) =>
        waiting == 0 ? answer.Error == NoRoom : answer.Return == Math.Min(waiting, asked);
}
