namespace LibKqueueSharp.Conformance.Replay;

/// <summary>The names of the flags of a change and of an event.</summary>
internal static class FlagNames
{
    private static readonly BitNames s_names = new(
        ("EV_ADD", (uint)EventFlags.Add),
        ("EV_DELETE", (uint)EventFlags.Delete),
        ("EV_ENABLE", (uint)EventFlags.Enable),
        ("EV_DISABLE", (uint)EventFlags.Disable),
        ("EV_ONESHOT", (uint)EventFlags.OneShot),
        ("EV_CLEAR", (uint)EventFlags.Clear),
        ("EV_RECEIPT", (uint)EventFlags.Receipt),
        ("EV_DISPATCH", (uint)EventFlags.Dispatch),
        ("EV_FORCEONESHOT", (uint)EventFlags.ForceOneShot),
        ("EV_KEEPUDATA", (uint)EventFlags.KeepUData),
        ("EV_ERROR", (uint)EventFlags.Error),
        ("EV_EOF", (uint)EventFlags.Eof));

    /// <summary>The names, in their order.</summary>
    public static IEnumerable<string> All => s_names.All;

    /// <summary>The flags that have names.</summary>
    public static EventFlags Known { get; } = (EventFlags)s_names.Known;

    public static bool TryParse(string text, out EventFlags flags, out string unknown)
    {
        bool known = s_names.TryParse(text, out uint bits, out unknown);
        flags = (EventFlags)bits;
        return known;
    }

    public static string[] Format(EventFlags flags) => s_names.Format((uint)flags);
}
