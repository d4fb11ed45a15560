namespace LibKqueueSharp.Kernels;

/// <summary>Asks a kernel what its version can do, with a queue of its own that is closed again.</summary>
internal sealed class KernelProbe : IDisposable
{
    private const int UnknownTimerNote = 0x20;

    private static readonly Errno[] s_notServed = [Errno.EINVAL, Errno.ENOTSUP, Errno.ENXIO, Errno.EPERM, Errno.ENODEV];

    private readonly KqueueAbi _abi;
    private readonly KqueueLibrary _library;
    private readonly int _kq;
    private readonly byte[] _buffer;
    private nuint _ident;

    private KernelProbe(KqueueAbi abi, KqueueLibrary library)
    {
        _abi = abi;
        _library = library;
        _buffer = new byte[EventBuffer.SizeOf(EventLayout.WithExtension)];
        _kq = library.Kqueue(out int number);
        Errno error = abi.Errors.FromSystem(number);
        if (_kq < 0)
            throw new KqueueException(error, "kqueue", abi.Errors.Describe(error));
    }

    /// <summary>Asks.</summary>
    /// <exception cref="KqueueException">No queue can be created, or the answers are not those of the ABI (ENOTSUP).</exception>
    internal static KernelTraits Ask(KqueueAbi abi, KqueueLibrary library)
    {
        using KernelProbe probe = new(abi, library);
        KernelTraits traits = new();
        for (EventFilter filter = EventFilter.Read; filter >= EventFilter.Except; filter--)
        {
            if (abi.Filters.Has(filter) && probe.Serves(filter))
                traits = traits.Serving(filter);
        }

        traits = traits with { FollowsForks = traits.Serves(EventFilter.Process) && probe.FollowsForks() };
        if (abi.TimersAreNotFixed)
            traits = traits with { HasFreeBsdNotes = probe.RefusesUnknownTimerNotes() };
        if (!traits.Serves(EventFilter.User))
            return traits;
        if (!probe.AnswersAsExpected())
            throw new KqueueException(Errno.ENOTSUP, $"asking for {abi.Name}", "the answers have another layout or other numbers");
        traits = traits with { TriggersOnAdd = probe.TriggersOnAdd() };
        return abi.HasFlagsOfDarwin ? traits : traits with { KeepsUData = probe.KeepsUData(), ForcesOneShot = probe.ForcesOneShot() };
    }

    public void Dispose() => _library.Close(_kq);

    // An event has to come back with what was sent, and to fill its struct and no more: a library of another ABI would be misunderstood without an error.
    private bool AnswersAsExpected()
    {
        const byte Untouched = 0xa5;
        nint mark = unchecked((nint)0x1122_3344_5566_7788);
        int size = EventBuffer.SizeOf(_abi.Layout);
        Span<byte> room = stackalloc byte[2 * EventBuffer.SizeOf(EventLayout.WithExtension)];
        room.Fill(Untouched);
        _ident++;
        bool triggered = Change(EventFilter.User, EventFlags.Add | EventFlags.Clear, udata: mark) == Errno.None
            && Change(EventFilter.User, EventFlags.None, (uint)UserNotes.Trigger, udata: mark) == Errno.None;
        int count = _library.Kevent(_kq, [], 0, room, 1, KeventTimeout.Zero, out _);
        RawEvent e = EventBuffer.Read(_abi.Layout, room, 0);
        Change(EventFilter.User, EventFlags.Delete);
        return triggered && count == 1
            && (e.Ident, e.Filter, e.UData) == (_ident, _abi.Filters.ToSystem(EventFilter.User), mark)
            && room[(size - sizeof(long))..size].ContainsAnyExcept(Untouched)
            && !room[size..].ContainsAnyExcept(Untouched);
    }

    // A deletion of what is not there: ENOENT or EBADF where there is such a filter.
    private bool Serves(EventFilter filter) => !s_notServed.Contains(Change(filter, EventFlags.Delete));

    private bool FollowsForks()
    {
        _ident = (nuint)Environment.ProcessId;
        bool follows = Change(EventFilter.Process, EventFlags.Add | EventFlags.Disable, (uint)ProcessNotes.Fork) == Errno.None;
        Change(EventFilter.Process, EventFlags.Delete);
        _ident = 0;
        return follows;
    }

    private bool RefusesUnknownTimerNotes() =>
        Change(EventFilter.Timer, EventFlags.Add | EventFlags.Disable, UnknownTimerNote, data: 1_000_000) == Errno.EINVAL;

    private bool TriggersOnAdd()
    {
        _ident++;
        Change(EventFilter.User, EventFlags.Add | EventFlags.OneShot, (uint)UserNotes.Trigger);
        bool triggers = Take() is not null;
        Change(EventFilter.User, EventFlags.Delete);
        return triggers;
    }

    // Kept with the flag, and rewritten without it: a kernel that keeps udata either way knows no such flag.
    private bool KeepsUData()
    {
        _ident++;
        Change(EventFilter.User, EventFlags.Add | EventFlags.Clear, udata: 1);
        Change(EventFilter.User, EventFlags.None, (uint)UserNotes.Trigger, udata: 2);
        bool rewrites = Take()?.UData == 2;
        Change(EventFilter.User, EventFlags.KeepUData, (uint)UserNotes.Trigger, udata: 3);
        bool keeps = Take()?.UData == 2;
        Change(EventFilter.User, EventFlags.Delete);
        return rewrites && keeps;
    }

    private bool ForcesOneShot()
    {
        _ident++;
        Change(EventFilter.User, EventFlags.Add);
        Change(EventFilter.User, EventFlags.ForceOneShot);
        bool forces = Take() is not null;
        Change(EventFilter.User, EventFlags.Delete);
        return forces;
    }

    private Errno Change(EventFilter filter, EventFlags flags, uint notes = 0, long data = 0, nint udata = 0)
    {
        EventBuffer.Write(_abi.Layout, _buffer, 0, new()
        {
            Ident = _ident,
            Filter = _abi.Filters.ToSystem(filter),
            Flags = (uint)flags,
            FFlags = notes,
            Data = data,
            UData = udata,
        });
        return _library.Kevent(_kq, _buffer, 1, [], 0, KeventTimeout.Zero, out int number) < 0 ? _abi.Errors.FromSystem(number) : Errno.None;
    }

    private RawEvent? Take() =>
        _library.Kevent(_kq, [], 0, _buffer, 1, KeventTimeout.Zero, out _) == 1 ? EventBuffer.Read(_abi.Layout, _buffer, 0) : null;
}
