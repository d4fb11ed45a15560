using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>AIO and LIO: a write and its sync to the disk, one event each, and a list of two reads with one event.</summary>
internal sealed class AsynchronousAct : Act
{
    public override string Title => "AIO and LIO: reads and writes that finish later";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.Aio, EventFilter.Lio];

    public override void Play(Stage stage)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using SafeFileHandle file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, FileOptions.DeleteOnClose);
        nint written = stage.Name("write");
        nint synced = stage.Name("sync");
        nint read = stage.Name("list");

        stage.Tell("write 12 bytes");
        using AioRequest write = AioRequest.Write(stage.Queue, file, "first second"u8.ToArray(), 0, written);
        stage.Expect(EventFilter.Aio, written, "the write is done", e => e.Ident == write.Ident && write.Error == Errno.None);
        ExpectBytes(write, 12);

        stage.Tell("sync the file");
        using AioRequest sync = AioRequest.Sync(stage.Queue, file, udata: synced);
        stage.Expect(EventFilter.Aio, synced, "it is on the disk", e => e.Ident == sync.Ident && sync.Error == Errno.None);
        ExpectBytes(sync, 0);

        stage.Tell("read it in two halves");
        byte[] halves = new byte[12];
        AioControl[] controls =
        [
            Read(file, halves.AsMemory(0, 6), 0),
            Read(file, halves.AsMemory(6, 6), 6),
        ];
        using AioList list = AioList.Submit(stage.Queue, controls, read);
        stage.Expect(EventFilter.Lio, read, "both are done", e => e.Ident == list.Ident);
        foreach (AioRequest? half in list.Requests)
            ExpectBytes(half!, 6);
        if (!halves.AsSpan().SequenceEqual("first second"u8))
            throw new DemoException("what was read is not what was written");
    }

    private static AioControl Read(SafeFileHandle file, Memory<byte> buffer, long offset) =>
        new() { Operation = AioOperation.Read, File = file, Buffer = buffer, Offset = offset, IsSilent = true };

    private static void ExpectBytes(AioRequest request, long count)
    {
        long returned = request.Return();
        if (returned != count)
            throw new DemoException($"{request.Operation} returned {returned}, and not {count}");
    }
}
