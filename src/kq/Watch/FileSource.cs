using System.CommandLine;

namespace LibKqueueSharp.Kq.Watch;

/// <summary><c>--file</c>: files, directories and FIFOs, with every note that the dialect has; Windows tells of no uses.</summary>
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

    public override IEnumerable<Watched> Named(ParseResult parsed, Dialect dialect) =>
        (parsed.GetValue(_option) ?? []).Distinct().Select(path => new WatchedFile(path, NotesOf(dialect)));

    private static VnodeNotes NotesOf(Dialect dialect) => Everywhere
        | (dialect.VnodeHasUseNotes && !OperatingSystem.IsWindows() ? Uses : VnodeNotes.None)
        | (dialect.VnodeHasTruncate ? VnodeNotes.Truncate : VnodeNotes.None);
}
