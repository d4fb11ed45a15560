namespace LibKqueueSharp.Kernels;

/// <summary>What is asked of a kernel and not known from its ABI, because versions differ.</summary>
internal sealed record KernelTraits
{
    /// <summary>The filters that are served, a bit for each negated number of ours.</summary>
    internal uint Served { get; init; }

    /// <summary>A modification with EV_KEEPUDATA keeps udata (FreeBSD 14, CORE-KEEP-001).</summary>
    internal bool KeepsUData { get; init; }

    /// <summary>EV_FORCEONESHOT forces an event (CORE-FORCE-001).</summary>
    internal bool ForcesOneShot { get; init; }

    /// <summary>NOTE_TRIGGER in the EV_ADD that creates a user event triggers it (USER-003).</summary>
    internal bool TriggersOnAdd { get; init; }

    /// <summary>A process can be watched for forks.</summary>
    internal bool FollowsForks { get; init; }

    /// <summary>The notes of timers and files are FreeBSD's; asked only where the ABI leaves it open.</summary>
    internal bool HasFreeBsdNotes { get; init; }

    /// <summary>True when a filter is served.</summary>
    internal bool Serves(EventFilter filter) => (Served >> -(int)filter & 1) != 0;

    /// <summary>The same with another filter served.</summary>
    internal KernelTraits Serving(params ReadOnlySpan<EventFilter> filters)
    {
        uint served = Served;
        foreach (EventFilter filter in filters)
            served |= 1u << -(int)filter;
        return this with { Served = served };
    }
}
