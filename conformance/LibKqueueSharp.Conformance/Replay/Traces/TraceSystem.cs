namespace LibKqueueSharp.Conformance.Replay;

/// <summary>A system whose answers were recorded.</summary>
/// <param name="Name">The name as it stands in the names of its traces, for example <c>freebsd13</c>.</param>
/// <param name="Dialect">The dialect that an emulation follows to answer like it.</param>
public sealed record TraceSystem(string Name, Dialect Dialect)
{
    /// <summary>FreeBSD 13.0.</summary>
    public static TraceSystem FreeBsd13 { get; } = new("freebsd13", Dialect.FreeBsd);

    /// <summary>NetBSD 7.99.34 with tmpfs.</summary>
    public static TraceSystem NetBsd { get; } = new("netbsd", Dialect.NetBsd);

    /// <summary>NetBSD 7.99.34 with FFS; files only.</summary>
    public static TraceSystem NetBsdFfs { get; } = new("netbsd-ffs", Dialect.NetBsd);

    /// <summary>OpenBSD 5.1.</summary>
    public static TraceSystem OpenBsd51 { get; } = new("openbsd51", Dialect.OpenBsd);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TraceSystem> All { get; } = [FreeBsd13, NetBsd, NetBsdFfs, OpenBsd51];

    /// <summary>The system to compare a dialect with, or null when nothing of the kind was recorded.</summary>
    /// <param name="dialect">The dialect.</param>
    public static TraceSystem? DefaultFor(Dialect dialect) => All.FirstOrDefault(s => s.Dialect.Name == dialect.Name);

    /// <summary>Finds a system by its name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The system, or null.</returns>
    public static TraceSystem? Find(string name) => All.FirstOrDefault(s => s.Name == name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
