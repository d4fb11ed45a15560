using System.Text.Json;
using LibKqueueSharp.Conformance.Clauses;
using LibKqueueSharp.Kq.Clauses;
using Spectre.Console;

namespace LibKqueueSharp.Kq.Tests;

[Platform("Linux,Unix,MacOsX")]
public sealed class ConformanceTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("kq-conformance-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ClausesPass()
    {
        KqResult result = KqProcess.Run("conformance", "--match", "^CORE-CLR-00[12]$");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Lines, Has.Length.EqualTo(4), result.ToString());
        Assert.That(result.Lines[0], Does.StartWith($"The {Kqueue.DefaultBackend.Name} backend on "), result.ToString());
        Assert.That(result.Output, Does.Match("(?m)^passed +freebsd CORE-CLR-001$"), result.ToString());
        Assert.That(result.LastLine, Is.EqualTo("2 passed, 0 failed, 0 skipped"), result.ToString());
        Assert.That(result.Output, Does.Not.Contain('\u001b'), result.ToString());
    }

    [Test]
    public void QueueWithoutAFreeDescriptorIsRefusedInAProcessThatMayDie()
    {
        string[] command = ["conformance", "--dialect", "all", "--match", "^KQ-NEW-004$", "--exhaust"];
        KqResult result = KqProcess.Run(command);
        for (int again = 0; again < 9 && result.Error.Contains("Out of memory.", StringComparison.Ordinal); again++)
            result = KqProcess.Run(command);
        Assert.That(result.LastLine, Is.EqualTo("4 passed, 0 failed, 0 skipped"), result.ToString());
        Assert.That(KqProcess.Run("conformance", "--match", "^KQ-NEW-004$").LastLine, Is.EqualTo("0 passed, 0 failed, 1 skipped"));
    }

    [Test]
    public void SkippedClauseIsShownWithItsReason()
    {
        Clause unseen = ClauseCatalog.All.First(c => !c.IsObservable);
        KqResult result = KqProcess.Run("conformance", "--backend", Kqueue.DefaultBackend.Name, "--match", $"^{unseen.Id}$");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Does.Contain($"{unseen.Id}: {unseen.WhyNotObservable}"), result.ToString());
        Assert.That(result.LastLine, Is.EqualTo("0 passed, 0 failed, 1 skipped"), result.ToString());
    }

    [Test]
    public void DeviationCountsAsPassedAndTellsItsReason()
    {
        ClauseDeviation deviation = ClauseDeviations.Load(Path.Combine(AppContext.BaseDirectory, "deviations"), Kqueue.DefaultBackend.Name).All[0];
        string dialect = deviation.Dialects.Count == 0 ? Dialect.FreeBsd.Name : deviation.Dialects[0];
        KqResult result = KqProcess.Run("conformance", "--dialect", dialect, "--match", $"^{deviation.Clauses[0]}$");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Does.Match($"(?m)^deviation +{dialect} +{deviation.Clauses[0]}: "), result.ToString());
        Assert.That(result.Output, Does.Contain(deviation.Reason), result.ToString());
        Assert.That(result.LastLine, Is.EqualTo("1 passed, 0 failed, 0 skipped"), result.ToString());
    }

    [Test]
    public void AllDialectsAreCheckedInOneRun()
    {
        KqResult result = KqProcess.Run("conformance", "--dialect", "all", "--match", "^CORE-CLR-001$");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        foreach (Dialect dialect in Dialect.All)
            Assert.That(result.Output, Does.Match($"(?m)^passed +{dialect.Name} +CORE-CLR-001$"), result.ToString());
        Assert.That(result.LastLine, Is.EqualTo("4 passed, 0 failed, 0 skipped"), result.ToString());
    }

    [Test]
    public void ReportsAreWritten()
    {
        string json = In("r.json"), markdown = In("r.md"), html = In("r.html"), matrix = In("m.md");
        KqResult result = KqProcess.Run(
            "conformance", "--match", "^CORE-CLR-001$", "--json", json, "--markdown", markdown, "--html", html, "--matrix", matrix);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        JsonElement root = JsonDocument.Parse(File.ReadAllText(json)).RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(root.GetProperty("backend").GetString(), Is.EqualTo(Kqueue.DefaultBackend.Name));
            Assert.That(root.GetProperty("results").EnumerateArray().Single().GetProperty("result").GetString(), Is.EqualTo("passed"));
            Assert.That(File.ReadAllText(markdown), Does.Contain("| CORE-CLR-001 | "));
            Assert.That(File.ReadAllText(html), Does.Contain("<td class=\"passed\">passed</td>"));
            Assert.That(File.ReadAllText(matrix), Does.Contain("| EV_CLEAR | 1 |"));
        });
    }

    [Test]
    public void BackendOfAnAssemblyIsChecked()
    {
        string path = BackendAssembly.Compile(In("Own.dll"), BackendAssembly.Class("Own"));
        KqResult result = KqProcess.Run("conformance", "--backend", path, "--match", "^CORE-CLR-00[12]$");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Lines[0], Does.StartWith("The own backend on "), result.ToString());
        Assert.That(result.LastLine, Is.EqualTo("2 passed, 0 failed, 0 skipped"), result.ToString());
    }

    [Test]
    public void BackendThatIsWrongFails()
    {
        string path = BackendAssembly.Compile(In("Wrong.dll"), BackendAssembly.WithoutClear);
        string json = In("r.json");
        KqResult result = KqProcess.Run("conformance", "--backend", path, "--match", "^CORE-CLR-001$", "--json", json);
        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Output, Does.Match("(?m)^failed +freebsd CORE-CLR-001: "), result.ToString());
        Assert.That(result.Output, Does.Contain("    queue 0: kevent("), result.ToString());
        Assert.That(result.LastLine, Is.EqualTo("0 passed, 1 failed, 0 skipped"), result.ToString());
        JsonElement root = JsonDocument.Parse(File.ReadAllText(json)).RootElement;
        Assert.That(root.GetProperty("counts").GetProperty("failed").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public void DeviationsOfAnAssemblyLieBesideIt()
    {
        string path = BackendAssembly.Compile(In("Wrong.dll"), BackendAssembly.WithoutClear);
        Directory.CreateDirectory(In("deviations"));
        File.WriteAllText(In(Path.Combine("deviations", "clauses.own.json")), """
            { "deviations": [{ "clauses": ["CORE-CLR-001"], "shows": "one event was to come", "reason": "it knows no edge" }] }
            """);
        KqResult result = KqProcess.Run("conformance", "--backend", path, "--match", "^CORE-CLR-001$");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Does.Match("(?m)^deviation +freebsd CORE-CLR-001: it knows no edge$"), result.ToString());
    }

    [Test]
    public void AssemblyMustHaveOneBackendThatCanBeCreated()
    {
        string[] wrong =
        [
            BackendAssembly.Compile(In("None.dll"), "public sealed class None;"),
            BackendAssembly.Compile(In("Two.dll"), BackendAssembly.Class("One") + BackendAssembly.Class("Two")),
            BackendAssembly.Compile(In("Thrower.dll"), BackendAssembly.Class("Thrower", """public Thrower() => throw new Exception("not here");""")),
            BackendAssembly.Compile(In("Demanding.dll"), BackendAssembly.Class("Demanding", "public Demanding(int number) { }")),
            In("Text.dll"),
        ];
        File.WriteAllText(In("Text.dll"), "this is no assembly");
        string[] words = ["has none", "has One, Two", "not here", "has none", "cannot be loaded"];
        Assert.Multiple(() =>
        {
            foreach ((string path, string word) in wrong.Zip(words))
            {
                KqResult result = KqProcess.Run("conformance", "--backend", path);
                Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
                Assert.That(result.Error, Does.Contain(word), result.ToString());
            }
        });
    }

    [Test]
    public void TerminalShowsSumsThenResults()
    {
        using StringWriter text = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = 120;
        (KqueueBackend backend, ClauseSuite suite) = ClauseSuites.Open(new BackendChoice(), exhausts: false);
        Clause[] clauses = [ClauseCatalog.Find("CORE-CLR-001")!, ClauseCatalog.Find("CORE-CLR-002")!];
        int code = new ConformanceRun(console).Check(new(backend.Capabilities, suite, [Dialect.FreeBsd], clauses, []));
        Assert.That(code, Is.Zero, text.ToString());
        Assert.That(text.ToString(), Does.Match(@"3\.6 EV_CLEAR +.*1[\s\S]*1 of 2: CORE-CLR-001[\s\S]*3\.6 EV_CLEAR +.*2[\s\S]*2 of 2: CORE-CLR-002[\s\S]*passed +freebsd CORE-CLR-001"), text.ToString());
    }

    private string In(string name) => Path.Combine(_folder, name);
}
