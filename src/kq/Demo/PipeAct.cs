using System.IO.Pipes;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>READ and WRITE on a pipe, up to its end.</summary>
internal sealed class PipeAct : Act
{
    public override string Title => "A pipe: readable, and at its end";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.Read, EventFilter.Write];

    public override void Play(Stage stage)
    {
        using AnonymousPipeServerStream reader = new(PipeDirection.In);
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, reader.ClientSafePipeHandle);
        nint writing = stage.Name("pipe, writing end");
        nint reading = stage.Name("pipe, reading end");

        stage.Queue.Add(writer.SafePipeHandle, EventFilter.Write, EventFlags.OneShot, udata: writing);
        stage.Expect(EventFilter.Write, writing, "bytes of room", e => e.Data > 0);

        stage.Queue.Add(reader.SafePipeHandle, EventFilter.Read, udata: reading);
        stage.Tell("write 5 bytes");
        writer.Write("hello"u8);
        stage.Expect(EventFilter.Read, reading, "bytes wait to be read", e => e is { Data: 5, IsEof: false });

        stage.Tell("read them, and close the writing end");
        reader.ReadExactly(new byte[5]);
        writer.Dispose();
        stage.Expect(EventFilter.Read, reading, "bytes wait: the end of the pipe", e => e is { Data: 0, IsEof: true });
    }
}
