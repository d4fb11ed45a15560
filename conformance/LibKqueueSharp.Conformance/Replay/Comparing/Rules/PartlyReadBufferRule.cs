namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Whether a buffer that was full has room again.</summary>
internal sealed class PartlyReadBufferRule(ScriptModel model) : ComparisonRule
{
    public override string Name => "partly-read-buffer";

    public override string Reason =>
        "After a buffer was filled, how much must be read before it can be written again depends on its size and on how the "
        + "system cuts it up. A WRITE event is certain only when all was read; that none comes while the buffer is full is compared.";

    internal override bool AllowsMissing(LinePair line, EventAnswer expected) => IsUncertain(expected);

    internal override bool AllowsExtra(LinePair line, EventAnswer answered) => IsUncertain(answered);

    private bool IsUncertain(EventAnswer e) =>
        e.Filter == "EVFILT_WRITE" && !e.Flags.Contains("EV_EOF") && !e.Flags.Contains("EV_ERROR")
        && model.Find(e.Ident) is { Kind: EndpointKind.Pipe or EndpointKind.Stream, WasFilled: true, WasReadSinceFilled: true };
}
