namespace LibKqueueSharp.Kq.Info;

/// <summary>One filter.</summary>
/// <param name="Filter">Its C name.</param>
/// <param name="Number">Its number.</param>
/// <param name="Served">False when adding it always fails.</param>
/// <param name="Notes">The C names of the notes that are served.</param>
/// <param name="Remark">How it is done, or why it cannot be.</param>
internal sealed record FilterInfo(string Filter, int Number, bool Served, IReadOnlyList<string> Notes, string Remark)
{
    /// <summary>Describes a capability.</summary>
    /// <param name="entry">The capability.</param>
    public static FilterInfo Of(FilterCapability entry) => new(
        CNames.Of(entry.Filter),
        (int)entry.Filter,
        entry.Supported,
        entry.Notes,
        entry.Remark);
}
