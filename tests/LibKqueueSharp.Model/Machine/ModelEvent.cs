using System.Globalization;
using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Model.Machine;

/// <summary>What an event has to look like; data may be known to lie in a range only, or not at all.</summary>
internal sealed record ModelEvent(
    string Ident, EventFilter Filter, EventFlags Flags, uint FFlags, long Least, long Most, nint UData, bool ActionsCount)
{
    private const EventFlags Actions = EventFlags.Add | EventFlags.Delete | EventFlags.Enable | EventFlags.Disable;

    internal static readonly (long Least, long Most) AnyData = (long.MinValue, long.MaxValue);

    /// <summary>What is different, or null.</summary>
    internal string? Compare(EventAnswer actual)
    {
        EventAnswer expected = EventAnswer.Of(
            new KEvent(0, Filter, Flags, FFlags, Least, UData), Ident);
        bool same = expected.IsSameRegistration(actual)
            && Counting(expected.Flags).SetEquals(Counting(actual.Flags))
            && expected.Notes.SetEquals(actual.Notes)
            && expected.UData == actual.UData
            && (expected.Data == actual.Data || IsInRange(actual.Data));
        return same ? null : $"expected {this}, got {actual}";
    }

    public override string ToString()
    {
        string text = EventAnswer.Of(new KEvent(0, Filter, Flags, FFlags, Least, UData), Ident).ToString();
        return Least == Most ? text : text.Replace($"data={Least}", (Least, Most) == AnyData ? "data=?" : $"data={Least}..{Most}", StringComparison.Ordinal);
    }

    private bool IsInRange(string data) =>
        long.TryParse(data, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= Least && number <= Most;

    private HashSet<string> Counting(IEnumerable<string> flags)
    {
        HashSet<string> set = [.. flags];
        if (!ActionsCount)
            set.ExceptWith(FlagNames.Format(Actions));
        return set;
    }
}
