namespace LibKqueueSharp.Conformance.Replay;

/// <summary>How soon connect(2) returns.</summary>
internal sealed class ConnectRule : ComparisonRule
{
    public override string Name => "connect-in-progress";

    public override string Reason =>
        "A non-blocking connect on the loopback may be done at once (0) or not yet (EINPROGRESS); before the next line it is done.";

    internal override bool AllowsAnswer(LinePair line) =>
        line.Command.Verb == "connect" && IsUnderWay(line.Expected) && IsUnderWay(line.Answered);

    private static bool IsUnderWay(LineAnswer answer) => answer.Return == 0 || answer.Error == nameof(Errno.EINPROGRESS);
}
