namespace LibKqueueSharp.Kernels;

/// <summary>
/// What a kernel does not tell and some changes depend on: which registrations there are, with their udata. Kept only for kernels without
/// EV_KEEPUDATA, or whose user events are triggered by the EV_ADD that creates them while the dialect's are not.
/// Registrations of closed descriptors stay until the number is used again; they are never asked for, as the kernel answers ENOENT.
/// Any thread may call any member.
/// </summary>
internal sealed class UDataTable
{
    /// <summary>Guarded by itself.</summary>
    private readonly Dictionary<(nuint Ident, EventFilter Filter), Entry> _entries = [];

    /// <summary>How many registrations are known.</summary>
    internal int Count
    {
        get
        {
            lock (_entries)
                return _entries.Count;
        }
    }

    /// <summary>Keeps what a change says.</summary>
    /// <returns>False when it is about a registration that is not known.</returns>
    internal bool Note(in KEvent change)
    {
        lock (_entries)
        {
            if ((change.Flags & EventFlags.Delete) != 0)
                return _entries.Remove((change.Ident, change.Filter));
            bool known = _entries.TryGetValue((change.Ident, change.Filter), out Entry before);
            if (known || (change.Flags & EventFlags.Add) != 0)
                _entries[(change.Ident, change.Filter)] = new(change.UData, known ? before.UData : null);
            return known;
        }
    }

    /// <summary>The last change has failed.</summary>
    internal void TakeBack(nuint ident, EventFilter filter)
    {
        lock (_entries)
        {
            if (!_entries.TryGetValue((ident, filter), out Entry entry))
                return;
            if (entry.Before is { } udata)
                _entries[(ident, filter)] = new(udata, udata);
            else
                _entries.Remove((ident, filter));
        }
    }

    /// <summary>The udata of a registration, 0 for one that is not known, for a change that does not change it: its failure takes nothing back.</summary>
    internal nint Find(nuint ident, EventFilter filter)
    {
        lock (_entries)
        {
            if (!_entries.TryGetValue((ident, filter), out Entry entry))
                return 0;
            _entries[(ident, filter)] = new(entry.UData, entry.UData);
            return entry.UData;
        }
    }

    /// <summary>Forgets a registration that its event has removed, unless there is a new one by now.</summary>
    internal void Forget(nuint ident, EventFilter filter, nint udata)
    {
        lock (_entries)
        {
            if (_entries.TryGetValue((ident, filter), out Entry entry) && entry.UData == udata)
                _entries.Remove((ident, filter));
        }
    }

    /// <param name="UData">What was sent last.</param>
    /// <param name="Before">What it was before that; null for a registration that was new.</param>
    private readonly record struct Entry(nint UData, nint? Before);
}
