using LibKqueueSharp.Model.Programs;

namespace LibKqueueSharp.Model.Machine;

/// <summary>EVFILT_USER.</summary>
internal static class ModelUser
{
    private const uint Low = (uint)UserNotes.FlagsMask;

    /// <summary>USER-001, USER-003, USER-FF-007.</summary>
    internal static void Create(ModelKnote kn, Rules rules)
    {
        kn.Triggered = rules.CreationTriggers && IsTrigger(kn.SavedFFlags);
        if (rules.CreationMasksNotes)
            kn.SavedFFlags &= Low;
    }

    /// <summary>USER-004, USER-009, USER-FF-001 to USER-FF-006, USER-DATA-001.</summary>
    internal static void Touch(ModelKnote kn, Change change, Rules rules)
    {
        if (IsTrigger(change.FFlags))
            kn.Triggered = true;
        if (rules.ClearUntriggers && change.Has(EventFlags.Clear))
            kn.Triggered = false;
        uint given = change.FFlags & Low;
        kn.SavedFFlags = (UserNotes)(change.FFlags & (uint)UserNotes.ControlMask) switch
        {
            UserNotes.And => kn.SavedFFlags & given,
            UserNotes.Or => kn.SavedFFlags | given,
            UserNotes.Copy => given,
            _ => kn.SavedFFlags,
        };
        kn.SavedData = change.Data;
    }

    private static bool IsTrigger(uint fflags) => (fflags & (uint)UserNotes.Trigger) != 0;
}
