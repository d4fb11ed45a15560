using System.Diagnostics;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>PROC: forks and execs.</summary>
internal sealed class ForkAct : Act
{
    private const string Steps = "read step; (true); read step; exec sh -c 'read step'";
    private const string WindowsSteps = "/c \"set /p step=& cmd /c exit 0& set /p step=\"";

    public override string Title => "PROC: forks and execs";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.Process];

    public override string? Missing(KqueueCapabilities capabilities)
    {
        FilterCapability processes = capabilities.Filters.First(f => f.Filter == EventFilter.Process);
        return processes.Notes.Contains("NOTE_FORK") ? null : $"this system tells of exits alone ({processes.Remark})";
    }

    public override void Play(Stage stage)
    {
        bool execs = !OperatingSystem.IsWindows();
        ProcessStartInfo start = execs ? new("/bin/sh", ["-c", Steps]) : new("cmd.exe", WindowsSteps);
        start.RedirectStandardInput = true;
        using Process child = Process.Start(start)!;
        nint process = stage.Name("child");
        ProcessNotes notes = ProcessNotes.Fork | ProcessNotes.Exit | (execs ? ProcessNotes.Exec : ProcessNotes.None);
        if (!stage.Queue.TryAddProcess(child.Id, notes, process))
            throw new DemoException($"there is no process {child.Id}");

        stage.Tell("let it fork");
        Step(child);
        stage.Expect(EventFilter.Process, process, "it forked", e => ((ProcessNotes)e.FFlags & ProcessNotes.Fork) != 0);

        if (execs)
        {
            stage.Tell("let it execute another program");
            Step(child);
            stage.Expect(EventFilter.Process, process, "it runs another program", e => ((ProcessNotes)e.FFlags & ProcessNotes.Exec) != 0);
        }

        stage.Tell("let it end");
        Step(child);
        stage.Expect(EventFilter.Process, process, "it ended", e => ((ProcessNotes)e.FFlags & ProcessNotes.Exit) != 0);
    }

    private static void Step(Process child)
    {
        child.StandardInput.WriteLine();
        child.StandardInput.Flush();
    }
}
