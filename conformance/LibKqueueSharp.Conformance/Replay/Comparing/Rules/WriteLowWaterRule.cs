namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Whether a socket's room reaches a low-water mark.</summary>
internal sealed class WriteLowWaterRule(ScriptModel model) : ComparisonRule
{
    private readonly Dictionary<string, bool> _hasMark = new(StringComparer.Ordinal);

    public override string Name => "write-low-water";

    public override string Reason =>
        "Whether the room of a socket reaches a NOTE_LOWAT mark depends on the size of its buffer. Pipes ignore the mark; "
        + "their events are compared.";

    internal override bool AllowsMissing(LinePair line, EventAnswer expected) => IsUncertain(expected);

    internal override bool AllowsExtra(LinePair line, EventAnswer answered) => IsUncertain(answered);

    internal override void Observe(LinePair line)
    {
        ScenarioCommand command = line.Command;
        if (command.Verb is not ("add" or "queue") || command.Arguments[1] != "write")
            return;
        _hasMark[command.Arguments[2]] = command.Options.TryGetValue("fflags", out string? notes)
            && notes.Split('|').Contains("NOTE_LOWAT");
    }

    private bool IsUncertain(EventAnswer e) =>
        e.Filter == "EVFILT_WRITE" && !e.Flags.Contains("EV_EOF") && !e.Flags.Contains("EV_ERROR")
        && _hasMark.GetValueOrDefault(e.Ident)
        && model.Find(e.Ident) is { Kind: EndpointKind.Stream or EndpointKind.Datagram };
}
