using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Model.Programs;

/// <summary>One change of a program; a descriptor goes by its name.</summary>
internal sealed record Change(
    string Ident, EventFilter Filter, EventFlags Flags, uint FFlags = 0, long Data = 0, nint UData = 0)
{
    internal bool IsOnDescriptor => Filter is EventFilter.Read or EventFilter.Write;

    internal bool Has(EventFlags flags) => (Flags & flags) != 0;

    /// <summary>The change as the language of scenarios writes it.</summary>
    public override string ToString()
    {
        string text = $"{FilterWord} {Ident} {Join(FlagNames.Format(Flags))}";
        if (FFlags != 0)
            text += $" fflags={Join(NoteNames.Format(Filter, FFlags))}";
        if (Data != 0)
            text += $" data={Data}";
        return UData == 0 ? text : $"{text} udata={UData}";
    }

    private string FilterWord => Enum.IsDefined(Filter)
        ? FilterNames.Format(Filter)["EVFILT_".Length..].ToLowerInvariant()
        : $"{(short)Filter}";

    private static string Join(string[] names) => names.Length == 0 ? "0" : string.Join('|', names);
}
