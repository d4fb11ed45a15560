using LibKqueueSharp.Conformance.Clauses;
using LibKqueueSharp.Conformance.Reports;
using Spectre.Console;

namespace LibKqueueSharp.Kq.Clauses;

/// <summary>A line a result, with the calls that led to a failure, and the sums.</summary>
/// <param name="console">Where it is written.</param>
internal sealed class ResultLines(IAnsiConsole console)
{
    private static readonly Style s_heading = new(decoration: Decoration.Bold);

    /// <summary>Before the first result.</summary>
    /// <param name="capabilities">What the backend says of itself.</param>
    public void Begin(KqueueCapabilities capabilities) =>
        console.Write(new Paragraph($"The {capabilities.Backend} backend on {capabilities.System}\n", s_heading));

    /// <summary>A result.</summary>
    /// <param name="result">It.</param>
    public void Write(ClauseResult result)
    {
        string[] reason = result.Reason.ReplaceLineEndings("\n").Split('\n');
        Paragraph line = new Paragraph()
            .Append($"{OutcomeNames.Of(result.Outcome),-14} ", OutcomeStyles.Of(result.Outcome))
            .Append($"{result.Dialect,-7} {result.Clause.Id}")
            .Append(reason[0].Length == 0 ? "\n" : $": {reason[0]}\n", OutcomeStyles.Dim);
        if (result.Outcome == ClauseOutcome.Failed)
            line.Append($"  {result.Clause.Statement}\n").Append(string.Concat(reason.Skip(1).Select(r => $"    {r}\n")), OutcomeStyles.Dim);
        console.Write(line);
    }

    /// <summary>After the last result.</summary>
    /// <param name="counts">The sums.</param>
    public void End(OutcomeCounts counts) =>
        console.Write(new Paragraph($"{counts}\n", OutcomeStyles.Of(counts.Failed == 0 ? ClauseOutcome.Passed : ClauseOutcome.Failed)));
}
