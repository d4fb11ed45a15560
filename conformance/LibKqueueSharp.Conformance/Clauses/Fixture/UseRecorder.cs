using System.Collections.Concurrent;
using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>Notes which filters a clause uses with which flags and notes. For any number of threads.</summary>
internal sealed class UseRecorder
{
    private const EventFlags Outcomes = EV_EOF | EV_ERROR;

    private readonly ConcurrentDictionary<(EventFilter Filter, EventFlags Flags, uint Notes), bool> _seen = [];

    /// <summary>A call makes these changes.</summary>
    public void Given(ReadOnlySpan<KEvent> changes)
    {
        foreach (ref readonly KEvent change in changes)
            _seen.TryAdd((change.Filter, change.Flags, NoteNames.Named(change.Filter, change.FFlags)), true);
    }

    /// <summary>A call returned these events and records.</summary>
    public void Returned(ReadOnlySpan<KEvent> events)
    {
        foreach (ref readonly KEvent e in events)
            _seen.TryAdd((e.Filter, e.Flags & Outcomes, 0), true);
    }

    /// <summary>Each filter with each flag and note, once.</summary>
    public IReadOnlyList<ClauseUse> All() =>
    [
        .. _seen.Keys
            .SelectMany(use => FlagNames.Format(use.Flags & FlagNames.Known).Concat(NoteNames.Format(use.Filter, use.Notes))
                .Select(name => new ClauseUse(use.Filter, name)))
            .Distinct()
            .OrderBy(use => -(short)use.Filter)
            .ThenBy(use => use.Name, StringComparer.Ordinal),
    ];
}
