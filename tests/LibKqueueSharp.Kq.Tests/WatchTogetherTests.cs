using System.Diagnostics;
using System.Text.Json;

namespace LibKqueueSharp.Kq.Tests;

[Platform("Linux")]
public sealed class WatchTogetherTests
{
    [Test]
    public void EverySourceIsServedByOneQueue()
    {
        string path = Path.GetTempFileName();
        using Process child = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "read line; exit 7"]) { RedirectStandardInput = true })!;
        using WatchSession watch = new("--file", path, "--pid", $"{child.Id}", "--signal", "USR1", "--timer", "50ms", "--fs", "--stdin");

        File.AppendAllText(path, "line\n");
        watch.TakeNote(path, "NOTE_WRITE");
        child.StandardInput.Close();
        watch.TakeNote($"process {child.Id}", "NOTE_EXIT");
        watch.Send("USR1");
        watch.Take(line => WatchSession.IsOf(line, "SIGUSR1"));
        watch.Take(line => WatchSession.IsOf(line, "timer 50ms"));
        watch.End("INT");
        File.Delete(path);
    }

    [Test]
    public void MountsAreTold()
    {
        DirectoryInfo place = Directory.CreateTempSubdirectory("kq-watch-");
        try
        {
            using WatchSession watch = new("--fs");
            if (!Succeeds("mount", "-t", "tmpfs", "-o", "size=64k", "kq-watch", place.FullName))
                Assert.Inconclusive("mounting takes rights that this process lacks");
            try
            {
                JsonElement line = watch.Take(line => WatchSession.IsOf(line, "mounts") && WatchSession.Notes(line).Contains("VQ_MOUNT"));
                Assert.That(line.GetProperty("filter").GetString(), Is.EqualTo("EVFILT_FS"), line.ToString());
                Assert.That(line.GetProperty("meaning").GetString(), Does.Contain("something was mounted"), line.ToString());
            }
            finally
            {
                Succeeds("umount", place.FullName);
            }

            watch.TakeNote("mounts", "VQ_UNMOUNT");
            Assert.That(watch.End(), Is.Empty);
        }
        finally
        {
            place.Delete();
        }
    }

    [Test]
    public void OptionsTakeSeveralValuesAndMayBeRepeated()
    {
        KqResult result = KqProcess.Run("watch", "--json", "--timer", "5ms", "6000us", "--timer", "7000000ns", "--for", "1s");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(
            result.JsonLines.Select(l => l.GetProperty("name").GetString()).Distinct(),
            Is.EquivalentTo(new[] { "timer 5ms", "timer 6000us", "timer 7000000ns" }),
            result.ToString());
    }

    private static bool Succeeds(string command, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
