namespace LibKqueueSharp.Conformance.Clauses;

/// <summary>
/// What a clause does with a queue. Each verb is one call of kevent; the clause fails when the queue answers otherwise
/// than the verb says.
/// </summary>
internal abstract class QueueVerbs
{
    private const int UsualRoom = 64;
    private const EventFlags Actions = EV_ADD | EV_DELETE | EV_ENABLE | EV_DISABLE | EV_FORCEONESHOT | EV_KEEPUDATA;

    // An event that is on its way although it must not come needs a moment.
    private static readonly KeventTimeout s_moment = KeventTimeout.FromTimeSpan(TimeSpan.FromMilliseconds(5));

    /// <summary>Makes a call of kevent and takes whatever it answers.</summary>
    public abstract CallResult Call(ReadOnlySpan<KEvent> changes, int room, KeventTimeout timeout);

    /// <summary>The clause that does it.</summary>
    protected abstract ClauseTest Test { get; }

    /// <summary>Makes a call without room for events; takes whatever it answers.</summary>
    public CallResult Call(params ReadOnlySpan<KEvent> changes) => Call(changes, 0, KeventTimeout.Zero);

    /// <summary>Makes one change that must succeed.</summary>
    public void Change(nuint ident, EventFilter filter, EventFlags flags, uint fflags = 0, long data = 0, nint udata = 0) =>
        Change(new KEvent(ident, filter, flags, fflags, data, udata));

    /// <summary>Makes changes that must succeed.</summary>
    public void Change(params ReadOnlySpan<KEvent> changes)
    {
        CallResult result = Call(changes);
        if (result.Count != 0)
            throw new ClauseFailedException($"the change {Transcript.Text(changes.ToArray())} was to succeed: {result}");
    }

    /// <summary>Registers; other flags than EV_ADD are given here.</summary>
    public void Add(nuint ident, EventFilter filter, EventFlags flags = 0, uint fflags = 0, long data = 0, nint udata = 0)
    {
        KEvent change = new(ident, filter, EV_ADD | flags, fflags, data, udata);
        CallResult result = Call(change);
        Test.JudgeService(filter, succeeded: result.Count == 0);
        if (result.Count != 0)
            throw new ClauseFailedException($"the change {change} was to succeed: {result}");
    }

    /// <summary>Registers user events 1 to <paramref name="count"/> with EV_CLEAR.</summary>
    public void AddUsers(int count)
    {
        for (int ident = 1; ident <= count; ident++)
            Add((nuint)ident, EVFILT_USER, EV_CLEAR);
    }

    public void Delete(nuint ident, EventFilter filter) => Change(ident, filter, EV_DELETE);

    public void Enable(nuint ident, EventFilter filter) => Change(ident, filter, EV_ENABLE);

    public void Disable(nuint ident, EventFilter filter) => Change(ident, filter, EV_DISABLE);

    /// <summary>Triggers a user event; an operation on its flags can be given with it.</summary>
    public void Trigger(nuint ident, uint fflags = 0, long data = 0, nint udata = 0) =>
        Change(ident, EVFILT_USER, 0, NOTE_TRIGGER | fflags, data, udata);

    /// <summary>Makes one change that must fail.</summary>
    public void ExpectErrno(Errno error, nuint ident, EventFilter filter, EventFlags flags, uint fflags = 0, long data = 0)
    {
        CallResult result = Call(new KEvent(ident, filter, flags, fflags, data));
        if ((flags & EV_ADD) != 0 && result.Error != error)
            Test.JudgeService(filter, succeeded: result.Count == 0);
        result.MustFail(error);
    }

    /// <summary>A registration must be there: EV_ENABLE finds it.</summary>
    public void ExpectRegistered(nuint ident, EventFilter filter) => Enable(ident, filter);

    /// <summary>A registration must be gone: EV_DELETE does not find it.</summary>
    public void ExpectAbsent(nuint ident, EventFilter filter) => ExpectErrno(Errno.ENOENT, ident, filter, EV_DELETE);

    /// <summary>Makes one change with room for its record, which must come and must carry the errno; None is a receipt.</summary>
    public KEvent ExpectRecord(Errno error, KEvent change)
    {
        KEvent record = Call([change], UsualRoom, KeventTimeout.Zero).MustReturn(1)[0];
        bool isIt = record.IsRecord && record.Data == (long)error
            && record.Ident == change.Ident && record.Filter == change.Filter && record.UData == change.UData;
        return isIt ? record : throw new ClauseFailedException($"the record of {change} was to tell {error}: {record}");
    }

    /// <summary>Takes what is ready now, which may be nothing.</summary>
    public KEvent[] Poll(int room = UsualRoom)
    {
        CallResult result = Call([], room, KeventTimeout.Zero);
        return result.Count >= 0 ? result.Events : throw new ClauseFailedException($"kevent failed: {result}");
    }

    /// <summary>Takes what one call returns; at least one event must come.</summary>
    public KEvent[] Collect(int room = UsualRoom)
    {
        CallResult result = Call([], room, Test.Patience);
        return result.Count > 0 ? result.Events : throw new ClauseFailedException($"no event came: {result}");
    }

    /// <summary>
    /// One call must return one event and no other. What is not given is not compared; of flags, the actions that some
    /// dialects echo are not (CORE-ADD-022).
    /// </summary>
    public KEvent Expect(
        nuint ident, EventFilter filter, EventFlags? flags = null, uint? fflags = null, long? data = null, nint? udata = null)
    {
        KEvent[] events = Collect();
        bool isIt = events.Length == 1
            && events[0].Ident == ident
            && events[0].Filter == filter
            && (flags is null || (events[0].Flags & ~Actions) == flags)
            && (fflags is null || events[0].FFlags == fflags)
            && (data is null || events[0].Data == data)
            && (udata is null || events[0].UData == udata);
        return isIt ? events[0] : throw new ClauseFailedException(
            $"one event was to come: {Wanted(ident, filter, flags, fflags, data, udata)}; there came {Transcript.Text(events)}");
    }

    /// <summary>One call must return events of these idents, in this order.</summary>
    public void ExpectIdents(params ReadOnlySpan<nuint> idents)
    {
        KEvent[] events = Collect();
        if (!idents.SequenceEqual(events.Select(e => e.Ident).ToArray()))
            throw new ClauseFailedException($"events of {string.Join(", ", idents.ToArray())} were to come; there came {Transcript.Text(events)}");
    }

    /// <summary>Nothing must come, neither at once nor in a short wait.</summary>
    public void ExpectNone()
    {
        foreach (KeventTimeout timeout in (KeventTimeout[])[KeventTimeout.Zero, s_moment])
        {
            CallResult result = Call([], UsualRoom, timeout);
            if (result.Count != 0)
                throw new ClauseFailedException($"no event was to come: {result}");
        }
    }

    private static string Wanted(nuint ident, EventFilter filter, EventFlags? flags, uint? fflags, long? data, nint? udata) =>
        $"ident={ident} filter={filter}"
        + (flags is null ? "" : $" flags={flags}")
        + (fflags is null ? "" : $" fflags=0x{fflags:x}")
        + (data is null ? "" : $" data={data}")
        + (udata is null ? "" : $" udata={udata}");
}
