using LibKqueueSharp.Conformance.Clauses;

namespace LibKqueueSharp.Conformance.Reports;

/// <summary>How clauses went on one backend, under one dialect or several. Immutable.</summary>
public sealed class ConformanceReport
{
    private static readonly ClauseGroup s_others = new("", "Others", []);

    private static readonly Dictionary<string, ClauseGroup> s_groups = (
        from grouped in ClauseCatalog.Groups
        from clause in grouped.Clauses
        select (clause.Id, grouped)).ToDictionary(pair => pair.Id, pair => pair.grouped);

    /// <summary>Creates a report.</summary>
    /// <param name="capabilities">What the backend says of itself.</param>
    /// <param name="results">The results, in any order.</param>
    public ConformanceReport(KqueueCapabilities capabilities, IEnumerable<ClauseResult> results)
    {
        Capabilities = capabilities;
        Results = [.. results];
        Counts = OutcomeCounts.Of(Results);
        Dialects = [.. Results.Select(r => r.Dialect).Distinct()];
    }

    /// <summary>What the backend says of itself.</summary>
    public KqueueCapabilities Capabilities { get; }

    /// <summary>The results.</summary>
    public IReadOnlyList<ClauseResult> Results { get; }

    /// <summary>How many there are of each outcome.</summary>
    public OutcomeCounts Counts { get; }

    /// <summary>The names of the dialects of the results.</summary>
    public IReadOnlyList<string> Dialects { get; }

    /// <summary>True when something failed.</summary>
    public bool HasFailures => Counts.Failed > 0;

    /// <summary>The section that a clause belongs to.</summary>
    /// <param name="clause">The clause.</param>
    public static ClauseGroup SectionOf(Clause clause) => s_groups.GetValueOrDefault(clause.Id, s_others);

    /// <summary>Writes everything as one JSON object.</summary>
    /// <param name="output">Where to.</param>
    public void WriteJson(TextWriter output) => JsonReport.Write(this, output);

    /// <summary>Writes sums, failures, and each clause with its result and reason as Markdown.</summary>
    /// <param name="output">Where to.</param>
    public void WriteMarkdown(TextWriter output) => MarkdownReport.Write(this, output);

    /// <summary>Writes one page of HTML that needs no other file.</summary>
    /// <param name="output">Where to.</param>
    public void WriteHtml(TextWriter output) => HtmlReport.Write(this, output);

    /// <summary>
    /// Writes filter by flag by dialect by backend as Markdown, with the sections, the deviations, and what is not tested. It
    /// tells nothing of the machine and of times: it is the same wherever the results are.
    /// </summary>
    /// <param name="output">Where to.</param>
    /// <param name="reports">A report of each backend.</param>
    public static void WriteMatrix(TextWriter output, params IEnumerable<ConformanceReport> reports) => MatrixReport.Write(reports, output);

    /// <summary>The results by section, in the order of the sections.</summary>
    internal IEnumerable<IGrouping<ClauseGroup, ClauseResult>> Sections => Results.GroupBy(r => SectionOf(r.Clause));
}
