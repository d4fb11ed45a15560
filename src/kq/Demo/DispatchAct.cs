using System.IO.Pipes;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>EV_DISPATCH: one event, then silence until the registration is enabled again.</summary>
internal sealed class DispatchAct : Act
{
    public override string Title => "EV_DISPATCH: one event at a time, for several threads on one queue";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.Read];

    public override void Play(Stage stage)
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        nint jobs = stage.Name("job pipe");
        stage.Queue.Add(reader.SafePipeHandle, EventFilter.Read, EventFlags.Dispatch, udata: jobs);

        stage.Tell("write 3 bytes");
        writer.Write("one"u8);
        stage.Expect(EventFilter.Read, jobs, "bytes wait; the registration is now disabled", e => e.Data == 3);

        stage.Tell("write 5 more");
        writer.Write("-more"u8);
        stage.ExpectNothing(TimeSpan.FromMilliseconds(50), "whoever got the event is still at work");

        stage.Tell("EV_ENABLE");
        stage.Queue.Enable(reader.SafePipeHandle, EventFilter.Read);
        stage.Expect(EventFilter.Read, jobs, "bytes wait", e => e.Data == 8);
    }
}
