namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Decides how a playing went, named deviations included.</summary>
/// <param name="system">The recorded system.</param>
/// <param name="catalog">The deviations of the backend.</param>
public sealed class ScenarioJudge(TraceSystem system, DeviationCatalog catalog)
{
    private readonly TraceComparer _comparer = new(system);

    /// <summary>Judges one playing.</summary>
    /// <param name="playback">What the backend answered.</param>
    /// <param name="trace">What the system answered.</param>
    public ScenarioResult Judge(Playback playback, Trace trace)
    {
        Comparison plain = _comparer.Compare(playback, trace);
        (Deviation Deviation, DeviationCase Case)[] cases = [.. catalog.Find(playback.Scenario, system)];
        if (cases.Length == 0)
            return Result(playback, plain, plain.Differences, []);

        Dictionary<int, LineAnswer> answers = [];
        List<LineDifference> gone = [];
        foreach ((Deviation deviation, DeviationCase @case) in cases)
        {
            foreach ((int line, LineAnswer answer) in @case.Answers)
            {
                answers.Add(line, answer);
                if (plain.Differences.All(d => d.Line != line))
                    gone.Add(Gone(deviation, line, answer, playback, plain));
            }
        }

        Comparison adjusted = _comparer.Compare(playback, trace.With(answers));
        return Result(playback, adjusted, [.. adjusted.Differences, .. gone], [.. cases.Select(c => c.Deviation.Name).Distinct()]);
    }

    private ScenarioResult Result(Playback playback, Comparison comparison, IReadOnlyList<LineDifference> differences, IReadOnlyList<string> deviations)
    {
        ScenarioOutcome outcome = differences.Count > 0 ? ScenarioOutcome.Failed
            : comparison.LastLine == 0 || comparison.LackedByHost is not null ? ScenarioOutcome.Skipped
            : deviations.Count > 0 ? ScenarioOutcome.Deviation
            : ScenarioOutcome.Passed;
        IReadOnlyList<string> remarks = comparison.LackedByHost is { } lacked ? [lacked, .. comparison.Remarks.Where(r => r != lacked)] : comparison.Remarks;
        return new(playback.Scenario.Name, system.Name, system.Dialect.Name, outcome, differences, deviations, remarks);
    }

    private static LineDifference Gone(Deviation deviation, int line, LineAnswer deviant, Playback playback, Comparison plain)
    {
        PlayedLine? played = playback.Lines.FirstOrDefault(l => l.Command.Line == line);
        string problem = played is null ? $"deviation {deviation.Name} names a line that holds no command"
            : line > plain.LastLine ? $"deviation {deviation.Name} names a line that is not compared"
            : $"deviation {deviation.Name} has disappeared";
        return new(line, played?.Command.Text ?? "", deviant.ToString(), played?.Answer.ToString() ?? "nothing", problem);
    }
}
