namespace LibKqueueSharp.Kq.Demo;

/// <summary>TIMER at a point in time.</summary>
internal sealed class DeadlineAct : Act
{
    public override string Title => "A timer for a point in time, once";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.Timer];

    public override void Play(Stage stage)
    {
        nint timer = stage.Name("deadline");
        DateTimeOffset deadline = DateTimeOffset.UtcNow.AddMilliseconds(100);
        stage.Tell($"it is {DateTimeOffset.UtcNow:HH:mm:ss.fff}; fire at {deadline:HH:mm:ss.fff}, UTC");
        stage.Queue.AddDeadline(1, deadline, timer);
        stage.Expect(EventFilter.Timer, timer, "the point in time has come", e => e.Data == 1 && DateTimeOffset.UtcNow >= deadline);
        stage.ExpectNothing(TimeSpan.FromMilliseconds(50), "it does not come again");
    }
}
