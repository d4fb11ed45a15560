using LibKqueueSharp.Emulation;

namespace LibKqueueSharp.Engine.Tests.Simulation;

/// <summary>Something that can be read: a number of bytes and perhaps an end. Guarded by its poller.</summary>
internal sealed class SimulatedSource(nuint ident, ulong id)
{
    internal nuint Ident { get; } = ident;

    /// <summary>Tells this source from an earlier one with the same number.</summary>
    internal ulong Id { get; } = id;

    internal long Bytes { get; set; }

    internal bool Eof { get; set; }

    /// <summary>The registration, or null.</summary>
    internal Knote? Knote { get; set; }

    /// <summary>Reports changes only, each once; otherwise whatever is ready, in each wait.</summary>
    internal bool IsEdge { get; set; }

    /// <summary>An edge that no wait has reported yet.</summary>
    internal bool HasEdge { get; set; }

    /// <summary>Nobody wants its events for now.</summary>
    internal bool IsParked { get; set; }

    internal bool IsListed { get; set; }

    internal bool IsReadable => Bytes > 0 || Eof;

    internal bool IsReady => Knote is not null && (IsEdge ? HasEdge : IsReadable && !IsParked);
}
