using System.CommandLine;

namespace LibKqueueSharp.Kq.Watch;

/// <summary><c>--file</c>: files, directories and FIFOs, with every note that the dialect has and the backend serves.</summary>
internal sealed class FileSource : WatchSource
{
    private const VnodeNotes Everywhere = VnodeNotes.Delete | VnodeNotes.Write | VnodeNotes.Extend | VnodeNotes.Attributes
        | VnodeNotes.Link | VnodeNotes.Rename | VnodeNotes.Revoke;
    private const VnodeNotes Uses = VnodeNotes.Open | VnodeNotes.Close | VnodeNotes.CloseWrite | VnodeNotes.Read;

    private readonly Option<string[]> _option = new("--file")
    {
        Description = "Watch what happens to files and directories.",
        HelpName = "PATH",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    public override Option Option => _option;

    public override IEnumerable<Watched> Named(ParseResult parsed, Dialect dialect, KqueueCapabilities backend) =>
        (parsed.GetValue(_option) ?? []).Distinct().Select(path => new WatchedFile(path, NotesOf(dialect, TellsOfUses(backend))));

    private static VnodeNotes NotesOf(Dialect dialect, bool uses) => Everywhere
        | (dialect.VnodeHasUseNotes && uses ? Uses : VnodeNotes.None)
        | (dialect.VnodeHasTruncate ? VnodeNotes.Truncate : VnodeNotes.None);

    private static bool TellsOfUses(KqueueCapabilities backend) =>
        backend.Filters.Any(f => f.Filter == EventFilter.Vnode && f.Notes.Contains("NOTE_OPEN"));
}
