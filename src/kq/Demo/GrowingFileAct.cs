using Microsoft.Win32.SafeHandles;

namespace LibKqueueSharp.Kq.Demo;

/// <summary>READ on a regular file, as tail(1) uses it.</summary>
internal sealed class GrowingFileAct : Act
{
    public override string Title => "A file that grows";

    public override IReadOnlyList<EventFilter> Filters => [EventFilter.Read];

    /// <summary>Who serves READ on files knows it.</summary>
    public override string? Missing(KqueueCapabilities capabilities) =>
        capabilities.Filters.Any(f => f.Filter == EventFilter.Read && f.Notes.Contains("NOTE_FILE_POLL"))
            ? null
            : $"the {capabilities.Backend} backend does not serve NOTE_FILE_POLL";

    public override void Play(Stage stage)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        // On Windows the offset of a handle that is not asynchronous goes along with each write, wherever that goes.
        using SafeFileHandle file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        nint log = stage.Name("log file");
        stage.Queue.Add(file, EventFilter.Read, EventFlags.Clear, udata: log);
        stage.ExpectNothing(TimeSpan.FromMilliseconds(20), "the file is empty");

        stage.Tell("append 6 bytes");
        RandomAccess.Write(file, "first\n"u8, 0);
        stage.Expect(EventFilter.Read, log, "bytes from the descriptor's offset to the end", e => e.Data == 6);

        stage.Tell("append 7 bytes");
        RandomAccess.Write(file, "second\n"u8, 6);
        stage.Expect(EventFilter.Read, log, "bytes from the descriptor's offset to the end", e => e.Data == 13);
    }
}
