namespace LibKqueueSharp.Kq.Demo;

/// <summary>PROC: how a process ends.</summary>
internal sealed class ExitAct : Act
{
    public override string Title => "PROC: a process ends";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.Process];

    public override void Play(Stage stage)
    {
        using Child child = Child.Exiting(3);
        nint process = stage.Name("child");
        stage.Tell($"start process {child.Id}, which exits with 3");
        if (!stage.Queue.TryAddProcess(child.Id, udata: process))
            throw new DemoException($"there is no process {child.Id}");
        KEvent end = stage.Expect(
            EventFilter.Process, process, "is its wait status", e => (ProcessNotes)e.FFlags == ProcessNotes.Exit && e.IsEof && e.Data == WaitStatus.OfExit(3));
        stage.Tell($"in words: it {WaitStatus.Describe(end.Data)}; its parent can still wait for it");
    }
}
