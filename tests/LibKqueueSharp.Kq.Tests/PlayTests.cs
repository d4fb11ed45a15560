using LibKqueueSharp.Conformance.Replay;
using LibKqueueSharp.Kq.Play;

namespace LibKqueueSharp.Kq.Tests;

[Platform("Linux,Unix,MacOsX")]
public sealed class PlayTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("kq-play-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShippedScenarioPasses()
    {
        KqResult result = KqProcess.Run("play", "--match", "^oneshot$");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.LastLine, Is.EqualTo("1 passed, 0 failed, 0 skipped"), result.ToString());
        Assert.That(result.Output, Does.Contain("behaving as freebsd, compared with freebsd13"), result.ToString());
    }

    [TestCase("netbsd", "netbsd")]
    [TestCase("openbsd", "openbsd51")]
    public void DialectChoosesItsSystem(string dialect, string system)
    {
        KqResult result = KqProcess.Run("play", "--match", "^oneshot$", "--dialect", dialect);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Does.Contain($"behaving as {dialect}, compared with {system}"), result.ToString());
    }

    [Test]
    public void DoctoredTraceIsAFailureThatIsShown()
    {
        string scenario = Copy("oneshot");
        Doctor("oneshot.freebsd13.trace", "\"data\":5,\"udata\":10", "\"data\":6,\"udata\":10");

        KqResult result = KqProcess.Run("play", scenario);
        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.LastLine, Is.EqualTo("0 passed, 1 failed, 0 skipped"), result.ToString());
        Assert.Multiple(() =>
        {
            Assert.That(result.Output, Does.Contain("line 10: kevent k max=8 timeout=0"), result.ToString());
            Assert.That(result.Output, Does.Match("expected .*data=6 udata=10"), result.ToString());
            Assert.That(result.Output, Does.Match("answered .*data=5 udata=10"), result.ToString());
            Assert.That(result.Output, Does.Not.Contain("line 5:"), result.ToString());
        });
    }

    [Test]
    public void FolderIsPlayedWhole()
    {
        Copy("oneshot");
        Copy("pipe_eof_no_data");
        KqResult result = KqProcess.Run("play", _folder);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.LastLine, Is.EqualTo("2 passed, 0 failed, 0 skipped"), result.ToString());
    }

    [Test]
    public void FileIsPlayedAlone()
    {
        string scenario = Copy("oneshot");
        Copy("pipe_eof_no_data");
        KqResult result = KqProcess.Run("play", scenario);
        Assert.That(result.LastLine, Is.EqualTo("1 passed, 0 failed, 0 skipped"), result.ToString());
    }

    [Test]
    public void UnrecordedScenarioIsSkippedWithTheReason()
    {
        KqResult result = KqProcess.Run("play", "--match", "^oneshot$", "--system", "netbsd-ffs");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.LastLine, Is.EqualTo("0 passed, 0 failed, 1 skipped"), result.ToString());
        Assert.That(result.Output, Does.Contain("oneshot: netbsd-ffs was not recorded playing it"), result.ToString());
    }

    [Test]
    public void DeviationsAreNamedWithTheirReason()
    {
        DeviationCatalog catalog = ScenarioSuite.Load().DeviationsOf(Kqueue.DefaultBackend.Name);
        (Deviation deviation, DeviationCase @case) = (
            from d in catalog.Deviations
            from c in d.Cases
            where c.Systems.Count == 0 || c.Systems.Contains("freebsd13")
            select (d, c)).First();

        KqResult result = KqProcess.Run("play", "--match", $"^{@case.Scenario}$");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Does.Match($"deviation +{@case.Scenario}: .*{deviation.Name}"), result.ToString());
        Assert.That(result.Output, Does.Contain(deviation.Reason), result.ToString());
        Assert.That(result.LastLine, Is.EqualTo("1 passed, 0 failed, 0 skipped"), result.ToString());
    }

    [Test]
    public void OnlyLeavesOutWhatNeedsMore()
    {
        KqResult result = KqProcess.Run("play", "--match", "^(oneshot|timer_oneshot|sockpair_write)$", "--only", "pipes,timers");
        Assert.That(result.LastLine, Is.EqualTo("2 passed, 0 failed, 0 skipped"), result.ToString());
        Assert.That(result.Output, Does.Not.Contain("sockpair_write"), result.ToString());
    }

    [Test]
    public void UnservedFilterSkipsTheScenarioWithTheReason()
    {
        string text = Play(unserved: false, out int code);
        Assert.That(code, Is.Zero, text);
        Assert.That(text, Does.Contain("timer_oneshot: the backend partial does not serve EVFILT_TIMER"), text);
        Assert.That(text, Does.EndWith("0 passed, 0 failed, 1 skipped" + Environment.NewLine), text);
    }

    [Test]
    public void UnservedFilterIsPlayedWhenToldTo()
    {
        string text = Play(unserved: true, out int code);
        Assert.That(code, Is.Zero, text);
        Assert.That(text, Does.EndWith("1 passed, 0 failed, 0 skipped" + Environment.NewLine), text);
    }

    [Test]
    public void FolderWithoutScenariosIsWrongUsage()
    {
        KqResult result = KqProcess.Run("play", _folder);
        Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
        Assert.That(result.Error, Does.Contain(_folder), result.ToString());
    }

    [Test]
    public void MisspeltScenarioIsNamedWithItsLine()
    {
        string path = Path.Combine(_folder, "misspelt.scenario");
        File.WriteAllText(path, "kq k\npiep p\n");
        KqResult result = KqProcess.Run("play", path);
        Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
        Assert.That(result.Error, Does.Contain("misspelt: line 2: there is no command 'piep'"), result.ToString());
    }

    private static string Play(bool unserved, out int code)
    {
        using StringWriter text = new();
        ScenarioSuite suite = ScenarioSuite.Load();
        PlayOptions options = new(new PartialBackend(EventFilter.Read), TraceSystem.FreeBsd13, true, null, NeedNames.Any, unserved, false);
        code = new PlayRun(options, new PlayReport(Terminal.Open(text, true, null))).Play([(suite, suite.Find("timer_oneshot")!)]);
        return text.ToString();
    }

    private string Copy(string scenario)
    {
        foreach (string path in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "scenarios"), scenario + ".*"))
            File.Copy(path, Path.Combine(_folder, Path.GetFileName(path)));
        return Path.Combine(_folder, scenario + Scenario.Extension);
    }

    private void Doctor(string file, string original, string doctored)
    {
        string path = Path.Combine(_folder, file);
        string text = File.ReadAllText(path);
        Assert.That(text, Does.Contain(original));
        File.WriteAllText(path, text.Replace(original, doctored, StringComparison.Ordinal));
    }
}
