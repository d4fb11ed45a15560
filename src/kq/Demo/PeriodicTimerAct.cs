namespace LibKqueueSharp.Kq.Demo;

/// <summary>TIMER, again and again; periods that were slept over are counted.</summary>
internal sealed class PeriodicTimerAct : Act
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(40);

    public override string Title => "A periodic timer counts";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.Timer];

    public override void Play(Stage stage)
    {
        nint timer = stage.Name("40 ms timer");
        stage.Queue.AddTimer(1, s_period, udata: timer);
        stage.Expect(EventFilter.Timer, timer, "period since it was started", e => e.Data >= 1);

        stage.Tell("do something else for three periods");
        Thread.Sleep(3 * s_period);
        stage.Expect(EventFilter.Timer, timer, "periods since the last event", e => e.Data >= 3);
        stage.Expect(EventFilter.Timer, timer, "period since the last event", e => e.Data >= 1);

        stage.Queue.Delete(1, EventFilter.Timer);
        stage.ExpectNothing(2 * s_period, "the timer is deleted");
    }
}
