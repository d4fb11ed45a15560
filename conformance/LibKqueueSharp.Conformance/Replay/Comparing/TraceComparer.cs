namespace LibKqueueSharp.Conformance.Replay;

/// <summary>
/// Compares what a backend answered with what a real kernel was recorded to answer: everything, except what a
/// <see cref="ComparisonRule"/> allows. An object may be used again; it holds no state between comparisons.
/// </summary>
/// <param name="system">The recorded system.</param>
public sealed class TraceComparer(TraceSystem system)
{
    // All other commands change what later lines answer.
    private static readonly string[] s_harmless = ["sleep", "peek"];

    /// <summary>The rules of one comparison, also for people who want to read their reasons.</summary>
    /// <param name="system">The recorded system.</param>
    public static IReadOnlyList<ComparisonRule> RulesFor(TraceSystem system) => Rules(system, new ScriptModel());

    /// <summary>
    /// Compares line by line. A line that either side did not play is a remark; what follows it is not compared, because
    /// the two systems are no longer in the same state.
    /// </summary>
    /// <param name="playback">What the backend answered.</param>
    /// <param name="trace">What the recorded system answered.</param>
    public Comparison Compare(Playback playback, Trace trace)
    {
        ScriptModel model = new();
        LineComparer lines = new(Rules(system, model));
        List<LineDifference> differences = [];
        List<string> remarks = [];
        int lastLine = 0;
        string? lacked = null;
        foreach (PlayedLine played in playback.Lines)
        {
            LineAnswer? expected = trace.Find(played.Command.Line)?.Answer;
            string? skip = expected is null ? "the trace does not have it" : expected.Skip ?? played.Answer.Skip;
            if (skip is not null)
            {
                bool isLast = !s_harmless.Contains(played.Command.Verb);
                remarks.Add($"line {played.Command.Line} ({played.Command}) is not compared{(isLast ? ", nor is what follows" : "")}: {skip}");
                if (!isLast)
                    continue;
                if (expected is { Skip: null })
                    lacked = remarks[^1];
                break;
            }

            LinePair line = new(played, expected!);
            if (lines.Compare(line) is { } problem)
            {
                differences.Add(new(played.Command.Line, played.Command.Text, expected!.ToString(), played.Answer.ToString(), problem));
            }

            lines.Observe(line);
            model.Observe(line);
            lastLine = played.Command.Line;
        }

        return new(differences, remarks, lastLine, lacked);
    }

    private static ComparisonRule[] Rules(TraceSystem system, ScriptModel model) =>
    [
        new BufferSizeRule(model),
        new PartlyReadBufferRule(model),
        new WriteLowWaterRule(model),
        new DatagramAddressRule(model),
        new DirectorySizeRule(model),
        new ConnectRule(),
        new AcknowledgementRule(),
        new EchoedActionsRule(system),
        new SameInstantRule(model),
        new TimerCountRule(system),
    ];
}
