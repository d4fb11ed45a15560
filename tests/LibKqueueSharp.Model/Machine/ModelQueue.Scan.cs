using LibKqueueSharp.Conformance.Replay;

namespace LibKqueueSharp.Model.Machine;

/// <summary>
/// kqueue_scan. The order between descriptors on one side, timers and user events on the other, is left open
/// (deviation <c>order-between-mechanisms</c>), so the model follows what was answered, and checks that each answer is the next
/// of its side, and that nothing is missing.
/// </summary>
internal sealed partial class ModelQueue
{
    /// <summary>When a virtual clock has to stop: something is to be handed out, or the time is over.</summary>
    internal long EndOfWait(long began, long timeout)
    {
        for (long time = began; ;)
        {
            SetTime(new Moment(time, time));
            if (_queued.Exists(kn => IsDeliverable(kn) == Holds.Yes) || time >= began + timeout)
                return time;
            long next = _knotes.Where(kn => kn.Timer is not null).Select(kn => kn.Timer!.Next).Where(t => t > time).DefaultIfEmpty(long.MaxValue).Min();
            time = Math.Min(next, began + timeout);
        }
    }

    /// <summary>Time goes on: timers expire in their order.</summary>
    internal void SetTime(Moment now)
    {
        _now = now;
        List<(long Due, ModelKnote Kn)> due = [];
        foreach (ModelKnote kn in _knotes)
        {
            if (kn.Timer is { } timer && !kn.Active && timer.Next <= now.Latest)
                due.Add((timer.Next, kn));
        }

        foreach ((long time, ModelKnote kn) in due.OrderBy(d => d.Due))
        {
            Activate(kn);
            kn.Anywhere |= !virtualTime || due.Count(d => d.Due == time) > 1;
        }
    }

    /// <summary>Checks the events of a call, and does what handing them out does.</summary>
    /// <returns>What is wrong, or null.</returns>
    internal string? Take(IReadOnlyList<EventAnswer> events, int room)
    {
        if (events.Count > room)
            return $"{events.Count} events for {room} places";
        HashSet<ModelKnote> taken = [];
        foreach (EventAnswer actual in events)
        {
            if (TakeOne(actual, taken) is { } problem)
                return problem;
        }

        ModelKnote? missing = events.Count == room ? null : _queued.Find(kn => !taken.Contains(kn) && IsDeliverable(kn) == Holds.Yes);
        if (missing is not null)
            return $"{ToEvent(missing)} is missing";
        Forget(complete: events.Count < room, taken);
        return null;
    }

    private string? TakeOne(EventAnswer actual, HashSet<ModelKnote> taken)
    {
        ModelKnote? kn = _queued.Find(k => k.Ident == actual.Ident && FilterNames.Format(k.Filter) == actual.Filter);
        if (kn is null && IsOfLostRegistration(actual))
            return null;
        if (kn is null || IsDeliverable(kn) == Holds.No)
            return $"unexpected {actual}";

        // ORD-003
        if (taken.Contains(kn))
            return $"twice: {actual}";
        if (ToEvent(kn).Compare(actual) is { } difference)
            return difference;

        // ORD-001, ORD-002
        ModelKnote? earlier = !HasPlace(kn) ? null : _queued.TakeWhile(k => k != kn).FirstOrDefault(
            k => k.File is null == kn.File is null && HasPlace(k) && !taken.Contains(k) && IsDeliverable(k) == Holds.Yes);
        if (earlier is not null)
            return $"{actual} came before {ToEvent(earlier)}";
        AfterDelivery(kn, long.TryParse(actual.Data, out long data) ? data : 0, taken);
        return null;
    }

    /// <summary>
    /// Deviation <c>reused-unregistered</c>: events of READ with the old udata, while a duplicate of the closed file lives and the number stands for
    /// another file that is ready, too, and was not registered. Its name may be a new one.
    /// </summary>
    private bool IsOfLostRegistration(EventAnswer actual)
    {
        ModelKnote? lost = _lost.Find(k => k is { File.Numbers: > 0, Filter: EventFilter.Read }
            && FilterNames.Format(k.Filter) == actual.Filter && k.UData == actual.UData);
        return lost is not null
            && files.TryGet(actual.Ident, out ModelFile? now)
            && now.Readable(lost, rules).Holds != Holds.No
            && !_knotes.Exists(k => k.Ident == actual.Ident);
    }

    private void AfterDelivery(ModelKnote kn, long data, HashSet<ModelKnote> taken)
    {
        _queued.Remove(kn);
        kn.Anywhere = kn.Doubtful = false;

        // CORE-ONE-001, CORE-ONE-006
        if (kn.Has(EventFlags.OneShot) || HasLostReader(kn))
        {
            Drop(kn);
            return;
        }

        // CORE-CLR-001, CORE-CLR-004, CORE-DSP-001, CORE-DSP-004
        bool clear = kn.Has(EventFlags.Clear);
        bool dispatch = kn.Has(EventFlags.Dispatch) && !(clear && rules.ClearHidesDispatch);
        if (clear)
        {
            kn.Triggered = false;
            if (kn.Timer is { Error: not Errno.None })
                kn.Timer = new ModelTimer(_now, long.MaxValue, 0);
            kn.Timer?.Take(data);
        }

        kn.Disabled |= dispatch;
        kn.Active = !clear && !dispatch;
        if (!kn.Active)
            return;
        _queued.Add(kn);
        taken.Add(kn);
    }

    /// <summary>ORD-008: what a scan met and could not hand out leaves the queue. Which those were is known after a complete scan only.</summary>
    private void Forget(bool complete, HashSet<ModelKnote> taken)
    {
        foreach (ModelKnote kn in _queued.Where(k => !taken.Contains(k)).ToArray())
        {
            Holds holds = IsDeliverable(kn);
            if (holds == Holds.Yes || (holds == Holds.Perhaps && !kn.Disabled))
                continue;
            if (!complete)
            {
                kn.Anywhere = true;
                continue;
            }

            _queued.Remove(kn);
            kn.Anywhere = false;
            kn.Active = kn.Disabled;
        }
    }

    /// <summary>The end of a change: the kernel's done_ev_add.</summary>
    private void EvaluateChange(ModelKnote kn)
    {
        // CORE-DIS-003: what happens meanwhile is remembered; a change does not look at a disabled registration. Trace add_disabled: NetBSD and OpenBSD do.
        if (kn.Disabled && rules.EveryChangeModifies)
            return;
        Evaluate(kn);

        // Activity of other descriptors becomes known at the scan: what a change has found may be handed out before it.
        kn.Anywhere |= kn.File is not null;
    }

    private void Evaluate(ModelKnote kn)
    {
        Holds holds = Condition(kn);
        if (holds == Holds.No)
            return;
        kn.Doubtful = false;
        Activate(kn);

        // One call activates all numbers of a file: no clause says in which order.
        kn.Anywhere |= holds == Holds.Perhaps || kn.File?.Kind == FileKind.Regular || kn.File?.Numbers > 1;
    }

    private void Activate(ModelKnote kn)
    {
        kn.Active = true;
        if (!kn.Disabled && !_queued.Contains(kn))
            _queued.Add(kn);
    }

    // Deviation order-between-mechanisms: on Linux, edges and levels of descriptors become known by different ways.
    private bool HasPlace(ModelKnote kn) =>
        !kn.Anywhere && (EdgesHavePlaces || kn.File is null || !(kn.Has(EventFlags.Clear | EventFlags.Dispatch) || kn.SavedFFlags != 0));

    private Holds IsDeliverable(ModelKnote kn)
    {
        if (kn.Disabled)
            return Holds.No;
        Holds holds = kn.Forced ? Holds.Yes : Condition(kn);
        return holds == Holds.Yes && kn.Doubtful ? Holds.Perhaps : holds;
    }

    private Holds Condition(ModelKnote kn)
    {
        switch (kn.Filter)
        {
            case EventFilter.User:
                return kn.Triggered ? Holds.Yes : Holds.No;
            case EventFilter.Timer:
                if (kn.Timer!.Error != Errno.None)
                    return Holds.Yes;
                (long least, long most) = kn.Timer.Pending(_now);
                return least > 0 ? Holds.Yes : most > 0 ? Holds.Perhaps : Holds.No;
            case EventFilter.Read:
                return kn.File!.Readable(kn, rules).Holds;
            default:
                return kn.File!.Writable(rules).Holds;
        }
    }

    private bool HasLostReader(ModelKnote kn) =>
        rules.WriterEofIsOneShot && kn.Filter == EventFilter.Write && kn.File!.Kind == FileKind.PipeWriter && kn.File.Out!.ReaderGone;

    private ModelEvent ToEvent(ModelKnote kn)
    {
        EventFlags flags = kn.Flags | (HasLostReader(kn) ? EventFlags.OneShot : 0);
        (uint fflags, long least, long most) = (0u, 0L, 0L);
        switch (kn.Filter)
        {
            // USER-ONE-002
            case EventFilter.User when !(rules.OneShotUserIsBare && kn.Has(EventFlags.OneShot)):
                fflags = kn.SavedFFlags;
                least = most = kn.SavedData;
                break;
            case EventFilter.User:
                break;
            case EventFilter.Timer when kn.Timer!.Error != Errno.None:
                flags |= EventFlags.Error;
                least = most = (long)kn.Timer.Error;
                break;

            // TIMER-002, TIMER-008
            case EventFilter.Timer:
                (least, most) = kn.Timer!.Pending(_now);
                if (!kn.Forced)
                    least = Math.Max(1, least);
                break;
            default:
                (_, long data, bool eof) = kn.Filter == EventFilter.Read ? kn.File!.Readable(kn, rules) : kn.File!.Writable(rules);
                flags |= eof ? EventFlags.Eof : 0;
                least = most = data;
                if (kn.Filter == EventFilter.Write && kn.File.Kind != FileKind.Regular)
                    (least, most) = ModelEvent.AnyData;
                break;
        }

        return new ModelEvent(kn.Ident, kn.Filter, flags, fflags, least, most, kn.UData, rules.HidesActions);
    }
}
