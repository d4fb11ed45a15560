namespace LibKqueueSharp.Engine.Tests.Simulation;

/// <summary>The dialects by name, for the cases of a test.</summary>
internal static class Dialects
{
    internal const string FreeBsd = "freebsd";
    internal const string NetBsd = "netbsd";
    internal const string OpenBsd = "openbsd";
    internal const string MacOs = "macos";

    internal static readonly string[] All = [FreeBsd, NetBsd, OpenBsd, MacOs];

    internal static Dialect Named(string name) =>
        Dialect.Find(name) ?? throw new ArgumentOutOfRangeException(nameof(name), name, "no such dialect");

    /// <summary>What an event of a dialect shows of a registration's flags: all but FreeBSD repeat the actions of the first EV_ADD.</summary>
    internal static EventFlags Shown(string dialect, EventFlags given) =>
        dialect == FreeBsd ? given & ~(EventFlags.Add | EventFlags.Enable | EventFlags.Disable) : given;
}
