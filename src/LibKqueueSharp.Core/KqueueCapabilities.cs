namespace LibKqueueSharp;

/// <summary>What a backend can do on this system; asked before one relies on it.</summary>
/// <param name="Backend">The backend's name.</param>
/// <param name="System">The system in words: name and version of the kernel.</param>
/// <param name="Filters">One entry for each filter that has a number, in the order of the numbers.</param>
/// <param name="Limits">Named limits of the system that bound a queue, with their present values.</param>
/// <param name="Dialects">The names of the dialects that a queue can follow.</param>
public sealed record KqueueCapabilities(
    string Backend,
    string System,
    IReadOnlyList<FilterCapability> Filters,
    IReadOnlyList<KeyValuePair<string, string>> Limits,
    IReadOnlyList<string> Dialects)
{
    /// <summary>Tells whether registrations with a filter are served.</summary>
    /// <param name="filter">The filter.</param>
    public bool Supports(EventFilter filter)
    {
        foreach (FilterCapability entry in Filters)
        {
            if (entry.Filter == filter)
                return entry.Supported;
        }

        return false;
    }
}

/// <summary>What a backend can do with one filter.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Supported">False when adding it always fails.</param>
/// <param name="Notes">The notes that are served, by their C names.</param>
/// <param name="Remark">How it is done, or why it cannot be; one line.</param>
public sealed record FilterCapability(EventFilter Filter, bool Supported, IReadOnlyList<string> Notes, string Remark);
