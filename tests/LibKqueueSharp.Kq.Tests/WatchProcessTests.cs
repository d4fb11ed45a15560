using System.Diagnostics;
using System.Text.Json;

namespace LibKqueueSharp.Kq.Tests;

[Platform("Linux")]
public sealed class WatchProcessTests
{
    private static bool HasForks => Kqueue.Capabilities.Filters.First(f => f.Filter == EventFilter.Process).Notes.Contains("NOTE_FORK");

    [Test]
    public void ExitIsToldInWords()
    {
        using Process child = StartWaiting("exit 3");
        using Process kq = KqProcess.Start("watch", "--json", "--pid", $"{child.Id}", "--timer", "1ms");
        Task<string> errors = kq.StandardError.ReadToEndAsync();
        kq.StandardOutput.ReadLine();
        child.StandardInput.Close();
        JsonElement line = default;
        do
            line = JsonDocument.Parse(kq.StandardOutput.ReadLine() ?? throw new AssertionException(errors.Result)).RootElement;
        while (line.GetProperty("filter").GetString() != "EVFILT_PROC" || !WatchSession.Notes(line).Contains("NOTE_EXIT"));

        Assert.That(line.GetProperty("name").GetString(), Is.EqualTo($"process {child.Id}"), line.ToString());
        Assert.That(line.GetProperty("data").GetInt64(), Is.EqualTo(3 << 8), line.ToString());
        Assert.That(line.GetProperty("meaning").GetString(), Does.EndWith("exited with 3"), line.ToString());
        kq.StandardOutput.Close();
        Assert.That(KqProcess.WaitForExit(kq), Is.Zero, errors.Result);
    }

    [Test]
    public void NothingLeftAfterTheExitEndsTheWatchWithZero()
    {
        using Process child = StartWaiting("exit 0");
        using Process kq = KqProcess.Start("watch", "--pid", $"{child.Id}");
        Task<string> errors = kq.StandardError.ReadToEndAsync();
        Assert.That(() => IsWatched(child, by: kq), Is.True.After(60).Seconds.PollEvery(20).MilliSeconds);
        child.StandardInput.Close();
        string output = kq.StandardOutput.ReadToEnd();
        Assert.That(KqProcess.WaitForExit(kq), Is.Zero, errors.Result);
        Assert.That(output, Does.Match($@"PROC +process {child.Id} .*NOTE_EXIT .*exited with 0"), errors.Result);
    }

    [Test]
    public void SignalThatEndedItIsNamed()
    {
        using Process child = StartWaiting("exit 0");
        using WatchSession watch = new("--pid", $"{child.Id}");
        child.Kill();
        JsonElement line = watch.TakeNote($"process {child.Id}", "NOTE_EXIT");
        Assert.That(line.GetProperty("meaning").GetString(), Does.EndWith("ended by SIGKILL"), line.ToString());
        watch.End();
    }

    [Test]
    public void ForksAreToldOrTheirRefusalIs()
    {
        using Process child = StartWaiting("(true); read again");
        using WatchSession watch = new("--pid", $"{child.Id}");
        child.StandardInput.WriteLine();
        child.StandardInput.Flush();
        if (HasForks)
        {
            watch.TakeNote($"process {child.Id}", "NOTE_FORK");
            child.StandardInput.Close();
            watch.TakeNote($"process {child.Id}", "NOTE_EXIT");
            Assert.That(watch.End(), Is.Empty);
        }
        else
        {
            child.StandardInput.Close();
            watch.TakeNote($"process {child.Id}", "NOTE_EXIT");
            Assert.That(watch.End(), Does.Match($@"refused with ENOTSUP: EVFILT_PROC of process {child.Id} .*NOTE_FORK.*process connector.*watched for NOTE_EXIT alone"));
        }
    }

    [Test]
    public void WhereForksAreRefusedTheExitIsStillTold()
    {
        using Process child = StartWaiting("exit 3");
        using Process kq = KqProcess.StartBy(["unshare", "--net"], "watch", "--pid", $"{child.Id}");
        Task<string> errors = kq.StandardError.ReadToEndAsync();
        Assert.That(() => kq.HasExited || IsWatched(child, by: kq), Is.True.After(60).Seconds.PollEvery(20).MilliSeconds);
        if (kq.HasExited && errors.Result.StartsWith("unshare", StringComparison.Ordinal))
            Assert.Inconclusive(errors.Result);
        child.StandardInput.Close();
        string output = kq.StandardOutput.ReadToEnd();
        Assert.That(KqProcess.WaitForExit(kq), Is.Zero, errors.Result);
        Assert.That(output, Does.Match($@"PROC +process {child.Id} .*NOTE_EXIT .*exited with 3"), errors.Result);
        Assert.That(errors.Result, Does.Match("^kq: refused with ENOTSUP: .*NOTE_FORK.*process connector.*; watched for NOTE_EXIT alone\n$"));
    }

    [Test]
    public void ChildrenAreTrackedUnderTheirOwnNumbers()
    {
        if (!HasForks)
            Assert.Inconclusive("the process connector does not answer here");
        using Process child = StartWaiting("(exit 5); read again");
        using WatchSession watch = new("--pid", $"{child.Id}");
        child.StandardInput.WriteLine();
        child.StandardInput.Flush();
        JsonElement born = watch.Take(line => WatchSession.Notes(line).Contains("NOTE_CHILD"));
        Assert.That(born.GetProperty("data").GetInt64(), Is.EqualTo(child.Id), born.ToString());
        JsonElement end = watch.Take(line => WatchSession.Notes(line).Contains("NOTE_EXIT"));
        Assert.That(end.GetProperty("ident").GetInt64(), Is.EqualTo(born.GetProperty("ident").GetInt64()), end.ToString());
        watch.End();
    }

    [Test]
    public void ProcessThatIsGoneIsRefusedAndTheOthersGoOn()
    {
        KqResult result = KqProcess.Run("watch", "--json", "--pid", "2147483646", "--timer", "10ms", "--count", "1");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Error, Does.Contain("refused with ESRCH: EVFILT_PROC of process 2147483646"), result.ToString());
        Assert.That(result.JsonLines, Has.Length.EqualTo(2), result.ToString());
    }

    [Test]
    public void NothingButProcessesThatAreGoneEndsWithOne()
    {
        KqResult result = KqProcess.Run("watch", "--pid", "2147483646", "2147483645");
        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(2), result.ToString());
    }

    // A registration is a pidfd, whose entry in fdinfo names the process.
    private static bool IsWatched(Process process, Process by)
    {
        try
        {
            return Directory.GetFiles($"/proc/{by.Id}/fdinfo").Any(entry => File.ReadAllText(entry).Contains($"Pid:\t{process.Id}\n", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Process StartWaiting(string then) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"read line; {then}"]) { RedirectStandardInput = true })!;
}
