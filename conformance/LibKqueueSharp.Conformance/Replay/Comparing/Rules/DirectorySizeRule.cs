namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Sizes of directories.</summary>
internal sealed class DirectorySizeRule(ScriptModel model) : ComparisonRule
{
    public override string Name => "directory-sizes";

    public override string Reason =>
        "READ on a directory goes by its size, and each file system has its own idea of that: 0, 48, 512 and 4096 were seen. "
        + "What is registered and with which flags an event comes is compared.";

    internal override bool AllowsData(LinePair line, EventAnswer expected, EventAnswer answered) =>
        IsDirectory(expected) && long.TryParse(answered.Data, out long size) && size > 0;

    internal override bool AllowsMissing(LinePair line, EventAnswer expected) => IsDirectory(expected);

    internal override bool AllowsExtra(LinePair line, EventAnswer answered) => IsDirectory(answered);

    private bool IsDirectory(EventAnswer e) =>
        e.Filter == "EVFILT_READ" && !e.Flags.Contains("EV_ERROR") && model.Find(e.Ident)?.Kind == EndpointKind.Directory;
}
