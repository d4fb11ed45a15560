using System.CommandLine;

namespace LibKqueueSharp.Kq.Watch;

/// <summary><c>--fs</c>: mounts and unmounts.</summary>
internal sealed class MountSource : WatchSource
{
    private const FileSystemNotes Notes = FileSystemNotes.Mount | FileSystemNotes.Unmount | FileSystemNotes.Update;

    private readonly Option<bool> _option = new("--fs") { Description = "Watch what is mounted and unmounted." };

    public override Option Option => _option;

    public override IEnumerable<Watched> Named(ParseResult parsed, Dialect dialect, KqueueCapabilities backend) => parsed.GetValue(_option)
        ? [new("mounts", new(1, EventFilter.FileSystem, EventFlags.Add, (uint)Notes))]
        : [];
}
