namespace LibKqueueSharp.Conformance.Replay;

/// <summary>How often a timer expired.</summary>
internal sealed class TimerCountRule(TraceSystem system) : ComparisonRule
{
    private readonly Dictionary<(string Queue, string Ident), ScriptTimer> _timers = [];
    private long _delay;

    public override string Name => "timer-counts";

    public override string Reason =>
        "Real time passes differently on every machine: a count is at least one, and at most what the time since EV_ADD "
        + "allows. When the machine stood still long enough for one more expiration, an event may come a line early.";

    internal override bool AllowsData(LinePair line, EventAnswer expected, EventAnswer answered) =>
        Find(line, answered) is { } timer && timer.Allows(answered, line.Played.Ended);

    internal override bool AllowsExtra(LinePair line, EventAnswer answered)
    {
        if (Find(line, answered) is not { } timer || !timer.Allows(answered, line.Played.Ended))
            return false;
        long withoutDelay = line.Played.Ended - (_delay + Delay.Of(line.Played) - timer.DelayBefore);
        if (timer.Expirations(line.Played.Ended) <= timer.Expirations(withoutDelay))
            return false;
        timer.Early++;
        return true;
    }

    internal override bool AllowsMissing(LinePair line, EventAnswer expected)
    {
        if (Find(line, expected) is not { Early: > 0 } timer)
            return false;
        timer.Early--;
        return true;
    }

    internal override void Observe(LinePair line)
    {
        ScenarioCommand command = line.Command;
        if (command.Verb is "add" or "queue" && command.Arguments[1] == "timer" && line.Answered.Result is null or 0)
            Register(command, line.Played.Began);
        foreach (EventAnswer e in line.Answered.Events ?? [])
            Find(line, e)?.Deliver(e);
        _delay += Delay.Of(line.Played);
    }

    private ScriptTimer? Find(LinePair line, EventAnswer e) =>
        e.Filter == "EVFILT_TIMER" ? _timers.GetValueOrDefault((line.Command.Arguments[0], e.Ident)) : null;

    private void Register(ScenarioCommand command, long began)
    {
        (string, string) key = (command.Arguments[0], command.Arguments[2]);
        if (!FlagNames.TryParse(command.Arguments[3], out EventFlags flags, out _))
            return;
        if ((flags & EventFlags.Delete) != 0)
            _timers.Remove(key);
        if ((flags & EventFlags.Add) == 0)
            return;
        ScriptTimer timer = ScriptTimer.Read(command, flags, began, _delay);
        _timers[key] = !system.Dialect.TimerAddRestarts && _timers.TryGetValue(key, out ScriptTimer? running)
            ? running.WithPeriodOf(timer)
            : timer;
    }
}
