namespace LibKqueueSharp.Kq.Demo;

/// <summary>READ on a queue: it is readable while it holds events.</summary>
internal sealed class NestedQueueAct : Act
{
    public override string Title => "A queue in a queue";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.Read, EventFilter.User];

    public override void Play(Stage stage)
    {
        using Kqueue inner = Kqueue.Create(stage.Queue.Backend);
        inner.AddUserEvent(1);
        inner.AddUserEvent(2);
        nint watched = stage.Name("inner queue");
        stage.Queue.Add(inner.Descriptor, EventFilter.Read, udata: watched);

        stage.Tell("trigger two user events in the inner queue");
        inner.Trigger(1);
        inner.Trigger(2);
        stage.Expect(EventFilter.Read, watched, "events are queued in it", e => e.Data == 2);

        int taken = inner.Wait(new KEvent[8], TimeSpan.Zero);
        stage.Tell($"take {taken} events from the inner queue");
        stage.ExpectNothing(TimeSpan.FromMilliseconds(20), "it is empty now");
    }
}
