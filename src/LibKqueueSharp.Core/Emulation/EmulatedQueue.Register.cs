using System.Runtime.CompilerServices;

namespace LibKqueueSharp.Emulation;

/// <summary>kqueue_register: one change, and the rules of the changelist.</summary>
internal sealed partial class EmulatedQueue
{
    private const EventFlags SystemFlags = (EventFlags)0xF000;
    private const EventFlags Actions =
        EventFlags.Add | EventFlags.Delete | EventFlags.Enable | EventFlags.Disable
        | EventFlags.ForceOneShot | EventFlags.KeepUData;

    /// <summary>Applies the changelist.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="events">Room for records.</param>
    /// <param name="scans">A scan follows unless the call ends here; it will show on the descriptor what it leaves.</param>
    /// <param name="result">The number of records, or -1.</param>
    /// <param name="error">Why the call ends with -1.</param>
    /// <returns>True when the call ends here, with <paramref name="result"/> and <paramref name="error"/>.</returns>
    private bool ApplyChanges(ReadOnlySpan<KEvent> changes, Span<KEvent> events, bool scans, out int result, out Errno error)
    {
        bool ended;
        bool wake;
        lock (_gate)
        {
            if (_closed)
            {
                (result, error) = (-1, Errno.EBADF);
                return true;
            }

            // ORD-001: a timer that expired before these changes is queued before what they activate.
            ExpireTimers();
            ended = ApplyChangesLocked(changes, events, out result, out error);
            if (ended || !scans)
                UpdateExport();
            wake = NeedsWake();
        }

        SwitchPoint.Here();
        if (wake)
            _poller.Wake();
        return ended;
    }

    private bool ApplyChangesLocked(ReadOnlySpan<KEvent> changes, Span<KEvent> events, out int records, out Errno error)
    {
        records = 0;

        // The kernel copies changes in before it writes records. Where both begin at one address, no record is ahead of the changes.
        if (changes.Length > 1 && changes.Overlaps(events) && !Unsafe.AreSame(in changes[0], in events[0]))
            changes = changes.ToArray();
        foreach (ref readonly KEvent given in changes)
        {
            // CALL-ALIAS-001: the record may overwrite the change.
            KEvent change = given;
            if (change.Filter == 0 && Dialect.FilterZero == FilterZeroPolicy.Ignored)
                continue;
            change.Flags &= ~SystemFlags;
            error = Register(ref change);
            if (error == Errno.None && (change.Flags & EventFlags.Receipt) == 0)
                continue;
            if (records < events.Length)
            {
                events[records++] = ToRecord(given, change, error);
                continue;
            }

            if (error == Errno.None && Dialect.ReceiptsWithoutRoomContinue)
                continue;

            // CORE-RCP-005: a receipt without room ends the call with 0, whatever was written before.
            records = error == Errno.None ? 0 : -1;
            return true;
        }

        error = Errno.None;
        return records != 0;
    }

    private KEvent ToRecord(in KEvent given, in KEvent change, Errno error)
    {
        KEvent record = change;
        record.Flags = EventFlags.Error;
        record.Data = (long)error;
        if (Dialect.RecordsEchoChange)
        {
            record.Flags |= given.Flags & ~SystemFlags;
            record.FFlags = given.FFlags;
        }

        return record;
    }

    private Errno Register(ref KEvent change)
    {
        if (!Dialect.HasForceOneShotAndKeepUData)
            change.Flags &= ~(EventFlags.ForceOneShot | EventFlags.KeepUData);
        EventFlags flags = change.Flags;
        if (change.Filter == 0 && Dialect.FilterZero == FilterZeroPolicy.Read)
            change.Filter = EventFilter.Read;
        if (FindFilter(change.Filter) is not { } filter)
            return Unserved(change.Filter);
        if (Both(flags, EventFlags.Enable | EventFlags.Disable)
            && Dialect.EnableWithDisable == EnableWithDisablePolicy.Refused)
            return Errno.EINVAL;
        if (Both(flags, EventFlags.Add | EventFlags.KeepUData))
            return Errno.EINVAL;
        Errno error = filter.CheckIdent(change);
        if (error != Errno.None)
            return error;

        Knote? kn = filter.Find(change.Ident);
        bool add = (flags & EventFlags.Add) != 0;
        bool delete = (flags & EventFlags.Delete) != 0;
        if (kn is not null && add && !filter.StillThere(kn))
            kn = null;
        if (add && delete)
        {
            add = Dialect.AddWithDelete != AddWithDeletePolicy.DeleteOnly;
            delete = Dialect.AddWithDelete != AddWithDeletePolicy.Add && (kn is not null || !add);
        }

        if (kn is not null && delete)
            return Delete(kn);
        if (kn is not null)
            return Modify(kn, ref change, add);
        return add ? Create(filter, ref change) : Errno.ENOENT;
    }

    /// <summary>Makes a knote: for a change, or for a filter whose registrations multiply (NOTE_TRACK). Called with the lock held.</summary>
    internal Errno Create(Filter filter, ref KEvent change)
    {
        Knote kn = NewKnote();
        kn.Filter = filter;
        kn.Ident = change.Ident;
        kn.UData = change.UData;
        kn.SavedFFlags = change.FFlags;
        kn.SavedData = change.Data;
        kn.Flags = Dialect.EchoActions ? change.Flags : change.Flags & ~Actions;
        if (ResultsDisabled(change.Flags))
            kn.Status |= KnoteStatus.Disabled;

        // CALL-ERR-009: from here on the record of this change shows fflags 0.
        change.FFlags = 0;
        filter.Insert(kn);
        _knotes++;
        Errno error = filter.Attach(kn);
        if (error != Errno.None)
        {
            Forget(kn);
            return error;
        }

        // Where EV_ENABLE asks nothing, a knote that is added disabled is asked now, and remembers (NetBSD's kqueue_register).
        if (!kn.Is(KnoteStatus.Disabled) || !Dialect.EnableReevaluates)
            filter.Reevaluate(kn);
        return Errno.None;
    }

    private Errno Modify(Knote kn, ref KEvent change, bool add)
    {
        EventFlags flags = change.Flags;
        if ((flags & EventFlags.ForceOneShot) != 0)
        {
            kn.Flags |= EventFlags.OneShot;
            kn.Status |= KnoteStatus.Forced;
            Activate(kn);
            Hide(kn);
        }

        bool wasDisabled = kn.Is(KnoteStatus.Disabled);
        if (ResultsDisabled(flags))
            kn.Status |= KnoteStatus.Disabled;
        else if ((flags & EventFlags.Enable) != 0)
            kn.Status &= ~KnoteStatus.Disabled;

        bool user = kn.Filter.Number == EventFilter.User;
        if (add || user || !Dialect.OnlyAddModifies)
        {
            if ((flags & EventFlags.KeepUData) == 0)
                kn.UData = change.UData;
            Errno error = kn.Filter.Touch(kn, ref change);
            if (error != Errno.None)
                return error;
        }

        Filter filter = kn.Filter;
        if (kn.Is(KnoteStatus.Disabled))
        {
            // As at the end of Create. What else may be disabled is looked at when it is enabled.
            if (user && !Dialect.EnableReevaluates)
                filter.Reevaluate(kn);
            filter.Disabled(kn);
            return Errno.None;
        }

        if (wasDisabled)
            filter.Enabled(kn);
        if (add || user || Dialect.EnableReevaluates)
            filter.Reevaluate(kn);
        // A filter that found its object gone has discarded the knote, and its state with it.
        if (kn.Is(KnoteStatus.Forced))
            filter.Look(kn);
        if (kn.Is(KnoteStatus.Active) && !kn.Is(KnoteStatus.Queued))
            Enqueue(kn);
        return Errno.None;
    }

    private Errno Delete(Knote kn)
    {
        Errno error = kn.Filter.Detach(kn);
        Forget(kn);

        // CALL-ERR-018: where the registration is looked for first, it is the registration that a close has removed.
        return error == Errno.EBADF && Dialect.ClosedDescriptorNeedsAdd ? Errno.ENOENT : error;
    }

    // AIO-006, LIO-003: registered by other calls only. SENDFILE-001: a number and nothing behind it. BADF-001: a filter that
    // is known and not served says so.
    private Errno Unserved(EventFilter number) => number switch
    {
        EventFilter.Aio => Dialect.AioAdd,
        EventFilter.Lio => Errno.EPERM,
        EventFilter.SendFile => Errno.ENXIO,
        _ => Enum.IsDefined(number) ? Errno.ENOTSUP : Errno.EINVAL,
    };

    private bool ResultsDisabled(EventFlags flags) =>
        (flags & EventFlags.Disable) != 0
        && ((flags & EventFlags.Enable) == 0 || Dialect.EnableWithDisable == EnableWithDisablePolicy.Disables);

    private static bool Both(EventFlags flags, EventFlags bits) => (flags & bits) == bits;
}
