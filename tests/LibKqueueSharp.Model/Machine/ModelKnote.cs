using LibKqueueSharp.Model.Programs;

namespace LibKqueueSharp.Model.Machine;

/// <summary>One registration.</summary>
internal sealed class ModelKnote(Change created)
{
    internal string Ident { get; } = created.Ident;

    internal EventFilter Filter { get; } = created.Filter;

    internal EventFlags Flags { get; set; } = created.Flags;

    internal nint UData { get; set; } = created.UData;

    internal uint SavedFFlags { get; set; } = created.FFlags;

    internal long SavedData { get; set; } = created.Data;

    internal bool Active { get; set; }

    internal bool Disabled { get; set; }

    /// <summary>EV_FORCEONESHOT was given: the next scan hands it out unseen.</summary>
    internal bool Forced { get; set; }

    /// <summary>Only in the queue: its place among the others cannot be told.</summary>
    internal bool Anywhere { get; set; }

    /// <summary>Only in the queue: perhaps nothing has happened that counts.</summary>
    internal bool Doubtful { get; set; }

    /// <summary>EVFILT_USER.</summary>
    internal bool Triggered { get; set; }

    /// <summary>EVFILT_TIMER.</summary>
    internal ModelTimer? Timer { get; set; }

    /// <summary>READ and WRITE.</summary>
    internal ModelFile? File { get; init; }

    internal bool Has(EventFlags flags) => (Flags & flags) != 0;

    internal bool Is(string ident, EventFilter filter) => Ident == ident && Filter == filter;
}

/// <summary>A time that is known to lie between two readings of a clock; on a virtual clock they are the same.</summary>
internal readonly record struct Moment(long Earliest, long Latest);

/// <summary>A timer that runs: TIMER-003, TIMER-005.</summary>
internal sealed class ModelTimer(Moment started, long first, long period)
{
    private long _taken;

    /// <summary>TIMER-READD-002, FreeBSD: the errno that is delivered instead of a count.</summary>
    internal Errno Error { get; init; }

    /// <summary>When the next expiration is due, at the earliest.</summary>
    internal long Next => Error != Errno.None || first == long.MaxValue || (period == 0 && _taken > 0)
        ? long.MaxValue
        : started.Earliest + first + (_taken * period);

    /// <summary>The expirations that were not handed out: at least and at most.</summary>
    internal (long AtLeast, long AtMost) Pending(Moment now) =>
        (Math.Max(0, Until(now.Earliest - started.Latest) - _taken), Until(now.Latest - started.Earliest) - _taken);

    internal void Take(long count) => _taken += count;

    private long Until(long elapsed) => elapsed < first ? 0 : period == 0 ? 1 : ((elapsed - first) / period) + 1;
}
