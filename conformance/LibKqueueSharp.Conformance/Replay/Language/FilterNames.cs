using System.Globalization;

namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The names of filters: <c>read</c> in a script, <c>EVFILT_READ</c> in an answer.</summary>
internal static class FilterNames
{
    private const string Prefix = "EVFILT_";

    private static readonly (string Name, EventFilter Filter)[] s_names =
    [
        ("read", EventFilter.Read),
        ("write", EventFilter.Write),
        ("aio", EventFilter.Aio),
        ("vnode", EventFilter.Vnode),
        ("proc", EventFilter.Process),
        ("signal", EventFilter.Signal),
        ("timer", EventFilter.Timer),
        ("procdesc", EventFilter.ProcessDescriptor),
        ("fs", EventFilter.FileSystem),
        ("lio", EventFilter.Lio),
        ("user", EventFilter.User),
        ("sendfile", EventFilter.SendFile),
        ("empty", EventFilter.Empty),
        ("jail", EventFilter.Jail),
        ("jaildesc", EventFilter.JailDescriptor),
        ("except", EventFilter.Except),
    ];

    public static bool TryParse(string text, out EventFilter filter)
    {
        foreach ((string name, EventFilter value) in s_names)
        {
            if (name == text)
            {
                filter = value;
                return true;
            }
        }

        bool isNumber = short.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out short number);
        filter = (EventFilter)number;
        return isNumber;
    }

    public static string Format(EventFilter filter)
    {
        foreach ((string name, EventFilter value) in s_names)
        {
            if (value == filter)
                return Prefix + name.ToUpperInvariant();
        }

        return ((short)filter).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>True when the ident of the filter is a descriptor.</summary>
    public static bool TakesDescriptor(EventFilter filter) =>
        filter is EventFilter.Read or EventFilter.Write or EventFilter.Vnode or EventFilter.Empty
            or EventFilter.Except or EventFilter.ProcessDescriptor
        || !s_names.Any(n => n.Filter == filter);
}
