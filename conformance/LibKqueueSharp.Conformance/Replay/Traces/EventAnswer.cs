using System.Globalization;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>One event, or one record of a change, as a trace writes it: names instead of numbers. Immutable.</summary>
public sealed class EventAnswer
{
    private const string SocketError = "so_error:";

    /// <summary>Creates the answer.</summary>
    /// <param name="ident">See <see cref="Ident"/>.</param>
    /// <param name="filter">See <see cref="Filter"/>.</param>
    /// <param name="flags">See <see cref="Flags"/>.</param>
    /// <param name="notes">See <see cref="Notes"/>.</param>
    /// <param name="data">See <see cref="Data"/>.</param>
    /// <param name="udata">See <see cref="UData"/>.</param>
    public EventAnswer(string ident, string filter, IEnumerable<string> flags, IEnumerable<string> notes, string data, long udata)
    {
        Ident = ident;
        Filter = filter;
        Flags = new SortedSet<string>(flags, StringComparer.Ordinal);
        Notes = new SortedSet<string>(notes.Select(NormalizeNote), StringComparer.Ordinal);
        Data = long.TryParse(data, CultureInfo.InvariantCulture, out _) ? data : ErrnoNames.Normalize(data);
        UData = udata;
    }

    /// <summary>An event with names instead of numbers.</summary>
    /// <param name="e">The event, or the record.</param>
    /// <param name="ident">The name of what is watched.</param>
    public static EventAnswer Of(in KEvent e, string ident) => new(
        ident,
        FilterNames.Format(e.Filter),
        FlagNames.Format(e.Flags),
        CarriesSocketError(e) ? [SocketError + ErrnoNames.Format((Errno)(int)e.FFlags)] : NoteNames.Format(e.Filter, e.FFlags),
        e.IsRecord && e.Data != 0 ? ErrnoNames.Format(e.Error) : e.Data.ToString(CultureInfo.InvariantCulture),
        e.UData);

    /// <summary>The name that the script gave to what is watched, or its number.</summary>
    public string Ident { get; }

    /// <summary>The filter, for example <c>EVFILT_READ</c>.</summary>
    public string Filter { get; }

    /// <summary>The names of the flags; their order means nothing.</summary>
    public IReadOnlySet<string> Flags { get; }

    /// <summary>The names of the filter flags; with a socket's error, <c>so_error:NAME</c>.</summary>
    public IReadOnlySet<string> Notes { get; }

    /// <summary>A number, or in a record of a failed change the name of the error.</summary>
    public string Data { get; }

    /// <summary>The caller's value.</summary>
    public long UData { get; }

    /// <summary>True when both events are of one registration.</summary>
    /// <param name="other">The other event.</param>
    public bool IsSameRegistration(EventAnswer other) => Ident == other.Ident && Filter == other.Filter;

    /// <summary>The same event with other flags.</summary>
    /// <param name="flags">The flags.</param>
    public EventAnswer WithFlags(IEnumerable<string> flags) => new(Ident, Filter, flags, Notes, Data, UData);

    /// <summary>The event on one line, for people.</summary>
    public override string ToString() =>
        $"{{{Ident} {Filter} flags={Join(Flags)} fflags={Join(Notes)} data={Data} udata={UData}}}";

    private static bool CarriesSocketError(in KEvent e) =>
        e is { IsEof: true, FFlags: not 0, Filter: EventFilter.Read or EventFilter.Write or EventFilter.Except };

    private static string Join(IReadOnlySet<string> names) => names.Count == 0 ? "0" : string.Join('|', names);

    private static string NormalizeNote(string note) =>
        note.StartsWith(SocketError, StringComparison.Ordinal)
            ? SocketError + ErrnoNames.Normalize(note[SocketError.Length..])
            : note;
}
