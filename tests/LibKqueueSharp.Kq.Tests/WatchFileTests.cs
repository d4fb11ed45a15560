using System.Diagnostics;
using System.Text.Json;

namespace LibKqueueSharp.Kq.Tests;

[Platform("Linux")]
public sealed class WatchFileTests
{
    private DirectoryInfo _directory = null!;

    [SetUp]
    public void Create() => _directory = Directory.CreateTempSubdirectory("kq-watch-");

    [TearDown]
    public void Remove() => _directory.Delete(recursive: true);

    [Test]
    public void FilesAndDirectoriesTellWhatHappens()
    {
        string first = Create("first");
        string second = Create("second");
        using WatchSession watch = new("--file", first, second, "--file", _directory.FullName);

        File.AppendAllText(first, "line\n");
        JsonElement written = watch.TakeNote(first, "NOTE_WRITE");
        Assert.That(written.GetProperty("filter").GetString(), Is.EqualTo("EVFILT_VNODE"), written.ToString());
        Assert.That(WatchSession.Notes(written), Does.Contain("NOTE_EXTEND"), written.ToString());
        Assert.That(written.GetProperty("meaning").GetString(), Does.Contain("written to, longer"), written.ToString());

        File.SetLastWriteTimeUtc(second, DateTime.UnixEpoch);
        watch.TakeNote(second, "NOTE_ATTRIB");
        File.Move(second, second + ".old", overwrite: true);
        bool isEntryChanged = false;
        bool isRenamed = false;
        watch.Take(line =>
        {
            isEntryChanged |= WatchSession.IsOf(line, _directory.FullName)
                && line.GetProperty("meaning").GetString()!.StartsWith("an entry came, went", StringComparison.Ordinal);
            isRenamed |= WatchSession.IsOf(line, second) && WatchSession.Notes(line).Contains("NOTE_RENAME");
            return isEntryChanged && isRenamed;
        });
        File.Delete(second + ".old");
        watch.TakeNote(second, "NOTE_DELETE");
        Assert.That(watch.End(), Is.Empty);
    }

    [Test]
    public void UsesAreToldWhereTheDialectHasThem()
    {
        string path = Create("used");
        using WatchSession watch = new("--file", path);
        File.ReadAllText(path);
        HashSet<string?> seen = [];
        watch.Take(line =>
        {
            seen.UnionWith(WatchSession.Notes(line));
            return seen.IsSupersetOf(["NOTE_OPEN", "NOTE_CLOSE"]);
        });
        Assert.That(watch.End(), Is.Empty);
    }

    [Test]
    public void DialectDecidesWhichNotesThereAre()
    {
        string path = Create("shortened", "a line\n");
        using WatchSession watch = new("--dialect", "openbsd", "--file", path);
        using (FileStream file = File.OpenWrite(path))
            file.SetLength(2);
        JsonElement line = watch.TakeNote(path, "NOTE_TRUNCATE");
        Assert.That(WatchSession.Notes(line), Does.Not.Contain("NOTE_OPEN"), line.ToString());
        Assert.That(watch.End(), Is.Empty);
    }

    [Test]
    public void MissingFileIsRefusedAndTheOthersGoOn()
    {
        string missing = Path.Combine(_directory.FullName, "missing");
        string there = Create("there");
        KqResult result = KqProcess.Run("watch", "--json", "--file", missing, there, "--timer", "10ms", "--count", "1");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Error, Does.Contain($"kq: refused with ENOENT: EVFILT_VNODE of {missing}"), result.ToString());
        Assert.That(result.JsonLines[0].GetProperty("kind").GetString(), Is.EqualTo("refused"), result.ToString());
        Assert.That(result.JsonLines[0].TryGetProperty("ident", out _), Is.False, result.ToString());
        Assert.That(result.JsonLines[1].GetProperty("kind").GetString(), Is.EqualTo("event"), result.ToString());
    }

    [Test]
    public void NothingButRefusalsEndsWithOne()
    {
        KqResult result = KqProcess.Run("watch", "--file", "/there/is/no/such/file", "/dev/null");
        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Error, Does.Contain("ENOENT: EVFILT_VNODE of /there").And.Contain("EINVAL: EVFILT_VNODE of /dev/null"), result.ToString());
    }

    [Test]
    public void WatchingAFifoDoesNotWaitForItsOtherEnd()
    {
        string fifo = Path.Combine(_directory.FullName, "fifo");
        using (Process make = Process.Start("mkfifo", [fifo]))
            make.WaitForExit();
        KqResult result = KqProcess.Run("watch", "--json", "--file", fifo, "--timer", "10ms", "--count", "1");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Error, Is.Empty, result.ToString());
    }

    [Test]
    public void TextSaysItInWords()
    {
        string path = Create("told");
        using Process process = KqProcess.Start("watch", "--file", path, "--timer", "20ms", "--for", "60s");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadLine();
        process.StandardOutput.ReadLine();
        File.AppendAllText(path, "line\n");
        string line = "";
        while (!line.Contains("NOTE_WRITE", StringComparison.Ordinal))
            line = process.StandardOutput.ReadLine() ?? throw new AssertionException($"it ended: {errors.Result}");
        process.StandardOutput.Close();
        Assert.That(line, Does.Match(@"^ +\d+\.\d{3}  VNODE +\S+told +EV_CLEAR .*NOTE_EXTEND.* 0  .*written to, longer"));
        Assert.That(KqProcess.WaitForExit(process), Is.Zero);
    }

    private string Create(string name, string contents = "")
    {
        string path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, contents);
        return path;
    }
}
