namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Actions that some systems show in events.</summary>
internal sealed class EchoedActionsRule(TraceSystem system) : ComparisonRule
{
    private static readonly string[] s_actions = ["EV_ADD", "EV_DELETE", "EV_ENABLE", "EV_DISABLE"];

    public override string Name => "echoed-actions";

    public override string Reason =>
        "NetBSD and OpenBSD leave the actions of the first EV_ADD in an event's flags (CORE-ADD-022). They tell nothing "
        + "about the event, so they may be absent; one that the recorded system does not show may not be there.";

    internal override bool AllowsFlags(EventAnswer expected, EventAnswer answered) =>
        system.Dialect.EchoActions
        && answered.Flags.IsSubsetOf(expected.Flags)
        && expected.Flags.Except(answered.Flags).All(s_actions.Contains);
}
