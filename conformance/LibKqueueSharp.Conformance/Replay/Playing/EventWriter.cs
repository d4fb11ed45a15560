using System.Globalization;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>Turns an event into what a trace would show.</summary>
internal static class EventWriter
{
    public static EventAnswer Write(in KEvent e, NameTable names) => new(
        names.NameOf(e.Filter, e.Ident),
        FilterNames.Format(e.Filter),
        FlagNames.Format(e.Flags),
        CarriesSocketError(e) ? [$"so_error:{ErrnoNames.Format((Errno)(int)e.FFlags)}"] : NoteNames.Format(e.Filter, e.FFlags),
        e.IsRecord && e.Data != 0 ? ErrnoNames.Format(e.Error) : e.Data.ToString(CultureInfo.InvariantCulture),
        e.UData);

    private static bool CarriesSocketError(in KEvent e) =>
        e is { IsEof: true, FFlags: not 0, Filter: EventFilter.Read or EventFilter.Write or EventFilter.Except };
}
