namespace LibKqueueSharp.Emulation;

/// <summary>EVFILT_USER (clauses USER-001 to USER-THR-001; filt_user in FreeBSD's kern_event.c).</summary>
internal sealed class UserFilter(EmulatedQueue queue) : Filter(queue, EventFilter.User)
{
    internal override Errno Attach(Knote kn)
    {
        uint given = kn.SavedFFlags;
        kn.SavedFFlags = Dialect.UserCreation switch
        {
            UserCreationPolicy.Masked => given & (uint)UserNotes.FlagsMask,
            UserCreationPolicy.Applied => Apply(0, given),
            _ => given,
        };
        if (Dialect.UserTriggersOnAdd && (given & (uint)UserNotes.Trigger) != 0)
            kn.Status |= KnoteStatus.Triggered;
        return Errno.None;
    }

    internal override Errno Detach(Knote kn) => Errno.None;

    internal override Errno Touch(Knote kn, ref KEvent change)
    {
        if ((change.FFlags & (uint)UserNotes.Trigger) != 0)
            kn.Status |= KnoteStatus.Triggered;
        kn.SavedFFlags = Apply(kn.SavedFFlags, change.FFlags);
        kn.SavedData = change.Data;
        change.FFlags &= (uint)UserNotes.FlagsMask;
        if (Dialect.UserClearUntriggers && (change.Flags & EventFlags.Clear) != 0)
            kn.Status &= ~KnoteStatus.Triggered;
        return Errno.None;
    }

    internal override bool Event(Knote kn) => kn.Is(KnoteStatus.Triggered);

    internal override KEvent Take(Knote kn)
    {
        KEvent taken = kn.ToEvent();
        if (!kn.Has(EventFlags.OneShot) || Dialect.UserOneShotReportsStored)
        {
            taken.FFlags = kn.SavedFFlags;
            taken.Data = kn.SavedData;
        }

        if (kn.Has(EventFlags.Clear))
            kn.Status &= ~KnoteStatus.Triggered;
        return taken;
    }

    private static uint Apply(uint stored, uint fflags)
    {
        uint flags = fflags & (uint)UserNotes.FlagsMask;
        return (UserNotes)(fflags & (uint)UserNotes.ControlMask) switch
        {
            UserNotes.And => stored & flags,
            UserNotes.Or => stored | flags,
            UserNotes.Copy => flags,
            _ => stored,
        };
    }
}
