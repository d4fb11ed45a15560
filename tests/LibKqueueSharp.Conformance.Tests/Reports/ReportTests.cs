using System.Runtime.Versioning;
using System.Text.Json;
using LibKqueueSharp.Conformance.Clauses;
using LibKqueueSharp.Conformance.Reports;

namespace LibKqueueSharp.Conformance.Tests.Reports;

/// <summary>Reports tell each result with its reason, and text that looks like markup stays text.</summary>
[Platform(Exclude = "Win"), UnsupportedOSPlatform("windows")]
public sealed class ReportTests
{
    private const string Odd = "a < b | *c* & \"d\"";

    private static readonly Clause s_holds = new("X-001", "It holds.", "a test", t => t.Add(1, EventFilter.User, EventFlags.Clear));
    private static readonly Clause s_fails = new("X-002", "It fails.", "a test", t => t.Check(false, Odd));
    private static readonly Clause s_deviates = new("X-003", "It deviates.", "a test", t => t.Check(false, "it is so"));
    private static readonly Clause s_elsewhere = new("X-004", "It is elsewhere.", "a test", ClauseDialects.OpenBsd, _ => { });
    private static readonly Clause s_unseen = Clause.NotObservable("X-005", "It is unseen.", "nobody sees it");
    private static readonly Clause s_lacking = new("X-006", "It is lacking.", "a test", t => t.NotApplicable("the system has none"));

    private readonly ConformanceReport _report = Report(s_holds, s_fails, s_deviates, s_elsewhere, s_unseen, s_lacking);

    [Test]
    public void DeliberatelyFailingClauseFailsTheReport()
    {
        Assert.That(_report.HasFailures);
        Assert.That(_report.Counts, Is.EqualTo(new OutcomeCounts(Passed: 1, Failed: 1, Deviation: 1, NotApplicable: 2, NotObservable: 1)));
        Assert.That(_report.Counts.ToString(), Is.EqualTo("2 passed, 1 failed, 3 skipped"));
        Assert.That(Report(s_holds, s_deviates, s_elsewhere, s_unseen).HasFailures, Is.False);
    }

    [Test]
    public void JsonTellsEachResult()
    {
        JsonElement root = JsonDocument.Parse(Text(_report.WriteJson)).RootElement;
        Assert.That(root.GetProperty("counts").GetProperty("notApplicable").GetInt32(), Is.EqualTo(2));
        Assert.That(
            root.GetProperty("results").EnumerateArray().Select(r => (r.GetProperty("clause").GetString(), r.GetProperty("result").GetString())),
            Is.EqualTo([
                ("X-001", "passed"), ("X-002", "failed"), ("X-003", "deviation"), ("X-004", "not applicable"), ("X-005", "not observable"), ("X-006", "not applicable"),
            ]));
        Assert.That(root.GetProperty("results")[1].GetProperty("reason").GetString(), Does.StartWith(Odd));
        Assert.That(
            root.GetProperty("results")[0].GetProperty("uses").GetProperty("EVFILT_USER").EnumerateArray().Select(name => name.GetString()),
            Is.EqualTo(["EV_ADD", "EV_CLEAR"]));
    }

    [Test]
    public void MarkdownTellsEachResult()
    {
        string text = Text(_report.WriteMarkdown);
        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Contain("| freebsd | 1 | 1 | 1 | 2 | 1 |"), text);
            Assert.That(text, Does.Contain("| X-001 | It holds. | passed |  |"), text);
            Assert.That(text, Does.Contain(@"| X-002 | It fails. | failed | a &lt; b \| \*c\* & ""d"" |"), text);
            Assert.That(text, Does.Contain("```text\n" + Odd), text);
            Assert.That(text, Does.Contain("| X-003 | It deviates. | deviation | the system cannot |"), text);
            Assert.That(text, Does.Contain("| X-005 | It is unseen. | not observable | nobody sees it |"), text);
        });
    }

    [Test]
    public void HtmlIsOnePageOfItsOwn()
    {
        string text = Text(_report.WriteHtml);
        Assert.Multiple(() =>
        {
            Assert.That(text, Does.StartWith("<!DOCTYPE html>").And.EndWith("</html>\n"), text);
            Assert.That(text, Does.Contain("<td class=\"failed\">failed</td><td>a &lt; b | *c* &amp; &quot;d&quot;<details>"), text);
            Assert.That(text, Does.Contain("<td class=\"deviation\">deviation</td><td>the system cannot</td>"), text);
            Assert.That(text, Does.Not.Contain("<script").And.Not.Contain("src=").And.Not.Contain("href="), text);
        });
    }

    [Test]
    public void MatrixCountsByFilterFlagAndDialect()
    {
        ConformanceReport report = new(new FakeBackend().Capabilities, [.. Run(Dialect.FreeBsd, s_holds), .. Run(Dialect.NetBsd, s_holds, s_lacking)]);
        string text = Matrix(report);
        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Contain("## The fake backend"), text);
            Assert.That(text, Does.Contain("| EVFILT_USER | freebsd | netbsd |\n|---|---|---|\n| EV_ADD | 1 | - |\n| EV_CLEAR | 1 | - |\n"), text);
            Assert.That(text, Does.Contain("Not served: none."), text);
        });
    }

    [Test]
    public void MatrixTellsFailuresDeviationsAndWhatIsLeftOut()
    {
        string text = Matrix(_report);
        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Contain("| all | 6 | 1 | 1, 1 failed, 1 deviates |"), text);
            Assert.That(text, Does.Contain("### Failures\n\n| clause | dialect | what was found |\n|---|---|---|\n| X-002 | all |"), text);
            Assert.That(text, Does.Contain("| X-003 | all | the system cannot |"), text);
            Assert.That(text, Does.Contain("### Not applicable here\n\n| clause | dialect | why |\n|---|---|---|\n| X-006 | all | the system has none |\n\n###"), text);
            Assert.That(text, Does.Contain("| X-005 | all | nobody sees it |"), text);
        });
    }

    [Test]
    public void MatrixTellsNothingOfTheMachine()
    {
        string text = Matrix(_report);
        Assert.That(text, Does.Not.Contain(_report.Capabilities.System), text);
        Assert.That(Matrix(Report(s_holds, s_fails, s_deviates, s_elsewhere, s_unseen, s_lacking)), Is.EqualTo(text));
    }

    private static ConformanceReport Report(params Clause[] clauses) => new(
        new FakeBackend().Capabilities with { System = "Machine 1.2.3" },
        Run(Dialect.FreeBsd, clauses));

    private static IEnumerable<ClauseResult> Run(Dialect dialect, params Clause[] clauses)
    {
        ClauseDeviation deviation = new([s_deviates.Id], [], "it is so", "the system cannot");
        ClauseSuite suite = new(new FakeBackend(), () => new PosixHost()) { Deviations = new([deviation]) };
        return clauses.Select(clause => suite.Run(clause, dialect));
    }

    private static string Matrix(ConformanceReport report) => Text(output => ConformanceReport.WriteMatrix(output, report));

    private static string Text(Action<TextWriter> write)
    {
        using StringWriter output = new();
        write(output);
        return output.ToString();
    }
}
