namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>The dialects in which a clause holds.</summary>
[Flags]
public enum ClauseDialects
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>FreeBSD.</summary>
    FreeBsd = 1,

    /// <summary>NetBSD.</summary>
    NetBsd = 2,

    /// <summary>OpenBSD.</summary>
    OpenBsd = 4,

    /// <summary>macOS.</summary>
    MacOs = 8,

    /// <summary>The four.</summary>
    All = FreeBsd | NetBsd | OpenBsd | MacOs,
}
