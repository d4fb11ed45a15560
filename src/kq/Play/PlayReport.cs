using System.Globalization;
using LibKqueueSharp.Conformance.Replay;
using Spectre.Console;

namespace LibKqueueSharp.Kq.Play;

/// <summary>Writes a line a scenario, what is different in those that failed, and the sums.</summary>
/// <param name="console">Where it is written.</param>
internal sealed class PlayReport(IAnsiConsole console)
{
    private static readonly Style s_heading = new(decoration: Decoration.Bold);
    private static readonly Style s_dim = new(Color.Grey);
    private static readonly Style s_good = new(Color.Lime);
    private static readonly Style s_odd = new(Color.Yellow);
    private static readonly Style s_bad = new(Color.Red, decoration: Decoration.Bold);

    private readonly SortedDictionary<string, (string Reason, int Count)> _deviations = new(StringComparer.Ordinal);
    private bool _isVerbose;
    private int _passed;
    private int _failed;
    private int _skipped;

    /// <summary>True when something failed.</summary>
    public bool HasFailures => _failed > 0;

    /// <summary>Before the first scenario.</summary>
    /// <param name="options">What was asked for.</param>
    public void Begin(PlayOptions options)
    {
        KqueueCapabilities capabilities = options.Backend.Capabilities;
        _isVerbose = options.Verbose;
        Say($"The {capabilities.Backend} backend on {capabilities.System}, behaving as {options.System.Dialect}, compared with {options.System.Name}", s_heading);
    }

    /// <summary>After a scenario.</summary>
    /// <param name="result">How it went.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="catalog">The deviations of the backend.</param>
    public void Add(ScenarioResult result, TimeSpan elapsed, DeviationCatalog catalog)
    {
        (string word, Style style) = Count(result.Outcome);
        Paragraph line = new();
        line.Append($"{word,-10}", style).Append(result.Scenario);
        if (result.Outcome == ScenarioOutcome.Deviation)
            line.Append(": " + string.Join(", ", result.Deviations), s_odd);
        if (result.Outcome == ScenarioOutcome.Skipped && result.Remarks.Count > 0)
            line.Append(": " + result.Remarks[0], s_dim);
        if (_isVerbose)
            line.Append(string.Create(CultureInfo.InvariantCulture, $"  {elapsed.TotalSeconds:0.00} s"), s_dim);
        console.Write(line.Append("\n"));

        foreach (LineDifference difference in result.Differences)
            Show(difference);
        bool wantsRemarks = result.Outcome == ScenarioOutcome.Failed || (_isVerbose && result.Outcome != ScenarioOutcome.Skipped);
        foreach (string remark in wantsRemarks ? result.Remarks : [])
            Say($"            {remark}", s_dim);
        foreach (Deviation deviation in catalog.Deviations.Where(d => result.Deviations.Contains(d.Name)))
            _deviations[deviation.Name] = (deviation.Reason, _deviations.GetValueOrDefault(deviation.Name).Count + 1);
    }

    /// <summary>After the last scenario.</summary>
    public void End()
    {
        if (_deviations.Count > 0)
            Say("Deviations", s_heading);
        foreach ((string name, (string reason, int count)) in _deviations)
            Say($"  {name} ({count}): {reason}");
        Say($"{_passed} passed, {_failed} failed, {_skipped} skipped", _failed == 0 ? s_good : s_bad);
    }

    private (string Word, Style Style) Count(ScenarioOutcome outcome)
    {
        switch (outcome)
        {
            case ScenarioOutcome.Passed:
                _passed++;
                return ("passed", s_good);
            case ScenarioOutcome.Deviation:
                _passed++;
                return ("deviation", s_odd);
            case ScenarioOutcome.Skipped:
                _skipped++;
                return ("skipped", s_dim);
            default:
                _failed++;
                return ("FAILED", s_bad);
        }
    }

    private void Show(LineDifference difference)
    {
        Say($"  line {difference.Line}: {difference.Command}");
        console.Write(new Paragraph()
            .Append("    expected  ", s_dim).Append($"{difference.Expected}\n", s_good)
            .Append("    answered  ", s_dim).Append($"{difference.Answered}\n", s_bad)
            .Append($"    {difference.Problem}\n", s_dim));
    }

    private void Say(string text, Style? style = null) => console.Write(new Paragraph(text + "\n", style));
}
