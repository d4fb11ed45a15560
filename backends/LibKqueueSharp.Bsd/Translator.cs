namespace LibKqueueSharp.Kernels;

/// <summary>
/// Translates one queue's changes and events, and adds what is the same everywhere: action bits and foreign bits never show in an event, EV_KEEPUDATA,
/// the wait status on macOS, the trigger of a new user event. Allocates nothing but entries of <see cref="UDataTable"/>.
/// Any thread may call any member.
/// </summary>
internal sealed class Translator
{
    /// <summary>The ident of the user event by which the queue wakes its waiters; nobody else can register it.</summary>
    internal const ulong WakeIdent = 0x6b71_7561_6b65_7570;

    private const uint Actions = (uint)(EventFlags.Add | EventFlags.Delete | EventFlags.Enable | EventFlags.Disable);
    private const uint OnlyFreeBsd = (uint)(EventFlags.ForceOneShot | EventFlags.KeepUData);
    private const uint Results = (uint)(EventFlags.Error | EventFlags.Eof);
    private const uint Attributes = (uint)(EventFlags.OneShot | EventFlags.Clear | EventFlags.Receipt | EventFlags.Dispatch);
    private const uint Trigger = (uint)UserNotes.Trigger;

    private readonly KqueueAbi _abi;
    private readonly KqueueLibrary _library;
    private readonly KernelTraits _traits;
    private readonly Dialect _dialect;
    private readonly UDataTable? _table;
    private readonly bool _splitsTriggers;

    /// <summary>Written once, with the first operation.</summary>
    private AioOperations? _operations;

    internal Translator(KqueueAbi abi, KqueueLibrary library, KernelTraits traits, Dialect dialect)
    {
        _abi = traits.HasFreeBsdNotes && abi.TimersAreNotFixed ? abi.WithFreeBsdNotes() : abi;
        _library = library;
        _traits = traits;
        _dialect = dialect;
        _splitsTriggers = dialect.UserTriggersOnAdd && !traits.TriggersOnAdd;
        if ((dialect.HasForceOneShotAndKeepUData && !traits.KeepsUData) || (traits.TriggersOnAdd && !dialect.UserTriggersOnAdd))
            _table = new();
    }

    /// <summary>The queue's asynchronous operations; null as long as there was none.</summary>
    internal AioOperations? Operations => Volatile.Read(ref _operations);

    /// <summary>Sets them, unless another thread has.</summary>
    internal AioOperations UseOperations(AioOperations operations) => Interlocked.CompareExchange(ref _operations, operations, null) ?? operations;

    /// <summary>
    /// True when the change has to be followed by a plain trigger: the dialect triggers a new user event and the kernel does not (USER-003).
    /// The flags and data of the two together are those of the one.
    /// </summary>
    internal bool NeedsTrigger(in KEvent change) =>
        _splitsTriggers && change.Filter == EventFilter.User
        && (change.Flags & (EventFlags.Add | EventFlags.Delete)) == EventFlags.Add && (change.FFlags & Trigger) != 0;

    /// <summary>The trigger that follows.</summary>
    internal RawEvent TriggerAfter(in KEvent change) => new()
    {
        Ident = change.Ident,
        Filter = _abi.Filters.ToSystem(EventFilter.User),
        FFlags = Trigger,
        Data = change.Data,
        UData = change.UData,
    };

    /// <summary>
    /// Translates a change that is about to be sent; what cannot be had becomes a change that the kernel refuses in its place, with EINVAL.
    /// Once for each sending: the table remembers it.
    /// </summary>
    internal RawEvent ToSystem(in KEvent change)
    {
        RawEvent raw = Translate(change);
        if (change.Filter is EventFilter.Aio or EventFilter.Lio && Operations is { } operations)
        {
            operations.ToSystem(change, Keeps(change), ref raw);
            return raw;
        }

        if (_table is not null)
            Remember(change, ref raw);
        return raw;
    }

    private RawEvent Translate(in KEvent change)
    {
        RawEvent raw = EventBuffer.Of(change);
        raw.Filter = _abi.Filters.ToSystem(change.Filter);
        if (!_abi.Filters.Has(change.Filter))
        {
            raw.Flags &= ~OnlyFreeBsd;
            return raw;
        }

        if (IsWake(change) || IsReserved(change) || !TryFlags(change, ref raw) || !TryNotes(change, ref raw))
        {
            raw = EventBuffer.Of(change);
            raw.Flags &= ~OnlyFreeBsd;
            raw.Filter = FilterNumbers.Refuse(change.Filter);
        }

        return raw;
    }

    /// <summary>Translates an event or a record.</summary>
    internal KEvent FromSystem(in RawEvent raw)
    {
        TryFromSystem(raw, out KEvent e);
        return e;
    }

    /// <summary>Translates an event or a record.</summary>
    /// <returns>False for the event of an operation that is gone: it is not handed out.</returns>
    internal bool TryFromSystem(in RawEvent raw, out KEvent e)
    {
        e = FromKernel(raw);
        return Operations is not { } operations || !operations.Owns(raw) || operations.TryFromSystem(raw, ref e);
    }

    private KEvent FromKernel(in RawEvent raw)
    {
        KEvent e = new(raw.Ident, _abi.Filters.FromSystem(raw.Filter), (EventFlags)(raw.Flags & (Attributes | Results)), raw.FFlags, raw.Data, raw.UData);
        if ((raw.Flags & (uint)EventFlags.Error) != 0)
            return Record(raw, e);
        if (_dialect.EchoActions)
            e.Flags |= (EventFlags)(raw.Flags & Actions);
        e.FFlags = Notes(e);
        if (e.Filter == EventFilter.Aio)
            e.Data = (long)_abi.Errors.FromSystem(raw.Data);
        if (_table is not null)
            Learn(e);
        return e;
    }

    private void Learn(in KEvent e)
    {
        if ((e.Flags & EventFlags.OneShot) != 0)
            _table!.Forget(e.Ident, e.Filter, e.UData);
        else if (e.Filter == EventFilter.Process && (e.FFlags & (uint)ProcessNotes.Child) != 0)
            _table!.Note(new(e.Ident, e.Filter, EventFlags.Add, udata: e.UData));
    }

    /// <summary>
    /// Takes back what was remembered of changes that the kernel has refused. Of several changes that fail without room for a record it is not known which
    /// were applied; they stay remembered.
    /// </summary>
    internal void TakeBack(ReadOnlySpan<KEvent> changes, ReadOnlySpan<KEvent> events, int count, Errno error)
    {
        if (_table is null)
            return;
        if (count < 0 && events.IsEmpty && changes.Length == 1 && error != Errno.EINTR)
            _table.TakeBack(changes[0].Ident, changes[0].Filter);
        for (int i = 0; i < count; i++)
        {
            if (events[i].IsRecord && events[i].Data != 0)
                _table.TakeBack(events[i].Ident, events[i].Filter);
        }
    }

    /// <summary>True for the event by which the queue wakes its waiters.</summary>
    internal static bool IsWake(in KEvent e) => e.Filter == EventFilter.User && e.Ident == unchecked((nuint)WakeIdent);

    // Where the kernel does the operations, no user event stands for one.
    private bool IsReserved(in KEvent change) =>
        change.Filter == EventFilter.User && AioOperations.IsReserved(change.Ident) && !AioSupport.IsKernelsIn(_abi, _library);

    /// <summary>The change that registers it, or triggers it.</summary>
    internal RawEvent Wake(bool creates) => new()
    {
        Ident = unchecked((nuint)WakeIdent),
        Filter = _abi.Filters.ToSystem(EventFilter.User),
        Flags = creates ? (uint)(EventFlags.Add | EventFlags.Clear) : 0,
        FFlags = creates ? 0 : Trigger,
    };

    /// <summary>Why a change was refused here and not by the kernel; null when it was not.</summary>
    internal string? WhyRefused(in KEvent change)
    {
        if (!_abi.Filters.Has(change.Filter) && change.Filter != 0)
            return $"{_abi.Name} has no such filter";
        if (FilterNumbers.IsRefused(Translate(change).Filter))
            return IsWake(change) || IsReserved(change) ? "the ident is the queue's own" : $"{_abi.Name} has no such flag or note";
        return null;
    }

    private bool TryFlags(in KEvent change, ref RawEvent raw)
    {
        if (NeedsTrigger(change))
            raw.FFlags &= ~Trigger;
        if ((change.Flags & (EventFlags.KeepUData | EventFlags.ForceOneShot)) == 0)
            return true;
        if (!_dialect.HasForceOneShotAndKeepUData)
        {
            raw.Flags &= ~OnlyFreeBsd;
            return true;
        }

        if ((change.Flags & EventFlags.ForceOneShot) != 0 && !_traits.ForcesOneShot)
            return false;
        if (!Keeps(change) || _traits.KeepsUData)
            return true;
        raw.Flags &= ~(uint)EventFlags.KeepUData;
        return (change.Flags & EventFlags.Add) == 0;
    }

    private bool Keeps(in KEvent change) => _dialect.HasForceOneShotAndKeepUData && (change.Flags & EventFlags.KeepUData) != 0;

    private void Remember(in KEvent change, ref RawEvent raw)
    {
        bool isRefused = FilterNumbers.IsRefused(raw.Filter);
        if (isRefused || (Keeps(change) && (change.Flags & EventFlags.Delete) == 0))
        {
            nint udata = _table!.Find(change.Ident, change.Filter);
            if (!isRefused && !_traits.KeepsUData)
                raw.UData = udata;
            return;
        }

        bool known = _table!.Note(change);
        if (!known && _traits.TriggersOnAdd && !_dialect.UserTriggersOnAdd && change.Filter == EventFilter.User)
            raw.FFlags &= ~Trigger;
    }

    private bool TryNotes(in KEvent change, ref RawEvent raw)
    {
        bool translated = change.Filter == EventFilter.Timer
            ? TimerNumbers.TryToSystem(_abi.Timers, ref raw)
            : _abi.Notes.TryToSystem(change.Filter, ref raw.FFlags);
        if (!translated)
        {
            // A deletion has no notes: whatever stands there does not matter (CORE-DEL-004).
            raw.FFlags = 0;
            return (change.Flags & (EventFlags.Add | EventFlags.Delete)) == EventFlags.Delete;
        }

        if (AddsExitStatus && change.Filter == EventFilter.Process
            && (change.FFlags & (uint)ProcessNotes.Exit) != 0 && (change.Flags & EventFlags.Delete) == 0)
        {
            raw.FFlags &= ~(uint)ProcessNotes.ExitStatus;
            if (_library.IsChild(change.Ident))
                raw.FFlags |= (uint)ProcessNotes.ExitStatus;
        }

        return true;
    }

    private bool AddsExitStatus => _abi.Notes.HasExitStatus && !_dialect.ProcessStatusNeedsNote;

    private KEvent Record(in RawEvent raw, KEvent record)
    {
        record.Data = (long)_abi.Errors.FromSystem(raw.Data);
        if (_dialect.RecordsEchoChange)
            record.Flags |= (EventFlags)(raw.Flags & Actions);
        else if (_abi.Dialect.RecordsEchoChange)
            record.Flags = EventFlags.Error;
        if (!FilterNumbers.IsRefused(raw.Filter))
            record.FFlags = Notes(record);
        return record;
    }

    private uint Notes(in KEvent e)
    {
        switch (e.Filter)
        {
            case EventFilter.Timer:
                return TimerNumbers.FromSystem(_abi.Timers, e.FFlags);
            case EventFilter.Read or EventFilter.Write or EventFilter.Except when (e.Flags & EventFlags.Eof) != 0 && e.FFlags != 0:
                return (uint)_abi.Errors.FromSystem(e.FFlags);
            case EventFilter.Process when AddsExitStatus:
                return e.FFlags & ~(uint)ProcessNotes.ExitStatus;
            default:
                return _abi.Notes.FromSystem(e.Filter, e.FFlags);
        }
    }
}
