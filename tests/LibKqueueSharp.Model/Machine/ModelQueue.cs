using LibKqueueSharp.Model.Programs;

namespace LibKqueueSharp.Model.Machine;

/// <summary>The knotes of a queue in a list, those that are queued in another, and kqueue_register.</summary>
internal sealed partial class ModelQueue(Rules rules, ModelFiles files, bool virtualTime)
{
    private const EventFlags System = (EventFlags)0xF000;
    private const EventFlags HiddenActions =
        EventFlags.Add | EventFlags.Delete | EventFlags.Enable | EventFlags.Disable | EventFlags.ForceOneShot | EventFlags.KeepUData;

    private readonly List<ModelKnote> _knotes = [];
    private readonly List<ModelKnote> _queued = [];
    private Moment _now;

    /// <summary>
    /// The filters of which registrations went with a closed number. A backend may believe in such a one until it is changed with EV_ADD or
    /// EV_DELETE (deviation <c>stale-enable</c>), but no event of it is delivered.
    /// </summary>
    private readonly HashSet<EventFilter> _ghosts = [];

    /// <summary>Edge-triggered registrations of descriptors are handed out in the order of their activity, too.</summary>
    internal bool EdgesHavePlaces { get; init; }

    /// <summary>The registrations that went with their numbers (deviation <c>reused-unregistered</c>).</summary>
    private readonly List<ModelKnote> _lost = [];

    /// <summary>The changes of one call.</summary>
    /// <param name="changes">The changelist.</param>
    /// <param name="room">The size of the eventlist.</param>
    /// <param name="saysStale">Whether the call that was really made had this error for this change.</param>
    /// <returns>What the call returns if it ends here: an errno, or the records.</returns>
    internal (bool Ends, Errno Error, List<ModelEvent> Records) Apply(
        IEnumerable<Change> changes, int room, Func<Change, Errno, bool> saysStale)
    {
        List<ModelEvent> records = [];
        foreach (Change given in changes)
        {
            Change change = given with { Flags = given.Flags & ~System };
            if (change.Filter == 0 && rules.FilterZero is null)
                continue;
            (Errno error, uint shown) = Register(change, saysStale);
            if (error == Errno.None && !change.Has(EventFlags.Receipt))
                continue;
            if (records.Count < room)
            {
                records.Add(Record(change, error, shown));
                continue;
            }

            // CALL-ERR-004 to CALL-ERR-006, CORE-RCP-005
            if (error != Errno.None)
                return (true, error, []);
            if (!rules.ReceiptsNeedNoRoom)
                return (true, Errno.None, []);
        }

        // CALL-ERR-007, CORE-RCP-003
        return (records.Count > 0, Errno.None, records);
    }

    /// <summary>FD-CLOSE-001: closing a number drops its registrations, and nothing of them is delivered any more.</summary>
    internal void Closed(string name)
    {
        foreach (ModelKnote kn in _knotes.Where(k => k.File is not null && k.Ident == name).ToArray())
        {
            Drop(kn);
            _ghosts.Add(kn.Filter);
            _lost.Add(kn);
        }
    }

    /// <summary>KNOTE: something happened to a file.</summary>
    internal void Activity(ModelFile file, EventFilter filter)
    {
        foreach (ModelKnote kn in _knotes.Where(k => k.File == file && k.Filter == filter).ToArray())
            Evaluate(kn);
    }

    /// <summary>Something happened to a file that BSD and Linux do not agree on: it may look like activity.</summary>
    internal void DoubtfulActivity(ModelFile file, EventFilter filter)
    {
        foreach (ModelKnote kn in _knotes.Where(k => k.File == file && k.Filter == filter && !k.Active && Condition(k) != Holds.No).ToArray())
        {
            Activate(kn);
            kn.Anywhere = kn.Doubtful = true;
        }
    }

    private (Errno Error, uint ShownFFlags) Register(Change change, Func<Change, Errno, bool> saysStale)
    {
        uint shown = change.FFlags;
        if (!rules.KnowsForceAndKeep)
            change = change with { Flags = change.Flags & ~(EventFlags.ForceOneShot | EventFlags.KeepUData) };
        if (change.Filter == 0 && rules.FilterZero is { } zero)
            change = change with { Filter = zero };
        if (change.Filter is not (EventFilter.Read or EventFilter.Write or EventFilter.Timer or EventFilter.User))
            return (Errno.EINVAL, shown);
        bool add = change.Has(EventFlags.Add);
        bool delete = change.Has(EventFlags.Delete);
        if (change.Has(EventFlags.Enable) && change.Has(EventFlags.Disable) && rules.EnableAndDisable is null)
            return (Errno.EINVAL, shown);
        if (add && change.Has(EventFlags.KeepUData))
            return (Errno.EINVAL, shown);
        ModelFile? file = null;
        if (change.IsOnDescriptor && !files.TryGet(change.Ident, out file) && (add || !rules.RegistrationComesFirst))
            return (Errno.EBADF, shown);

        ModelKnote? kn = _knotes.Find(k => k.Is(change.Ident, change.Filter));
        if (add && delete)
        {
            delete = rules.AddAndDeleteDeletes && (kn is not null || !rules.AddAndDeleteAdds);
            add = !delete;
        }

        if (kn is null && !add)
        {
            bool believed = !delete && _ghosts.Contains(change.Filter) && !saysStale(change, Errno.ENOENT);
            return (believed ? Errno.None : Errno.ENOENT, shown);
        }

        if (kn is null)
            return (Create(change, file), 0);

        if (delete)
        {
            Drop(kn);
            return (Errno.None, shown);
        }

        Errno error = Modify(kn, change, add);

        // filt_usertouch leaves the low 24 bits of the change.
        return (error, change.Filter == EventFilter.User ? shown & (uint)UserNotes.FlagsMask : shown);
    }

    private Errno Create(Change change, ModelFile? file)
    {
        ModelKnote kn = new(change) { File = file, Disabled = IsDisabledBy(change) ?? false };
        if (rules.HidesActions)
            kn.Flags &= ~HiddenActions;
        Errno error = Attach(kn);
        if (error != Errno.None)
            return error;
        _knotes.Add(kn);
        _lost.RemoveAll(k => k.Is(kn.Ident, kn.Filter));
        EvaluateChange(kn);
        return Errno.None;
    }

    private Errno Attach(ModelKnote kn)
    {
        switch (kn.Filter)
        {
            case EventFilter.User:
                ModelUser.Create(kn, rules);
                return Errno.None;
            case EventFilter.Timer:
                Errno error = ModelTimers.Start(kn, _now);

                // TIMER-007
                kn.Flags |= EventFlags.Clear;
                return error;
            case EventFilter.Write when kn.File!.Kind == FileKind.PipeWriter && kn.File.Out!.ReaderGone:
                return rules.WithoutReader;
            case EventFilter.Write when kn.File!.Kind == FileKind.Regular:
                return rules.FileWriteError;
            default:
                return Errno.None;
        }
    }

    private Errno Modify(ModelKnote kn, Change change, bool add)
    {
        // CORE-FORCE-001
        if (change.Has(EventFlags.ForceOneShot))
        {
            kn.Flags |= EventFlags.OneShot;
            kn.Forced = true;
            Activate(kn);
            kn.Anywhere |= kn.File is not null;
        }

        kn.Disabled = IsDisabledBy(change) ?? kn.Disabled;
        bool modifies = add || kn.Filter == EventFilter.User || rules.EveryChangeModifies;
        if (modifies)
        {
            if (!change.Has(EventFlags.KeepUData))
                kn.UData = change.UData;
            Touch(kn, change, add);
            EvaluateChange(kn);
        }

        // CORE-DIS-003: what came while it was disabled.
        if (kn.Active && !_queued.Contains(kn))
        {
            Activate(kn);
            kn.Anywhere |= kn.File is not null;
        }

        return Errno.None;
    }

    private void Touch(ModelKnote kn, Change change, bool add)
    {
        if (kn.Filter == EventFilter.User)
        {
            ModelUser.Touch(kn, change, rules);
            return;
        }

        // TIMER-READD-003
        if (kn.Filter == EventFilter.Timer && (!add || !rules.AddRestartsTimer))
            return;
        (kn.SavedFFlags, kn.SavedData) = (change.FFlags, change.Data);
        if (kn.Filter != EventFilter.Timer)
            return;

        // TIMER-READD-001, TIMER-READD-002
        Errno error = ModelTimers.Start(kn, _now);
        if (error != Errno.None)
            kn.Timer = new ModelTimer(_now, long.MaxValue, 0) { Error = error };
        kn.Active = false;
        _queued.Remove(kn);
    }

    private void Drop(ModelKnote kn)
    {
        _knotes.Remove(kn);
        _queued.Remove(kn);
    }

    private bool? IsDisabledBy(Change change) => (change.Has(EventFlags.Enable), change.Has(EventFlags.Disable)) switch
    {
        (true, true) => !rules.EnableAndDisable,
        (true, false) => false,
        (false, true) => true,
        _ => null,
    };

    private ModelEvent Record(Change change, Errno error, uint shown) => new(
        change.Ident,
        change.Filter == 0 ? rules.FilterZero!.Value : change.Filter,
        EventFlags.Error | (rules.RecordsEcho ? change.Flags : 0),
        rules.RecordsEcho ? change.FFlags : shown,
        (long)error,
        (long)error,
        change.UData,
        ActionsCount: true);
}
