namespace LibKqueueSharp.Conformance.Replay;

/// <summary>How soon TCP acknowledges.</summary>
internal sealed class AcknowledgementRule : ComparisonRule
{
    private readonly HashSet<string> _connections = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unacknowledged = new(StringComparer.Ordinal);
    private readonly HashSet<string> _early = new(StringComparer.Ordinal);

    public override string Name => "tcp-acknowledgements";

    public override string Reason =>
        "A TCP send buffer is empty only when the other side has acknowledged, which it may put off for a tenth of a second. "
        + "After a write, the EMPTY event of a TCP socket may come at once or later; a UNIX socket's must come when it was read.";

    internal override bool AllowsMissing(LinePair line, EventAnswer expected) =>
        IsEmptyEvent(expected) && (_early.Remove(expected.Ident) || _unacknowledged.Contains(expected.Ident));

    internal override bool AllowsExtra(LinePair line, EventAnswer answered) =>
        IsEmptyEvent(answered) && _unacknowledged.Contains(answered.Ident) && _early.Add(answered.Ident);

    internal override void Observe(LinePair line)
    {
        string name = line.Command.Arguments[0];
        if (line.Command.Verb is "connect" or "accept")
            _connections.Add(name);
        else if (line.Command.Verb is "write" or "fill" or "oob" && _connections.Contains(name))
            _unacknowledged.Add(name);
        foreach (EventAnswer e in line.Answered.Events ?? [])
        {
            if (IsEmptyEvent(e))
                _unacknowledged.Remove(e.Ident);
        }
    }

    private static bool IsEmptyEvent(EventAnswer e) => e.Filter == "EVFILT_EMPTY" && !e.Flags.Contains("EV_ERROR");
}
