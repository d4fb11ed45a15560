namespace LibKqueueSharp.Kq.Demo;

/// <summary>USER, triggered by another thread.</summary>
internal sealed class UserEventAct : Act
{
    private const nuint Id = 7;

    public override string Title => "A user event, triggered by another thread";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.User];

    public override void Play(Stage stage)
    {
        nint work = stage.Name("work is done");
        stage.Queue.AddUserEvent(Id, udata: work);
        Thread worker = new(() =>
        {
            Thread.Sleep(30);
            stage.Tell("another thread triggers it with the number 42 and the flag 0x4");
            stage.Queue.Trigger(Id, UserNotes.Or | (UserNotes)4, 42);
        });
        worker.Start();
        try
        {
            stage.Expect(EventFilter.User, work, "is what the trigger carried, 0x4 its flag", e => e is { Data: 42, FFlags: 4 });
        }
        finally
        {
            worker.Join();
        }
    }
}
