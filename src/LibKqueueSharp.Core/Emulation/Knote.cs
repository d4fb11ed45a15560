namespace LibKqueueSharp.Emulation;

/// <summary>
/// The states of a knote. Active and Disabled are independent; Queued says that the knote is in the queue's list.
/// <code>
/// change                 Active  Queued  Disabled
/// activity, enabled        1       1        0
/// activity, disabled       1       -        1
/// EV_DISABLE               -       -        1      stays in the list until a scan meets it
/// EV_ENABLE, Active        1       1        0
/// scan, condition gone     0       0        0
/// scan, level              1       1        0      at the tail
/// scan, EV_CLEAR           0       0        0
/// scan, EV_DISPATCH        0       0        1
/// </code>
/// </summary>
[Flags]
internal enum KnoteStatus : ushort
{
    None = 0,
    Active = 0x01,
    Queued = 0x02,
    Disabled = 0x04,

    /// <summary>EV_FORCEONESHOT: the next scan delivers it unseen.</summary>
    Forced = 0x08,

    /// <summary>EVFILT_USER: NOTE_TRIGGER was given and not yet taken.</summary>
    Triggered = 0x10,

    /// <summary>A descriptor's knote whose interest sits in the second registration.</summary>
    Second = 0x20,

    /// <summary>In the poller's list of knotes that are looked at before each scan.</summary>
    Watched = 0x40,

    /// <summary>Queued, and the kernel's own readiness of the queue's descriptor does not show it.</summary>
    Hidden = 0x80,
}

/// <summary>
/// One registration: (ident, filter) in one queue. Every field is read and written under the queue's lock.
/// 112 bytes; pooled by its queue.
/// </summary>
internal sealed class Knote
{
    /// <summary>The queue's list of active knotes.</summary>
    internal Knote? Next;
    internal Knote? Previous;

    /// <summary>The chain of its hash bucket or of its descriptor, or the pool.</summary>
    internal Knote? Link;

    internal Filter Filter = null!;
    internal nuint Ident;
    internal nint UData;

    /// <summary>What an event reports (kn_data, kn_fflags).</summary>
    internal long Data;
    internal uint FFlags;

    /// <summary>What the last change gave (kn_sdata, kn_sfflags).</summary>
    internal uint SavedFFlags;
    internal long SavedData;

    /// <summary>The filter's own: a timer's period in nanoseconds, the count last delivered by a watched knote.</summary>
    internal long State;

    /// <summary>The filter's own: a timer's place in the heap, a watched knote's place in the list of the watched.</summary>
    internal int Position;

    /// <summary>The scan that put the knote back at the tail: one scan returns no knote twice (ORD-003).</summary>
    internal uint Scan;

    internal EventFlags Flags;
    internal KnoteStatus Status;

    internal bool Is(KnoteStatus status) => (Status & status) != 0;

    internal bool Has(EventFlags flags) => (Flags & flags) != 0;

    /// <summary>The event as it stands (<c>*kevp = kn->kn_kevent</c>).</summary>
    internal KEvent ToEvent() => new(Ident, Filter.Number, Flags, FFlags, Data, UData);

    internal void Reset()
    {
        Next = Previous = Link = null;
        Filter = null!;
        Ident = 0;
        UData = 0;
        Data = SavedData = State = 0;
        FFlags = SavedFFlags = 0;
        Position = -1;
        Scan = 0;
        Flags = EventFlags.None;
        Status = KnoteStatus.None;
    }
}
