namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The order of two events that became active in the same instant.</summary>
internal sealed class SameInstantRule(ScriptModel model) : ComparisonRule
{
    private static readonly string[] s_attributes = ["EV_CLEAR", "EV_ONESHOT", "EV_DISPATCH"];

    private readonly Dictionary<string, LinePair> _lastCall = new(StringComparer.Ordinal);
    private readonly List<LinePair> _lines = [];

    public override string Name => "same-instant";

    public override string Reason =>
        "Events come in the order in which they became active. When one line of the script makes two active at once, "
        + "either may be the first; a level-triggered pair then keeps that order in later calls.";

    internal override bool AllowsOrder(LinePair line, EventAnswer earlier, EventAnswer later)
    {
        string queue = line.Command.Arguments[0];
        LinePair? lastCall = _lastCall.GetValueOrDefault(queue);
        int earlierPlace = PlaceInLastCall(lastCall, earlier);
        int laterPlace = PlaceInLastCall(lastCall, later);
        if (earlierPlace >= 0 && laterPlace >= 0)
            return laterPlace < earlierPlace;
        if (earlierPlace >= 0 || laterPlace >= 0)
            return false;

        int since = lastCall?.Command.Line ?? 0;
        int earlierLine = ActivationLine(queue, since, earlier);
        return earlierLine > 0 && earlierLine == ActivationLine(queue, since, later);
    }

    internal override void Observe(LinePair line)
    {
        _lines.Add(line);
        if (line.Command.Verb == "kevent")
            _lastCall[line.Command.Arguments[0]] = line;
    }

    /// <summary>The place that a level-triggered event took at the end of the queue when it was delivered last.</summary>
    private static int PlaceInLastCall(LinePair? call, EventAnswer e)
    {
        if (call?.Answered.Events is not { } events || e.Flags.Overlaps(s_attributes))
            return -1;
        for (int i = 0; i < events.Count; i++)
        {
            if (events[i].IsSameRegistration(e) && !events[i].Flags.Contains("EV_ERROR"))
                return i;
        }

        return -1;
    }

    private int ActivationLine(string queue, int since, EventAnswer e)
    {
        foreach (LinePair line in _lines)
        {
            ScenarioCommand command = line.Command;
            if (command.Line <= since)
                continue;
            if (command.Verb is "add" or "queue" ? Registers(command, queue, e) : model.Touches(command, e.Ident))
                return command.Line;
        }

        return 0;
    }

    private static bool Registers(ScenarioCommand command, string queue, EventAnswer e) =>
        command.Arguments[0] == queue && command.Arguments[2] == e.Ident
        && FilterNames.TryParse(command.Arguments[1], out EventFilter filter) && FilterNames.Format(filter) == e.Filter;
}
